// The figures that a run can be asked for: which probes each shows, and how its axis is called.

import type { SeriesData } from '../measure';
import { RETRANSMISSION_CAUSES } from '../scenario';
import type { FigureLine, FigureSpec, LineShape } from './figure';

export interface ChartInfo {
  readonly id: string;
  readonly title: string;
  readonly yLabel: string;
  /** Last parts of the names of probes that it shows. */
  readonly fields: readonly string[];
  /** First part of their names, where fields of several families are called alike. */
  readonly family?: string;
  /** How its lines run between samples. */
  readonly shape: 'step' | 'slope';
}

/** Series that mark single retransmissions have names that begin so, and are drawn as points. */
const MARKS = 'rtx-';

/** How a series of a chart is drawn. */
export function shapeOf(chart: ChartInfo, name: string): LineShape {
  return name.slice(name.lastIndexOf('/') + 1).startsWith(MARKS) ? 'points' : chart.shape;
}

export const CHARTS: readonly ChartInfo[] = [
  { id: 'cwnd', title: 'Congestion window', yLabel: 'Congestion window', fields: ['cwnd'], shape: 'step' },
  { id: 'ssthresh', title: 'Slow-start threshold', yLabel: 'ssthresh', fields: ['ssthresh'], shape: 'step' },
  { id: 'inflight', title: 'Data in flight', yLabel: 'In flight', fields: ['inflight'], shape: 'step' },
  { id: 'rtt', title: 'Round-trip time', yLabel: 'Smoothed RTT', fields: ['srtt'], shape: 'step' },
  { id: 'rto', title: 'Retransmission timeout', yLabel: 'RTO', fields: ['rto'], shape: 'step' },
  {
    id: 'throughput',
    title: 'Throughput',
    yLabel: 'Throughput',
    fields: ['throughput', 'reverse-throughput'],
    shape: 'slope',
  },
  { id: 'queue', title: 'Queue', yLabel: 'Waiting packets', fields: ['queue', 'reverse-queue'], shape: 'step' },
  { id: 'drops', title: 'Drops', yLabel: 'Packets dropped', fields: ['drops', 'reverse-drops'], shape: 'step' },
  {
    id: 'sequence',
    title: 'Time and sequence',
    yLabel: 'Sequence number',
    fields: ['sequence', 'acked', ...RETRANSMISSION_CAUSES.map((cause) => `${MARKS}${cause}`)],
    shape: 'step',
  },
  {
    id: 'retransmits',
    title: 'Retransmissions',
    yLabel: 'Segments sent again',
    fields: ['retransmits', ...RETRANSMISSION_CAUSES.map((cause) => `retransmits-${cause}`), 'spurious'],
    shape: 'step',
  },
  { id: 'urgent', title: 'Urgent data', yLabel: 'Urgent data ahead', fields: ['urgent'], shape: 'step' },
  { id: 'cpu', title: 'CPUs', yLabel: 'Busy', family: 'cpu', fields: ['busy', 'contested'], shape: 'slope' },
  { id: 'threads', title: 'CPU time by thread', yLabel: 'CPU', family: 'thread', fields: ['busy'], shape: 'slope' },
  {
    id: 'messages',
    title: 'Messages and IPIs',
    yLabel: 'Per second',
    family: 'cpu',
    fields: ['messages', 'ipis', 'ipi-interrupts'],
    shape: 'slope',
  },
  {
    id: 'scheduling',
    title: 'Switches and interrupts',
    yLabel: 'Per second',
    family: 'cpu',
    fields: ['switches', 'interrupts', 'preemptions', 'migrations'],
    shape: 'slope',
  },
  { id: 'ports', title: 'Waiting messages', yLabel: 'Messages', family: 'thread', fields: ['waiting'], shape: 'step' },
  { id: 'held', title: 'Tokens and locks held', yLabel: 'Held', family: 'sync', fields: ['held'], shape: 'slope' },
  {
    id: 'collisions',
    title: 'Tokens and locks contended',
    yLabel: 'Per second',
    family: 'sync',
    fields: ['collisions'],
    shape: 'slope',
  },
  { id: 'bus', title: 'I/O bus', yLabel: 'Busy', family: 'bus', fields: ['bus-busy'], shape: 'slope' },
  {
    id: 'nic',
    title: 'Frames, DMA and interrupts',
    yLabel: 'Per second',
    family: 'nic',
    fields: ['frames-out', 'frames-in', 'dma', 'nic-interrupts', 'doorbells', 'bursts'],
    shape: 'slope',
  },
  {
    id: 'rings',
    title: 'Rings and queues of interfaces',
    yLabel: 'Waiting packets',
    family: 'nic',
    fields: ['ring', 'send-queue'],
    shape: 'step',
  },
  {
    id: 'stack',
    title: 'Stack: packets, hops, cache lines',
    yLabel: 'Per second',
    family: 'stack',
    fields: ['packets', 'hops', 'requeued', 'lines'],
    shape: 'slope',
  },
];

/** The chart of this id, or undefined. */
export function chartById(id: string): ChartInfo | undefined {
  return CHARTS.find((chart) => chart.id === id);
}

/** What a probe is about, and which field of it: `web/0` and `busy` of `cpu/web/0/busy`. */
export function partsOf(name: string): { member: string; field: string } {
  const last = name.lastIndexOf('/');
  return { member: name.slice(name.indexOf('/') + 1, last), field: name.slice(last + 1) };
}

/** Series of a run that belong to a chart and hold anything. */
export function seriesOf<S extends SeriesData>(chart: ChartInfo, all: readonly S[]): S[] {
  const { family = '', fields } = chart;
  return all.filter(
    ({ name, length }) => length > 0 && name.startsWith(family) && fields.includes(partsOf(name).field),
  );
}

/** Series of links that never rose above zero tell nothing beside others that did. */
function interesting(series: readonly SeriesData[]): SeriesData[] {
  const moving = series.filter(({ values, length }) => {
    for (let i = 0; i < length; i += 1) if (values[i] !== 0) return true;
    return false;
  });
  return moving.length === 0 ? [...series] : moving;
}

/** What one run gives to a figure. */
export interface FigureRun {
  /** Stands behind the names of its lines when the figure shows several runs. */
  readonly label: string;
  readonly series: readonly SeriesData[];
  readonly durationNs: number;
}

/**
 * The figure of a chart from one run, or from several over each other: then a flow or link has one colour, and
 * each run its dashes. Undefined if no run recorded anything that the chart shows.
 */
export function chartFigure(chart: ChartInfo, runs: readonly FigureRun[]): FigureSpec | undefined {
  const members: string[] = [];
  const several = runs.length > 1;
  let yUnit: string | undefined;
  const lines = runs.flatMap(({ label, series }, run) =>
    interesting(seriesOf(chart, series)).map((data): FigureLine => {
      yUnit ??= data.unit;
      const member = labelOf(data.name, chart);
      if (!members.includes(member)) members.push(member);
      const line = { label: several ? `${member}, ${label}` : member, data, shape: shapeOf(chart, data.name) };
      return several ? { ...line, look: { colour: members.indexOf(member), dash: run } } : line;
    }),
  );
  if (yUnit === undefined) return undefined;
  return {
    xLabel: 'Time',
    yLabel: chart.yLabel,
    yUnit,
    lines,
    fromNs: 0,
    toNs: Math.max(...runs.map(({ durationNs }) => durationNs)),
  };
}

/** `f1` of `flow/f1/cwnd`; the field too where a chart shows several. */
function labelOf(name: string, chart: ChartInfo): string {
  const { member, field } = partsOf(name);
  return chart.fields.length > 1 && field !== chart.fields[0] ? `${member} ${field}` : member;
}

/** A figure's data as CSV: exactly the samples that lie in its range. */
export function figureCsv(spec: FigureSpec): string {
  const rows = ['line,time_s,value'];
  for (const { label, data } of spec.lines) {
    for (let i = 0; i < data.length; i += 1) {
      const time = data.times[i]!;
      if (time >= spec.fromNs && time <= spec.toNs)
        rows.push(`"${label.replaceAll('"', '""')}",${String(time / 1e9)},${String(data.values[i])}`);
    }
  }
  return `${rows.join('\n')}\n`;
}
