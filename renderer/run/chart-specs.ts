// The live charts: which probes each shows, and which of them are watched without being asked for.

import { CHARTS, type ChartInfo } from '../../core/export';
import { RETRANSMISSION_CAUSES, type StackMembers } from '../../core/scenario';

/** Flows and links watched from the start; others are added by name. */
export const FLOWS_WATCHED = 8;
export const LINKS_WATCHED = 6;

const SHOWN = [
  'cwnd',
  'throughput',
  'queue',
  'rtt',
  'inflight',
  'drops',
  'sequence',
  'retransmits',
  'urgent',
  'cpu',
  'threads',
  'messages',
  'scheduling',
  'ports',
  'held',
  'collisions',
  'bus',
  'nic',
  'rings',
  'stack',
];

export const LIVE_CHARTS: readonly ChartInfo[] = SHOWN.map((id) => CHARTS.find((chart) => chart.id === id)!);

const TIME_SEQUENCE_FIELDS = [
  'sequence',
  'acked',
  'spurious',
  ...RETRANSMISSION_CAUSES.flatMap((cause) => [`rtx-${cause}`, `retransmits-${cause}`]),
];

/** Members of machines watched from the start. */
const CPUS_WATCHED = 8;
const THREADS_WATCHED = 12;
const SYNCS_WATCHED = 8;
const NICS_WATCHED = 4;
const STACKS_WATCHED = 4;

/** Probe names that the charts of a scenario with machines begin with. */
export function startingMachineProbes(
  cpus: readonly string[],
  threads: readonly string[],
  syncs: readonly string[],
): string[] {
  const fields = ['busy', 'contested', 'messages', 'ipis', 'ipi-interrupts', 'switches', 'interrupts', 'preemptions'];
  return [
    ...cpus.slice(0, CPUS_WATCHED).flatMap((cpu) => fields.map((field) => `cpu/${cpu}/${field}`)),
    ...threads.slice(0, THREADS_WATCHED).flatMap((name) => [`thread/${name}/busy`, `thread/${name}/waiting`]),
    ...syncs.slice(0, SYNCS_WATCHED).flatMap((name) => [`sync/${name}/held`, `sync/${name}/collisions`]),
  ];
}

/** Probe names that the charts of a scenario begin with whose hosts' network stacks run on CPUs. */
export function startingStackProbes({ thread, sync, nic, stack }: StackMembers): string[] {
  const hosts = stack.slice(0, STACKS_WATCHED);
  return [
    ...startingMachineProbes([], thread, sync),
    ...nic
      .slice(0, NICS_WATCHED)
      .flatMap((name) =>
        ['frames-out', 'frames-in', 'dma', 'nic-interrupts', 'ring'].map((field) => `nic/${name}/${field}`),
      ),
    ...hosts.map((name) => `bus/${name}/bus-busy`),
    ...hosts.flatMap((name) => ['packets', 'hops', 'lines'].map((field) => `stack/${name}/${field}`)),
  ];
}

/** Probe names that a scenario's charts begin with. */
export function startingProbes(flows: readonly string[], links: readonly { id: string; rank: number }[]): string[] {
  const slowest = [...links].sort((a, b) => a.rank - b.rank).slice(0, LINKS_WATCHED);
  return [
    ...flows
      .slice(0, FLOWS_WATCHED)
      .flatMap((id) => ['cwnd', 'ssthresh', 'inflight', 'srtt', 'throughput'].map((field) => `flow/${id}/${field}`)),
    ...flows.slice(0, FLOWS_WATCHED).map((id) => `flow/${id}/retransmits`),
    // Sequence numbers and causes of many flows in one picture would hide each other.
    ...flows.slice(0, 1).flatMap((id) => TIME_SEQUENCE_FIELDS.map((field) => `flow/${id}/${field}`)),
    ...slowest.flatMap(({ id }) => [`link/${id}/queue`, `link/${id}/drops`]),
  ];
}

export const LINE_COLOURS = {
  light: ['#0072b2', '#d55e00', '#009e73', '#a8327d', '#b07a00', '#2b8fc4', '#333333', '#7f7f7f'],
  dark: ['#56b4e9', '#ff9a4d', '#3fd0a0', '#e59ac6', '#f2c230', '#8fd3ff', '#f0f0f0', '#a8a8a8'],
} as const;
const DASHES = [[], [5, 3], [1.5, 2], [8, 2, 2, 2]];

/** How the line of a chart's nth member in the nth run looks: colour tells members apart, dashes runs. */
export function lineLook(member: number, run: number, dark: boolean): { colour: string; dash: readonly number[] } {
  const colours = dark ? LINE_COLOURS.dark : LINE_COLOURS.light;
  return { colour: colours[member % colours.length]!, dash: DASHES[run % DASHES.length]! };
}
