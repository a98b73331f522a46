// Runs: one utility process each. Main starts it, hands one end of a channel to the window and the other to the
// runner, and writes down how it ended; samples never pass through here. A runner that ends without a word has
// failed, and what it had written stays.

import { existsSync, readFileSync } from 'node:fs';
import { freemem } from 'node:os';
import { join } from 'node:path';
import { app, MessageChannelMain, shell, utilityProcess, type UtilityProcess, type WebContents } from 'electron';
import type { RunSummary } from '../../core/measure';
import { applyOverrides, estimateCost, parseScenario } from '../../core/scenario';
import { readSeries, readSummary, RunFile, type RunLibrary, type StoredRun } from '../../core/store';
import { type Reply, type Request, RUN_PORT_MESSAGE, type RunRecord, type StoppedAt } from '../ipc';
import { announce } from './door';
import { keptLabOf } from './kept-lab';
import { KEPT_MS } from './waste-basket';

/** What a runner is told to do, and what it tells main. */
export interface RunJob {
  readonly type: 'run';
  /** Where the run is written to; undefined for one that is only looked at. */
  readonly folder: string | undefined;
  readonly scenario: string;
  readonly startPaused: boolean;
  readonly trace: boolean;
  readonly packets: boolean;
  /** A window looks on, over a port; a run without one begins at once. */
  readonly watched: boolean;
  /** Where a run was stopped that is repeated to there. */
  readonly stopAt?: StoppedAt | undefined;
}
export type RunnerReport =
  | { readonly type: 'ended'; readonly outcome: 'finished' | 'stopped'; readonly digest: string }
  | { readonly type: 'failed'; readonly reason: string };

const LATEST_MAX = 200;
/** Folders that are measured at a time, and the pause between. */
const MEASURED_AT_ONCE = 20;
const MEASURE_PAUSE_MS = 50;
/** A run whose estimate is at most this much computing may record packets without being asked: that makes it a quarter slower. */
const SHORT_RUN_SECONDS = 60;

export class Runs {
  private readonly live = new Map<string, UtilityProcess>();
  private readonly waiting = new Map<string, () => void>();
  private emptying: ReturnType<typeof setTimeout> | undefined;
  private measuring: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly library: RunLibrary) {
    this.measureLater();
  }

  /** @param window nobody's for a run that begins at once and that nobody watches */
  start(request: Request<'runs.start'>, window: WebContents | undefined): Reply<'runs.start'> {
    const text = request.seed === undefined ? request.scenario : withSeed(request.scenario, request.seed);
    const parsed = parseScenario(text, '');
    if (!parsed.ok) return { ok: false, problems: [...parsed.problems] };
    const { resolved } = parsed.value;
    const { memoryBytes, seconds } = estimateCost(resolved);
    if (memoryBytes > freemem() && request.force !== true) {
      const message = `the run needs about ${String(Math.ceil(memoryBytes / 1e6))} MB of memory, and ${String(Math.floor(freemem() / 1e6))} MB are free`;
      return { ok: false, problems: [{ file: '', pointer: '', message, suggestion: 'make the scenario smaller' }] };
    }
    const runId = newRunId();
    const { name, seed, durationNs } = resolved;
    const row = { runId, name, scenario: name, seed, status: 'running', startedAt: Date.now(), durationNs } as const;
    const job: RunJob = {
      type: 'run',
      folder: this.library.begin(row, text),
      scenario: text,
      startPaused: request.startPaused === true,
      trace: request.trace === true,
      packets: request.packets === 'always' || (request.packets !== 'never' && seconds <= SHORT_RUN_SECONDS),
      watched: window !== undefined,
    };
    this.launch(runId, job, window);
    this.tell(runId);
    return { ok: true, runId };
  }

  /** Resolves when a run that goes on has ended, however it did. */
  ended(runId: string): Promise<void> {
    return new Promise((resolve) => {
      if (this.live.has(runId)) this.waiting.set(runId, resolve);
      else resolve();
    });
  }

  /** Ends a run before its time: it is `stopped`, and what it measured is written. */
  stop(runId: string): void {
    this.live.get(runId)?.postMessage({ type: 'stop' });
  }

  list(): RunRecord[] {
    return this.library.database.runs(LATEST_MAX).map(recordOf);
  }

  find(query: Request<'runs.find'>): Reply<'runs.find'> {
    const { rows, total, bytes } = this.library.database.find(query);
    return { rows: rows.map(recordOf), total, bytes };
  }

  disk(): Reply<'runs.disk'> {
    const { bytes, limitBytes, offered } = this.library.diskUse();
    return {
      bytes,
      limitBytes,
      offered: { runIds: [...offered.runIds], bytes: offered.bytes, labs: offered.labs.map(keptLabOf) },
    };
  }

  summary(runId: string): RunSummary | undefined {
    return existsSync(this.file(runId, RunFile.summary)) ? readSummary(this.library.folderOf(runId)) : undefined;
  }

  series({ runId, names }: Request<'runs.series'>): Reply<'runs.series'> {
    const wanted = names === undefined ? undefined : new Set(names);
    return readSeries(this.library.folderOf(runId))
      .filter(({ name }) => wanted === undefined || wanted.has(name))
      .map(({ name, unit, times, values }) => ({
        name,
        unit,
        times: new Float64Array(times),
        values: new Float64Array(values),
      }));
  }

  scenario(runId: string): string | undefined {
    const path = this.file(runId, RunFile.scenario);
    return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  }

  annotate({ runId, ...change }: Request<'runs.annotate'>): void {
    this.library.database.annotate(runId, change);
    this.tell(runId);
  }

  tag({ runIds, add, remove }: Request<'runs.tag'>): void {
    this.library.database.retag(runIds, { add, remove });
    for (const runId of runIds.slice(0, LATEST_MAX)) this.tell(runId);
  }

  /** Puts runs that have ended into the waste basket, which is emptied when nobody took them back. */
  remove({ runIds }: Request<'runs.remove'>): Reply<'runs.remove'> {
    this.library.database.discardRuns(runIds, Date.now());
    clearTimeout(this.emptying);
    this.emptying = setTimeout(() => {
      this.library.empty(Date.now() - KEPT_MS);
    }, KEPT_MS + 1000);
    return { keptMs: KEPT_MS };
  }

  restore({ runIds }: Request<'runs.restore'>): Reply<'runs.restore'> {
    const { database } = this.library;
    database.restoreRuns(runIds);
    return { runIds: runIds.filter((runId) => database.run(runId) !== undefined) };
  }

  reveal(runId: string): void {
    const summary = this.file(runId, RunFile.summary);
    shell.showItemInFolder(existsSync(summary) ? summary : this.file(runId, RunFile.scenario));
  }

  /** Ends all runners; what they wrote stays. What was thrown away goes. */
  stopAll(): void {
    clearTimeout(this.emptying);
    clearTimeout(this.measuring);
    this.library.empty(Infinity);
    for (const process of this.live.values()) process.kill();
  }

  private launch(runId: string, job: RunJob, window: WebContents | undefined): void {
    const runner = utilityProcess.fork(join(__dirname, 'runner.cjs'), [], { serviceName: `odonata run ${runId}` });
    this.live.set(runId, runner);
    runner.on('message', (report: RunnerReport) => {
      if (report.type === 'ended') this.end(runId, { status: report.outcome, digest: report.digest });
      else this.end(runId, { status: 'failed', reason: report.reason });
    });
    runner.on('exit', () => {
      this.live.delete(runId);
      this.end(runId, {
        status: 'failed',
        reason: 'the process of this run ended unexpectedly; what was measured until then is kept',
      });
    });
    if (window === undefined) {
      runner.postMessage(job);
      return;
    }
    const { port1, port2 } = new MessageChannelMain();
    runner.postMessage(job, [port1]);
    window.postMessage(RUN_PORT_MESSAGE, { runId }, [port2]);
  }

  private end(
    runId: string,
    end: { status: 'finished' | 'stopped' | 'failed'; reason?: string; digest?: string },
  ): void {
    if (this.library.end(runId, { ...end, endedAt: Date.now() })) this.tell(runId);
    this.waiting.get(runId)?.();
    this.waiting.delete(runId);
  }

  /** Tells the window how a row is now. */
  tell(runId: string): void {
    const run = this.library.database.run(runId);
    if (run !== undefined) announce('runs.changed', recordOf(run));
  }

  private file(runId: string, name: string): string {
    return join(this.library.folderOf(runId), name);
  }

  /** Folders of runs from before sizes were kept are measured a few at a time. */
  private measureLater(): void {
    this.measuring = setTimeout(() => {
      if (this.library.measure(MEASURED_AT_ONCE)) this.measureLater();
    }, MEASURE_PAUSE_MS);
  }
}

function recordOf(run: StoredRun): RunRecord {
  return { ...run, tags: [...run.tags], diskBytes: run.diskBytes ?? 0 };
}

/** `20261123-190502-7f3a`: sorts by time, and two in one second differ. */
export function newRunId(): string {
  const stamp = new Date().toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return `${stamp}-${Math.floor(Math.random() * 0x10000)
    .toString(16)
    .padStart(4, '0')}`;
}

/** The same scenario with another seed. */
export function withSeed(text: string, seed: number): string {
  try {
    return JSON.stringify(applyOverrides(JSON.parse(text), [`/seed=${String(seed)}`]).value, undefined, 2);
  } catch {
    return text;
  }
}

/** Where the workbench keeps its things. */
export function dataFolder(): string {
  return app.getPath('userData');
}
