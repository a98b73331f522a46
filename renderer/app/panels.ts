// The panels of the workbench and where they stand at first.

import type { DockviewApi, VueComponent } from 'dockview-vue';
import { defineComponent, h, inject, type InjectionKey } from 'vue';
import type { RunRecord } from '../../electron/ipc';
import { ComparePanel } from '../compare';
import { ChartsPanel } from '../run';
import { RunsPanel } from '../runs';
import { PacketsPanel } from '../packets';
import { ScriptsPanel } from '../scripts';
import { MachinesPanel, TimelinePanel } from '../timeline';
import { InspectorPanel, ProblemsPanel, TopologyPanel } from '../topology';

/** What panels ask of the shell. */
export interface Shell {
  readonly openScenario: (text: string, name: string) => void;
  /** Opens a stored run's scenario and runs it, with its seed or another. */
  readonly runAgain: (text: string, name: string, seed: number | undefined) => void;
  readonly figure: (record: RunRecord) => void;
}

export const SHELL: InjectionKey<Shell> = Symbol('shell');

interface PanelPlace {
  readonly id: string;
  readonly title: string;
  /** Shortcut, which the application's menu owns. */
  readonly keys?: string;
  /** Stands with this panel (as a tab), or beside it. */
  readonly beside?: { readonly panel: string; readonly direction: 'within' | 'right' | 'below' };
  readonly width?: number;
  readonly height?: number;
}

export const PANELS: readonly PanelPlace[] = [
  { id: 'topology', title: 'Topology' },
  { id: 'inspector', title: 'Inspector', beside: { panel: 'topology', direction: 'right' }, width: 320 },
  { id: 'charts', title: 'Charts', beside: { panel: 'topology', direction: 'below' }, height: 360 },
  { id: 'timeline', title: 'Timeline', beside: { panel: 'charts', direction: 'within' } },
  { id: 'packets', title: 'Packets', keys: 'Ctrl Shift L', beside: { panel: 'charts', direction: 'within' } },
  { id: 'machines', title: 'Machines', beside: { panel: 'charts', direction: 'within' } },
  { id: 'runs', title: 'Runs', beside: { panel: 'charts', direction: 'within' } },
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
      });
  },
});

/** Dockview's type of a component is narrower than Vue's own; any component will do. */
export const panelComponents = {
  topology: TopologyPanel,
  inspector: InspectorPanel,
  charts: ChartsPanel,
  timeline: TimelinePanel,
  packets: PacketsPanel,
  machines: MachinesPanel,
  runs: LibraryPanel,
  compare: ComparePanel,
  scripts: ScriptsPanel,
  problems: ProblemsPanel,
} as unknown as Record<string, VueComponent>;

/** Adds panels that are not there, where they belong. */
export function placePanels(api: DockviewApi, ids: readonly string[] = PANELS.map(({ id }) => id)): void {
  for (const panel of PANELS.filter(({ id }) => ids.includes(id) && api.getPanel(id) === undefined)) {
    const { beside } = panel;
    const reference = beside === undefined ? undefined : api.getPanel(beside.panel);
    api.addPanel({
      id: panel.id,
      component: panel.id,
      title: panel.title,
      ...(reference === undefined || beside === undefined
        ? {}
        : { position: { referencePanel: reference, direction: beside.direction } }),
      ...(panel.width === undefined ? {} : { initialWidth: panel.width }),
      ...(panel.height === undefined ? {} : { initialHeight: panel.height }),
    });
  }
  if (ids.includes('charts')) api.getPanel('charts')?.api.setActive();
}
