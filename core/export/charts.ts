// The figures that a run can be asked for: which probes each shows, and how its axis is called.

import type { SeriesData } from '../measure';
import type { FigureSpec } from './figure';

export interface ChartInfo {
  readonly id: string;
  readonly title: string;
  readonly yLabel: string;
  /** Last parts of the names of probes that it shows. */
  readonly fields: readonly string[];
  readonly step: boolean;
}

export const CHARTS: readonly ChartInfo[] = [
  { id: 'cwnd', title: 'Congestion window', yLabel: 'Congestion window', fields: ['cwnd'], step: true },
  { id: 'ssthresh', title: 'Slow-start threshold', yLabel: 'ssthresh', fields: ['ssthresh'], step: true },
  { id: 'inflight', title: 'Data in flight', yLabel: 'In flight', fields: ['inflight'], step: true },
  { id: 'rtt', title: 'Round-trip time', yLabel: 'Smoothed RTT', fields: ['srtt'], step: true },
  { id: 'rto', title: 'Retransmission timeout', yLabel: 'RTO', fields: ['rto'], step: true },
  {
    id: 'throughput',
    title: 'Throughput',
    yLabel: 'Throughput',
    fields: ['throughput', 'reverse-throughput'],
    step: false,
  },
  { id: 'queue', title: 'Queue', yLabel: 'Waiting packets', fields: ['queue', 'reverse-queue'], step: true },
  { id: 'drops', title: 'Drops', yLabel: 'Packets dropped', fields: ['drops', 'reverse-drops'], step: true },
  { id: 'sequence', title: 'Sequence numbers', yLabel: 'Sequence number', fields: ['sequence', 'acked'], step: true },
];

/** The chart of this id, or undefined. */
export function chartById(id: string): ChartInfo | undefined {
  return CHARTS.find((chart) => chart.id === id);
}

/** Series of a run that belong to a chart and hold anything. */
export function seriesOf<S extends SeriesData>(chart: ChartInfo, all: readonly S[]): S[] {
  return all.filter(({ name, length }) => length > 0 && chart.fields.includes(name.slice(name.lastIndexOf('/') + 1)));
}

/** Series of links that never rose above zero tell nothing beside others that did. */
function interesting(series: readonly SeriesData[]): SeriesData[] {
  const moving = series.filter(({ values, length }) => {
    for (let i = 0; i < length; i += 1) if (values[i] !== 0) return true;
    return false;
  });
  return moving.length === 0 ? [...series] : moving;
}

/** The figure of a chart from a run's series; undefined if the run recorded nothing that it shows. */
export function chartFigure(chart: ChartInfo, all: readonly SeriesData[], durationNs: number): FigureSpec | undefined {
  const series = interesting(seriesOf(chart, all));
  const [first] = series;
  if (first === undefined) return undefined;
  return {
    xLabel: 'Time',
    yLabel: chart.yLabel,
    yUnit: first.unit,
    lines: series.map((data) => ({ label: labelOf(data.name, chart), data, step: chart.step })),
    fromNs: 0,
    toNs: durationNs,
  };
}

/** `f1` of `flow/f1/cwnd`; the field too where a chart shows several. */
function labelOf(name: string, chart: ChartInfo): string {
  const [, member = name, field = ''] = name.split('/');
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
