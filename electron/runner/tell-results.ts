// What the window hears of an experiment: news at most a few times a second, all of them in one message, and none before it has shown the
// last, so that what a run costs there is small however short runs are. Summing up takes longer the more has run, so the pause before
// the next time grows with it: a twentieth of the time goes into it at most. Where no window looks, nothing is summed up.

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
import {
  CELL_FIELDS,
  type ExperimentMessage,
  type ExperimentProgress,
  type ExperimentState,
  type RepeatableRun,
  RUN_FIELDS,
  type RunPlace,
  type ShownResults,
  type ToldRuns,
} from '../ipc';

/** News come so often at most, and what they say together. */
export const NEWS_MS = 250;
export const RESULTS_MS = 1000;
/** Pauses between summing up, in the time that it took. */
const PAUSE_FACTOR = 20;
/** Runs in one message. */
export const NEWS_RUNS = 5000;

/** Of a port, what is used here. */
export type WindowPort = Pick<Electron.MessagePortMain, 'postMessage'>;

/** How an experiment stands. */
interface Standing {
  readonly state: ExperimentState;
  readonly schedule: Pick<Schedule, 'done' | 'most'>;
  /** Processes that run at once. */
  readonly size: number;
}

export class ResultsTeller {
  private port: WindowPort | undefined;
  private standing: Standing | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** The window has news that it has not shown yet; and whether there were more since. */
  private isUnheard = false;
  private isDue = false;
  private told = 0;
  private summed: number | undefined;
  private mayNextSumAt = 0;
  /** Of the runs so far, so that nobody counts them again with each. */
  private tally = { runs: 0, failed: 0, seconds: 0 };

  /** @param runs all that have ended; grows */
  constructor(
    private readonly plan: Plan,
    private readonly runs: readonly DoneRun[],
    private readonly folder: string,
  ) {}

  /** Tells a window everything from the beginning. */
  attach(port: WindowPort): void {
    this.port = port;
    this.startOver();
  }

  /** That window has gone. */
  detach(port: WindowPort): void {
    if (this.port === port) this.port = undefined;
  }

  startOver(): void {
    this.told = 0;
    this.summed = undefined;
    this.mayNextSumAt = 0;
    this.tally = { runs: 0, failed: 0, seconds: 0 };
    this.isUnheard = false;
    this.post({ type: 'opened', plan: JSON.stringify(this.plan.document) });
    this.tell();
  }

  /** One more run has ended. */
  ran(): void {
    this.timer ??= setTimeout(() => {
      this.tell();
    }, NEWS_MS);
  }

  /** The window has shown what it was told. */
  heard(): void {
    this.isUnheard = false;
    if (this.isDue) this.tell();
  }

  /** It begins, pauses, goes on or ends. */
  stands(standing: Standing): void {
    this.standing = standing;
    this.tell();
  }

  broken(reason: string, advice: string): void {
    this.post({ type: 'broken', reason, advice });
  }

  toldRun({ point, replication }: RunPlace, run: RepeatableRun | undefined): void {
    this.post({ type: 'told-run', point, replication, run });
  }

  /** Brings the folder up to date, tells the window, and returns the digest. */
  write(): string {
    const summary = summarisePlan(this.plan, this.runs);
    this.tell(summary);
    const command = 'odonata sweep plan.json --out results/';
    writeExperimentFolder(this.folder, { plan: this.plan, summary, programVersion: version, command });
    this.post({ type: 'written' });
    return summary.digest;
  }

  /** @param summary of all runs, which is then told in any case */
  private tell(summary?: PlanSummary): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.isDue = this.isUnheard && summary === undefined;
    if (this.isDue || this.port === undefined || this.standing === undefined) return;
    do {
      const runs = this.nextRuns();
      const isAll = this.told === this.runs.length;
      const results = isAll ? this.nextResults(summary) : undefined;
      this.post({ type: 'news', progress: this.progressOf(this.standing), runs, results });
      this.isUnheard = true;
      this.isDue = !isAll;
    } while (this.isDue && summary !== undefined);
    if (this.summed !== this.runs.length) this.ran();
  }

  private nextRuns(): ToldRuns | undefined {
    if (this.told === this.runs.length) return undefined;
    const some = this.runs.slice(this.told, this.told + NEWS_RUNS);
    this.told += some.length;
    return rowsOf(this.plan, some);
  }

  /** What the runs say, when there are more of them and it is time. */
  private nextResults(given: PlanSummary | undefined): ShownResults | undefined {
    const from = performance.now();
    if (given === undefined && (this.summed === this.runs.length || from < this.mayNextSumAt)) return undefined;
    const results = resultsOf(this.plan, given ?? summarisePlan(this.plan, this.runs));
    this.summed = this.runs.length;
    const now = performance.now();
    this.mayNextSumAt = now + Math.max(RESULTS_MS, PAUSE_FACTOR * (now - from));
    return results;
  }

  private progressOf({ state, schedule: { done, most }, size }: Standing): ExperimentProgress {
    const { tally } = this;
    for (; tally.runs < this.runs.length; tally.runs += 1) {
      const { status, wallSeconds } = this.runs[tally.runs]!.outcome;
      tally.failed += status === 'failed' ? 1 : 0;
      tally.seconds += wallSeconds;
    }
    const known = state === 'running' && tally.runs > 0;
    const leftSeconds = known ? ((tally.seconds / tally.runs) * (most - done)) / size : undefined;
    return { state, done, most, failed: tally.failed, leftSeconds };
  }

  private post(message: ExperimentMessage): void {
    this.port?.postMessage(message);
  }
}

function resultsOf(plan: Plan, summary: PlanSummary): ShownResults {
  return {
    charts: summary.runs.length === 0 ? [] : judgedCharts(plan, summary),
    cells: cellsOf(summary.cells),
    comparisons: summary.comparisons.map(({ measure, point, count, difference, effect }) => ({
      measure,
      point: point.number,
      count,
      difference,
      g: effect.g,
    })),
    effects: summary.effects.map(({ measure, anova }) => ({ measure, anova })),
    verdicts: judgeReferences(plan, summary),
    digest: summary.digest,
  };
}

function rowsOf(plan: Plan, runs: readonly DoneRun[]): ToldRuns {
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
