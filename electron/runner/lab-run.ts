// A lab in a process of its own: measures its plan, tells each measurement as it comes, and at the end leaves tables, figures with
// confidence intervals, checks, and the section of the report, written to where the library wants it.

import { version } from '../../package.json';
import type { FigureSpec } from '../../core/export';
import { forecastSeconds, type Lab, LAB_COSTS, labFiles, labFigures, labOutcome, LabRun, LABS } from '../../core/labs';
import { type LabFacts, writeLabResult } from '../../core/store';
import type { LabOutcome } from '../ipc';

export interface LabJob {
  readonly type: 'lab';
  readonly id: string;
  readonly quick: boolean;
  /** Seeds 1 to this, instead of as many as the lab plans. */
  readonly replications?: number;
  /** Where the result is written. */
  readonly place: string;
}

export type LabReport =
  | {
      readonly type: 'progress';
      readonly done: number;
      readonly all: number;
      readonly leftSeconds: number | undefined;
      /** The lab's chart of what is known so far. */
      readonly figure: FigureSpec;
    }
  /** The result is written. */
  | { readonly type: 'done'; readonly facts: LabFacts }
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
    tell({ type: 'done', facts: measured(planned, job, tell) });
  } catch (error) {
    tell({ type: 'failed', reason: error instanceof Error ? error.message : String(error) });
  }
}

function measured(planned: Lab, job: LabJob, tell: (report: LabReport) => void): LabFacts {
  const { quick, replications, place } = job;
  const startedAt = performance.now();
  const seconds = (): number => (performance.now() - startedAt) / 1000;
  const seeds = replications ?? (quick ? planned.replications.quick : planned.replications.full);
  const run = new LabRun({ ...planned, replications: { quick: seeds, full: seeds } }, quick);
  let toldAt = startedAt;
  while (!run.finished) {
    run.step();
    const now = performance.now();
    if (now - toldAt < REPORT_MS && !run.finished) continue;
    toldAt = now;
    const { done, all } = run;
    const leftSeconds = leftOf(planned, quick && replications === undefined, done, all, seconds());
    tell({ type: 'progress', done, all, leftSeconds, figure: labFigures(run.soFar())[0]! });
  }
  const result = run.result();
  const facts = {
    lab: planned.id,
    quick,
    seeds,
    checks: result.checks.length,
    failed: result.checks.filter(({ pass }) => !pass).length,
    ranAt: Date.now(),
    seconds: seconds(),
    program: version,
  };
  const outcome: LabOutcome = labOutcome(result, facts, planned);
  writeLabResult(place, facts, outcome, labFiles(result, version));
  return facts;
}

/** What is left, as far as one can tell: by what the first measurements of a full plan took, else by what has been done. */
function leftOf(lab: Lab, quick: boolean, done: number, all: number, seconds: number): number | undefined {
  const cost = LAB_COSTS[lab.id];
  if (!quick && cost !== undefined && done === cost.first.measurements)
    return Math.max(0, forecastSeconds(lab.id, done, seconds, all) - seconds);
  return done < 2 ? undefined : (seconds * (all - done)) / done;
}
