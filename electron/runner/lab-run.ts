// A lab in a process of its own: measures its plan, tells each measurement as it comes, and at the end leaves tables, figures with
// confidence intervals, checks, and the section of the report.

import { type Interval, meanInterval } from '../../core/experiment';
import { type FigureLine, type FigureSpec, renderFigure } from '../../core/export';
import {
  forecastSeconds,
  type Lab,
  LAB_COSTS,
  type LabChart,
  labCsv,
  labFigures,
  type LabResult,
  labSection,
  LABS,
  referenceCsv,
  runLab,
} from '../../core/labs';
import type { LabMeasurement, LabOutcome } from '../ipc';

export interface LabJob {
  readonly type: 'lab';
  readonly id: string;
  readonly quick: boolean;
  /** Seeds 1 to this, instead of as many as the lab plans. */
  readonly replications?: number;
}

export type LabReport =
  | {
      readonly type: 'progress';
      readonly done: number;
      readonly all: number;
      readonly leftSeconds: number | undefined;
      readonly measured: readonly LabMeasurement[];
    }
  | { readonly type: 'done'; readonly outcome: LabOutcome }
  | { readonly type: 'failed'; readonly reason: string };

const CONFIDENCE = 0.95;
/** Least wall time between reports. */
const REPORT_MS = 100;

export function carryOutLab(job: LabJob, tell: (report: LabReport) => void): void {
  const planned = LABS.find(({ id }) => id === job.id);
  if (planned === undefined) {
    tell({ type: 'failed', reason: `there is no lab "${job.id}"` });
    return;
  }
  try {
    tell({ type: 'done', outcome: measured(planned, job, tell) });
  } catch (error) {
    tell({ type: 'failed', reason: error instanceof Error ? error.message : String(error) });
  }
}

function measured(planned: Lab, { quick, replications }: LabJob, tell: (report: LabReport) => void): LabOutcome {
  const startedAt = performance.now();
  const seeds = replications ?? (quick ? planned.replications.quick : planned.replications.full);
  let lately: LabMeasurement[] = [];
  let toldAt = startedAt;
  const lab: Lab = {
    ...planned,
    replications: { quick: seeds, full: seeds },
    measure: (point, setting) => {
      const values = planned.measure(point, setting);
      lately.push({ point, seed: setting.seed, values });
      return values;
    },
  };
  const result = runLab(lab, quick, (done, all) => {
    const now = performance.now();
    if (now - toldAt < REPORT_MS && done < all) return;
    toldAt = now;
    const leftSeconds = leftOf(planned, quick && replications === undefined, done, all, (now - startedAt) / 1000);
    tell({ type: 'progress', done, all, leftSeconds, measured: lately });
    lately = [];
  });
  return outcomeOf(result, seeds, replications, (performance.now() - startedAt) / 1000);
}

/** What is left, as far as one can tell: by what the first measurements of a full plan took, else by what has been done. */
function leftOf(lab: Lab, quick: boolean, done: number, all: number, seconds: number): number | undefined {
  const cost = LAB_COSTS[lab.id];
  if (!quick && cost !== undefined && done === cost.first.measurements)
    return Math.max(0, forecastSeconds(lab.id, done, seconds, all) - seconds);
  return done < 2 ? undefined : (seconds * (all - done)) / done;
}

function outcomeOf(result: LabResult, seeds: number, replications: number | undefined, seconds: number): LabOutcome {
  const { lab, quick } = result;
  const command = `odonata lab run ${lab.id}${quick ? ' --quick' : ''}`;
  const section = labSection(result, [
    ['Repeat with', replications === undefined ? command : `${command}, with seeds 1 to ${String(seeds)}`],
    ['Took', `${seconds.toFixed(1)} s`],
  ]);
  const figures = labFigures(result).map((figure, index) => withIntervals(figure, result, index === 0));
  return {
    id: lab.id,
    quick,
    seeds,
    seconds,
    pass: result.pass,
    section: {
      ...section,
      figures: section.figures.map((figure, index) => {
        const { widthMm, heightMm } = figure;
        const preset = { name: 'report', widthMm, heightMm, fontPt: 8.5, linePt: 1 };
        const svg = renderFigure(figures[index]!, preset);
        return { ...figure, svg, caption: captionOf(figure.caption, seeds) };
      }),
    },
    figures,
    csv: labCsv(result),
    summaryCsv: csvOf(meansOf(result)),
    referenceCsv: result.references.length === 0 ? undefined : referenceCsv(result),
    means: meansOf(result),
  };
}

function captionOf(caption: string, seeds: number): string {
  if (seeds < 2) return caption;
  return `${caption.replace(/\.$/, '')}; whiskers: 95% confidence, ${String(seeds)} seeds.`;
}

/** Whiskers on lines of what was measured here; none where all seeds agree to the last digit, or there is one. */
function withIntervals(figure: FigureSpec, { lab, table, references }: LabResult, isMain: boolean): FigureSpec {
  const measure = lab.measures.find(({ label }) => label === figure.yLabel);
  if (measure === undefined) return figure;
  const own = references.find(({ chart }) => chart?.y === measure.name)?.chart;
  const chart = isMain || own === undefined ? lab.chart : own;
  const lines = figure.lines.map((line): FigureLine => {
    if (line.range !== undefined || line.legend !== undefined) return line;
    const intervals = intervalsAlong(line, chart, table.rows, measure.name);
    if (intervals.every((each) => each === undefined)) return line;
    const bound = (which: 'low' | 'high'): Float64Array =>
      Float64Array.from(intervals, (each) => each?.[which] ?? Number.NaN);
    return { ...line, range: { low: bound('low'), high: bound('high'), as: 'whiskers' } };
  });
  return { ...figure, lines };
}

/** The interval of each sample of a line: of the row that has its levels and its place to the right. */
function intervalsAlong(
  { data }: FigureLine,
  { x, lines, where = {} }: LabChart,
  rows: LabResult['table']['rows'],
  measure: string,
): (Interval | undefined)[] {
  const along = rows.filter(
    ({ point }) =>
      lines.map((name) => point[name]).join('/') === data.name &&
      Object.entries(where).every(([name, level]) => point[name] === level),
  );
  return [...data.times].map((at) => {
    const row = along.find(({ point }) => Number(point[x]) === at);
    return row === undefined ? undefined : intervalOf(row.runs.map((values) => values[measure]!));
  });
}

function intervalOf(values: readonly number[]): Interval | undefined {
  return values.length < 2 ? undefined : meanInterval(values, CONFIDENCE);
}

/** Means of all points, with their intervals where there are several seeds. */
function meansOf({ lab, table }: LabResult): LabOutcome['means'] {
  const several = table.rows.some(({ runs }) => runs.length > 1);
  const named = ({ label, unit }: { label: string; unit?: string }): string =>
    unit === undefined || unit === '1' ? label : `${label} (${unit})`;
  const columns = [
    ...lab.factors.map(named),
    ...lab.measures.flatMap((measure) => (several ? [named(measure), '± 95%'] : [named(measure)])),
  ];
  const rows = table.rows.map(({ point, mean, runs }) => [
    ...lab.factors.map(({ name }) => String(point[name])),
    ...lab.measures.flatMap(({ name }) => {
      const value = String(mean[name]);
      if (!several) return [value];
      const interval = intervalOf(runs.map((values) => values[name]!));
      return [value, interval === undefined ? '' : String(interval.high - interval.estimate)];
    }),
  ]);
  return { columns, rows };
}

function csvOf({ columns, rows }: LabOutcome['means']): string {
  const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return [columns, ...rows].map((row) => `${row.map(cell).join(',')}\n`).join('');
}
