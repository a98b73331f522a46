// The commands of the shell: what menus, shortcuts and the palette carry out.

import { usePlan } from '../experiments';
import { useRuns } from '../run';
import { register, toggleTheme } from '../shared';
import { useDocument } from '../topology';
import type { useDock } from './dock';
import { PANELS } from './panels';
import type { useSession } from './session';

/** What the shell opens and shows. */
interface Opens {
  readonly openBundle: () => void;
  readonly openScript: () => void;
  readonly openFigure: () => void;
  readonly openPalette: () => void;
  readonly showAbout: () => void;
  readonly openLab: () => void;
  readonly openGuide: () => void;
  readonly askWhy: () => void;
}

export function registerCommands(
  session: ReturnType<typeof useSession>,
  dock: ReturnType<typeof useDock>,
  opens: Opens,
): void {
  const store = useDocument();
  const runs = useRuns();
  const plan = usePlan();
  const canRun = (): boolean => store.isOpen && store.problems.length === 0;
  /** What undo is about: the plan while its panel is in front, else the scenario. */
  function edited(): Pick<typeof store, 'undoLabel' | 'redoLabel' | 'undo' | 'redo'> {
    return dock.front() === 'experiments' ? plan : store;
  }

  register(
    { id: 'file.new', title: 'New scenario', keys: 'Ctrl N', run: session.create },
    { id: 'file.open', title: 'Open scenario…', keys: 'Ctrl O', run: () => void session.openFile() },
    { id: 'file.import', title: 'Import capture…', run: () => void session.importCapture() },
    { id: 'bundle.open', title: 'Open bundle of runs…', run: opens.openBundle },
    { id: 'script.open', title: 'Open packetdrill script…', run: opens.openScript },
    {
      id: 'file.save',
      title: 'Save scenario',
      keys: 'Ctrl S',
      enabled: () => store.isOpen,
      run: () => void session.save(false),
    },
    {
      id: 'file.saveAs',
      title: 'Save scenario as…',
      keys: 'Ctrl Shift S',
      enabled: () => store.isOpen,
      run: () => void session.save(true),
    },
    {
      id: 'edit.undo',
      title: 'Undo',
      keys: 'Ctrl Z',
      enabled: () => edited().undoLabel !== undefined,
      run: () => edited().undo(),
    },
    {
      id: 'edit.redo',
      title: 'Redo',
      keys: 'Ctrl Shift Z',
      enabled: () => edited().redoLabel !== undefined,
      run: () => edited().redo(),
    },
    {
      id: 'run.start',
      title: 'Run',
      keys: 'F5',
      enabled: () => canRun() && !runs.isActive,
      run: () => void session.run(),
    },
    { id: 'run.toggle', title: 'Pause or resume', keys: 'F6', enabled: () => runs.isActive, run: runs.toggle },
    {
      id: 'run.step',
      title: 'Step one event',
      keys: 'F10',
      enabled: () => runs.isActive,
      run: () => runs.command({ type: 'step', unit: 'event', count: 1 }),
    },
    {
      id: 'run.stop',
      title: 'Stop',
      keys: 'Shift F5',
      enabled: () => runs.isActive,
      run: () => runs.command({ type: 'stop' }),
    },
    {
      id: 'figure.open',
      title: 'Export figure…',
      keys: 'Ctrl E',
      enabled: () => runs.records.length > 0,
      run: opens.openFigure,
    },
    {
      id: 'app.palette',
      title: 'Command palette',
      keys: 'Ctrl K',
      run: opens.openPalette,
    },
    { id: 'app.theme', title: 'Switch between light and dark', run: toggleTheme },
    { id: 'app.maximize', title: 'Maximise panel, or back', keys: 'Ctrl Shift M', run: dock.toggleMaximized },
    { id: 'app.resetLayout', title: 'Restore panels', run: dock.reset },
    {
      id: 'app.start',
      title: 'Show start page',
      run: () => {
        dock.startShown.value = true;
      },
    },
    { id: 'app.about', title: 'About Odonata', run: opens.showAbout },
    { id: 'labs.open', title: 'Catalogue of labs', run: opens.openLab },
    { id: 'guide.open', title: 'Guided labs', run: opens.openGuide },
    { id: 'class.open', title: 'Class: marks, and labs of your own', run: () => dock.showLarge('class') },
    { id: 'packets.why', title: 'Why was this sent?', keys: 'Ctrl Shift Y', run: opens.askWhy },
    ...PANELS.map(({ id, title, keys: shortcut }) => ({
      id: `panel.${id}`,
      title: `Show ${title.toLowerCase()}`,
      ...(shortcut === undefined ? {} : { keys: shortcut }),
      run: () => dock.show(id),
    })),
  );
}
