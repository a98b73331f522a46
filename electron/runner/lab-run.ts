// A lab in a process of its own: measures its plan, tells each measurement as it comes, and at the end leaves tables, figures with
// confidence intervals, checks, and the section of the report.

import { renderFigure } from '../../core/export';
import {
  forecastSeconds,
  type Lab,
  LAB_COSTS,
  labCsv,
  type LabResult,
  labSection,
  LABS,
  referenceCsv,
  runLab,
} from '../../core/labs';
import type { LabMeasurement, LabOutcome } from '../ipc';
import { intervalOf, picturesOf } from './lab-pictures';

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
  const result = runLab(
    { ...planned, replications: { quick: seeds, full: seeds } },
    {
      quick,
      onProgress: ({ done, all, latest }) => {
        lately.push(latest);
        const now = performance.now();
        if (now - toldAt < REPORT_MS && done < all) return;
        toldAt = now;
        const leftSeconds = leftOf(planned, quick && replications === undefined, done, all, (now - startedAt) / 1000);
        tell({ type: 'progress', done, all, leftSeconds, measured: lately });
        lately = [];
      },
    },
  );
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
  const figures = picturesOf(result);
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
