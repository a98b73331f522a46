// What the window hears of an experiment: runs in batches, progress, and what they say together. Summing up takes longer the more has
// run, so the pause before the next time grows with it: a tenth of the time goes into it at most.

import {
  type Cell,
  type DoneRun,
  judgeReferences,
  type Plan,
  type PlanSummary,
  type Schedule,
  summarisePlan,
} from '../../core/experiment';
import { judgedCharts } from '../../core/export';
import { writeExperimentFolder } from '../../core/store';
import { version } from '../../package.json';
import { CELL_FIELDS, type ExperimentMessage, type ExperimentProgress, type ExperimentState, RUN_FIELDS } from '../ipc';

const BATCH_MS = 100;
const RESULTS_MS = 500;
/** Pauses between summing up, in the time that it took. */
const PAUSE_FACTOR = 10;
/** Runs in one message. */
const BATCH_RUNS = 5000;

export class ResultsTeller {
  private port: Electron.MessagePortMain | undefined;
  private told = 0;
  private batch: ReturnType<typeof setTimeout> | undefined;
  private results: ReturnType<typeof setTimeout> | undefined;
  private tookMs = 0;
  private latest: ExperimentProgress | undefined;
  /** Of the runs so far, so that nobody counts them again with each. */
  private tally = { runs: 0, failed: 0, seconds: 0 };

  /** @param runs all that have ended; grows */
  constructor(
    private readonly plan: Plan,
    private readonly runs: readonly DoneRun[],
    private readonly folder: string,
  ) {}

  /** Tells a window everything from the beginning. */
  attach(port: Electron.MessagePortMain): void {
    this.port = port;
    this.startOver();
  }

  startOver(): void {
    this.told = 0;
    this.tally = { runs: 0, failed: 0, seconds: 0 };
    this.post({ type: 'opened', plan: JSON.stringify(this.plan.document) });
    if (this.latest !== undefined) this.post({ type: 'progress', ...this.latest });
    this.tellRuns();
    this.tellResults();
  }

  /** One more run has ended. */
  ran(): void {
    this.batch ??= setTimeout(() => {
      this.tellRuns();
    }, BATCH_MS);
    this.results ??= setTimeout(
      () => {
        this.tellResults();
      },
      Math.max(RESULTS_MS, PAUSE_FACTOR * this.tookMs),
    );
  }

  progress(state: ExperimentState, { done, most }: Schedule, size: number): void {
    const { tally } = this;
    for (; tally.runs < this.runs.length; tally.runs += 1) {
      const { status, wallSeconds } = this.runs[tally.runs]!.outcome;
      tally.failed += status === 'failed' ? 1 : 0;
      tally.seconds += wallSeconds;
    }
    const known = state === 'running' && tally.runs > 0;
    const leftSeconds = known ? ((tally.seconds / tally.runs) * (most - done)) / size : undefined;
    this.latest = { state, done, most, failed: tally.failed, leftSeconds };
    if (state !== 'running' || this.batch === undefined) this.post({ type: 'progress', ...this.latest });
  }

  broken(reason: string, advice: string): void {
    this.post({ type: 'broken', reason, advice });
  }

  /** Brings the folder up to date, tells the window, and returns the digest. */
  write(): string {
    this.tellRuns();
    const summary = this.tellResults();
    const command = 'odonata sweep plan.json --out results/';
    writeExperimentFolder(this.folder, { plan: this.plan, summary, programVersion: version, command });
    this.post({ type: 'written' });
    return summary.digest;
  }

  private tellRuns(): void {
    clearTimeout(this.batch);
    this.batch = undefined;
    if (this.latest !== undefined) this.post({ type: 'progress', ...this.latest });
    while (this.told < this.runs.length) {
      const some = this.runs.slice(this.told, this.told + BATCH_RUNS);
      this.told += some.length;
      this.post({ type: 'runs', ...rowsOf(this.plan, some) });
    }
  }

  private tellResults(): PlanSummary {
    clearTimeout(this.results);
    this.results = undefined;
    const from = performance.now();
    const summary = summarisePlan(this.plan, this.runs);
    this.post({
      type: 'results',
      charts: this.runs.length === 0 ? [] : judgedCharts(this.plan, summary),
      cells: cellsOf(summary.cells),
      comparisons: summary.comparisons.map(({ measure, point, count, difference, effect }) => ({
        measure,
        point: point.number,
        count,
        difference,
        g: effect.g,
      })),
      effects: summary.effects.map(({ measure, anova }) => ({ measure, anova })),
      verdicts: judgeReferences(this.plan, summary),
      digest: summary.digest,
    });
    this.tookMs = performance.now() - from;
    return summary;
  }

  private post(message: ExperimentMessage): void {
    this.port?.postMessage(message);
  }
}

function rowsOf(plan: Plan, runs: readonly DoneRun[]): { rows: Float64Array; reasons: Map<number, string> } {
  const width = RUN_FIELDS + plan.measures.length;
  const rows = new Float64Array(runs.length * width).fill(Number.NaN);
  const reasons = new Map<number, string>();
  runs.forEach(({ point, replication, seed, outcome }, index) => {
    const at = index * width;
    rows.set([point, replication, seed, outcome.status === 'finished' ? 1 : 0, outcome.wallSeconds], at);
    if (outcome.status === 'failed') reasons.set(index, outcome.reason);
    else outcome.values.forEach((value, place) => (rows[at + RUN_FIELDS + place] = value ?? Number.NaN));
  });
  return { rows, reasons };
}

function cellsOf(cells: readonly Cell[]): Float64Array {
  const numbers = new Float64Array(cells.length * CELL_FIELDS.length);
  cells.forEach(({ values, missing, failed, mean, deviation, median, min, max }, index) => {
    const all = [values.length, missing, failed, mean.estimate, mean.low, mean.high, deviation];
    numbers.set([...all, median.estimate, median.low, median.high, min, max], index * CELL_FIELDS.length);
  });
  return numbers;
}
