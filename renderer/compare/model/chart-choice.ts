// Which charts there are for some runs, and the lines of one: those of a kind that the program knows, or of a single probe.

import { chartById, type ChartInfo, CHARTS, partsOf, seriesOf, shapeOf } from '../../../core/export';
import type { SeriesData } from '../../../core/measure';

/** Charts that are shown at first, as far as runs have recorded something for them. */
const FIRST = ['cwnd', 'throughput', 'queue', 'rtt', 'cpu', 'messages', 'collisions', 'retransmits'];
const FIRST_MAX = 4;
const LINES_MAX = 24;

export interface ChartChoice {
  /** Of a chart, or the name of a probe. */
  readonly id: string;
  readonly title: string;
}

/** All that these runs have something for: charts first, then probes by name. */
export function choicesFor(runs: readonly (readonly SeriesData[])[]): ChartChoice[] {
  const charts = CHARTS.filter((chart) => runs.some((series) => seriesOf(chart, series).length > 0));
  const probes = [...new Set(runs.flatMap((series) => series.map(({ name }) => name)))].sort();
  return [...charts.map(({ id, title }) => ({ id, title })), ...probes.map((name) => ({ id: name, title: name }))];
}

export function firstChoice(choices: readonly ChartChoice[]): string[] {
  const known = new Set(choices.map(({ id }) => id));
  const first = FIRST.filter((id) => known.has(id));
  return (first.length > 0 ? first : choices.map(({ id }) => id)).slice(0, FIRST_MAX);
}

/** What a person typed: the id or title of a choice, in any case. */
export function chosenBy(text: string, choices: readonly ChartChoice[]): ChartChoice | undefined {
  const wanted = text.trim().toLowerCase();
  return choices.find(({ id, title }) => id.toLowerCase() === wanted || title.toLowerCase() === wanted);
}

/** A probe by itself is a chart of one field. */
export function chartOf(id: string): ChartInfo {
  const known = chartById(id);
  if (known !== undefined) return known;
  const { field } = partsOf(id);
  const shape = CHARTS.find(({ fields }) => fields.includes(field))?.shape ?? 'step';
  return { id, title: id, yLabel: id, fields: [field], shape };
}

/** Series of a run that a chart shows, each with what it is about. */
export function linesOf(
  id: string,
  series: readonly SeriesData[],
): { member: string; data: SeriesData; shape: ReturnType<typeof shapeOf> }[] {
  const chart = chartOf(id);
  const mine = chartById(id) === undefined ? series.filter(({ name }) => name === id) : seriesOf(chart, series);
  return mine.slice(0, LINES_MAX).map((data) => {
    const { member, field } = partsOf(data.name);
    const isMain = chart.fields.length === 1 || field === chart.fields[0];
    return { member: isMain ? member : `${member} ${field}`, data, shape: shapeOf(chart, data.name) };
  });
}
