// The panels of the workbench and where they stand at first.

import type { DockviewApi, VueComponent } from 'dockview-vue';
import { defineComponent, type FunctionalComponent, h, inject, type InjectionKey } from 'vue';
import type { RunRecord } from '../../electron/ipc';
import { ClassPanel, GuidePanel, LabsPanel, type Workbench } from '../labs';
import { ExperimentsPanel } from '../experiments';
import { ComparePanel } from '../compare';
import { ChartsPanel } from '../run';
import { RunsPanel } from '../runs';
import { PacketsPanel } from '../packets';
import { ScriptsPanel } from '../scripts';
import { MachinesPanel, TimelinePanel } from '../timeline';
import { InspectorPanel, ProblemsPanel, TopologyPanel } from '../topology';

/** What panels ask of the shell. */
export interface Shell {
  readonly openScenario: (text: string, name: string) => boolean;
  /** Opens a stored run's scenario and runs it, with its seed or another. */
  readonly runAgain: (text: string, name: string, seed: number | undefined) => void;
  readonly figure: (record: RunRecord) => void;
  /** Brings a guided lab's first page, or the one that is worked at, to the side. */
  readonly guide: (id: string | undefined) => void;
  readonly workbench: Workbench;
  /** Shows an experiment of the library. */
  readonly experiment: (runId: string) => void;
}

export const SHELL: InjectionKey<Shell> = Symbol('shell');

interface PanelPlace {
  readonly id: string;
  readonly title: string;
  /** Shortcut, which the application's menu owns. */
  readonly keys?: string;
  /** Stands with this panel (as a tab), or beside it. */
  readonly beside?: { readonly panel: string; readonly direction: 'within' | 'right' | 'below' };
  /** Stands at this edge of all panels, as high as they are. */
  readonly edge?: 'left';
  readonly width?: number;
  readonly height?: number;
  /** Is not there until it is asked for. */
  readonly later?: true;
}

export const PANELS: readonly PanelPlace[] = [
  { id: 'topology', title: 'Topology' },
  { id: 'inspector', title: 'Inspector', beside: { panel: 'topology', direction: 'right' }, width: 320 },
  { id: 'charts', title: 'Charts', beside: { panel: 'topology', direction: 'below' }, height: 360 },
  { id: 'timeline', title: 'Timeline', beside: { panel: 'charts', direction: 'within' } },
  { id: 'packets', title: 'Packets', keys: 'Ctrl Shift L', beside: { panel: 'charts', direction: 'within' } },
  { id: 'machines', title: 'Machines', beside: { panel: 'charts', direction: 'within' } },
  { id: 'experiments', title: 'Experiments', keys: 'Ctrl Shift X', beside: { panel: 'charts', direction: 'within' } },
  { id: 'runs', title: 'Runs', beside: { panel: 'charts', direction: 'within' } },
  { id: 'labs', title: 'Labs', keys: 'Ctrl L', beside: { panel: 'charts', direction: 'within' } },
  { id: 'guide', title: 'Guided lab', edge: 'left', width: 430, later: true },
  { id: 'class', title: 'Class', beside: { panel: 'charts', direction: 'within' }, later: true },
  { id: 'compare', title: 'Compare', keys: 'Ctrl Shift D', beside: { panel: 'charts', direction: 'within' } },
  { id: 'scripts', title: 'Scripts', beside: { panel: 'charts', direction: 'within' } },
  { id: 'problems', title: 'Problems', beside: { panel: 'charts', direction: 'within' } },
];

const LibraryPanel = defineComponent({
  name: 'LibraryPanel',
  setup() {
    const shell = inject(SHELL);
    return () =>
      h(RunsPanel, {
        onOpenScenario: (text: string, name: string) => shell?.openScenario(text, name),
        onRunAgain: (text: string, name: string, seed: number | undefined) => shell?.runAgain(text, name, seed),
        onFigure: (record: RunRecord) => shell?.figure(record),
        onExperiment: (runId: string) => shell?.experiment(runId),
      });
  },
});

const CataloguePanel: FunctionalComponent = () => {
  const shell = inject(SHELL);
  return h(LabsPanel, {
    onOpenScenario: (text: string, name: string) => shell?.openScenario(text, name),
    onGuide: (id: string) => shell?.guide(id),
  });
};
const BesidePanel: FunctionalComponent = () => h(GuidePanel, { workbench: inject(SHELL)!.workbench });
const TeacherPanel: FunctionalComponent = () => {
  const shell = inject(SHELL);
  return h(ClassPanel, { onGuide: () => shell?.guide(undefined) });
};
const PlansPanel = () => {
  const shell = inject(SHELL);
  return h(ExperimentsPanel, {
    openScenario: (text: string, name: string) => shell?.openScenario(text, name) ?? false,
  });
};

/** Dockview's type of a component is narrower than Vue's own; any component will do. */
export const panelComponents = {
  topology: TopologyPanel,
  inspector: InspectorPanel,
  charts: ChartsPanel,
  timeline: TimelinePanel,
  packets: PacketsPanel,
  machines: MachinesPanel,
  experiments: PlansPanel,
  runs: LibraryPanel,
  labs: CataloguePanel,
  guide: BesidePanel,
  class: TeacherPanel,
  compare: ComparePanel,
  scripts: ScriptsPanel,
  problems: ProblemsPanel,
} as unknown as Record<string, VueComponent>;

const STANDARD = PANELS.filter(({ later }) => later !== true).map(({ id }) => id);

/** Adds panels that are not there, where they belong. */
export function placePanels(api: DockviewApi, ids: readonly string[] = STANDARD): void {
  for (const panel of PANELS.filter(({ id }) => ids.includes(id) && api.getPanel(id) === undefined)) {
    const { beside, edge } = panel;
    const reference = beside === undefined ? undefined : api.getPanel(beside.panel);
    api.addPanel({
      id: panel.id,
      component: panel.id,
      title: panel.title,
      ...(reference === undefined || beside === undefined
        ? {}
        : { position: { referencePanel: reference, direction: beside.direction } }),
      ...(edge === undefined ? {} : { position: { direction: edge } }),
      ...(panel.width === undefined ? {} : { initialWidth: panel.width }),
      ...(panel.height === undefined ? {} : { initialHeight: panel.height }),
    });
  }
  if (ids.includes('charts')) api.getPanel('charts')?.api.setActive();
}
