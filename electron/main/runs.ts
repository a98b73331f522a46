// Runs: one utility process each. Main starts it, hands one end of a channel to the window and the other to the
// runner, and writes down how it ended; samples never pass through here. A runner that ends without a word has
// failed, and what it had written stays.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { freemem } from 'node:os';
import { join } from 'node:path';
import { app, MessageChannelMain, shell, utilityProcess, type UtilityProcess, type WebContents } from 'electron';
import type { RunSummary } from '../../core/measure';
import { applyOverrides, estimateCost, parseScenario } from '../../core/scenario';
import { readSeries, readSummary, type RunDatabase, RunFile, type StoredRun, writeWhole } from '../../core/store';
import { type Reply, type Request, RUN_PORT_MESSAGE, type RunRecord } from '../ipc';
import { announce } from './door';

/** What a runner is told to do, and what it tells main. */
export interface RunJob {
  readonly type: 'run';
  readonly folder: string;
  readonly scenario: string;
  readonly startPaused: boolean;
  readonly trace: boolean;
  readonly packets: boolean;
}
export type RunnerReport =
  | { readonly type: 'ended'; readonly outcome: 'finished' | 'stopped'; readonly digest: string }
  | { readonly type: 'failed'; readonly reason: string };

/** A run whose estimate is at most this much computing may record packets without being asked: that makes it a quarter slower. */
const SHORT_RUN_SECONDS = 60;

export class Runs {
  private readonly live = new Map<string, UtilityProcess>();

  constructor(
    private readonly database: RunDatabase,
    private readonly folder: string,
  ) {
    mkdirSync(folder, { recursive: true });
  }

  start(request: Request<'runs.start'>, window: WebContents): Reply<'runs.start'> {
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
    const runFolder = join(this.folder, runId);
    mkdirSync(runFolder, { recursive: true });
    writeWhole(join(runFolder, RunFile.scenario), text);
    this.database.addRun({
      runId,
      name: resolved.name,
      scenario: resolved.name,
      seed: resolved.seed,
      status: 'running',
      startedAt: Date.now(),
      durationNs: resolved.durationNs,
      notes: '',
    });
    const job: RunJob = {
      type: 'run',
      folder: runFolder,
      scenario: text,
      startPaused: request.startPaused === true,
      trace: request.trace === true,
      packets: request.packets === 'always' || (request.packets !== 'never' && seconds <= SHORT_RUN_SECONDS),
    };
    this.launch(runId, job, window);
    this.tell(runId);
    return { ok: true, runId };
  }

  list(): RunRecord[] {
    return this.database.runs().map((run) => this.record(run));
  }

  summary(runId: string): RunSummary | undefined {
    return existsSync(this.file(runId, RunFile.summary)) ? readSummary(join(this.folder, runId)) : undefined;
  }

  series({ runId, names }: Request<'runs.series'>): Reply<'runs.series'> {
    const wanted = names === undefined ? undefined : new Set(names);
    return readSeries(join(this.folder, runId))
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

  annotate({ runId, name, notes }: Request<'runs.annotate'>): void {
    this.database.annotate(runId, { name, notes });
    this.tell(runId);
  }

  /** Removes a run and its folder; a run that goes on is ended first. */
  remove(runId: string): void {
    this.live.get(runId)?.kill();
    this.database.removeRun(runId);
    rmSync(join(this.folder, runId), { recursive: true, force: true });
  }

  reveal(runId: string): void {
    shell.showItemInFolder(this.file(runId, RunFile.summary));
  }

  /** Ends all runners; what they wrote stays. */
  stopAll(): void {
    for (const process of this.live.values()) process.kill();
  }

  private launch(runId: string, job: RunJob, window: WebContents): void {
    const runner = utilityProcess.fork(join(__dirname, 'runner.cjs'), [], { serviceName: `odonata run ${runId}` });
    this.live.set(runId, runner);
    const { port1, port2 } = new MessageChannelMain();
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
    runner.postMessage(job, [port1]);
    window.postMessage(RUN_PORT_MESSAGE, { runId }, [port2]);
  }

  private end(
    runId: string,
    end: { status: 'finished' | 'stopped' | 'failed'; reason?: string; digest?: string },
  ): void {
    if (this.database.endRun(runId, { ...end, endedAt: Date.now() })) this.tell(runId);
  }

  private tell(runId: string): void {
    const run = this.database.run(runId);
    if (run !== undefined) announce('runs.changed', this.record(run));
  }

  private record(run: StoredRun): RunRecord {
    return { ...run, diskBytes: folderBytes(join(this.folder, run.runId)) };
  }

  private file(runId: string, name: string): string {
    return join(this.folder, runId, name);
  }
}

/** `20261123-190502-7f3a`: sorts by time, and two in one second differ. */
function newRunId(): string {
  const stamp = new Date().toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return `${stamp}-${Math.floor(Math.random() * 0x10000)
    .toString(16)
    .padStart(4, '0')}`;
}

function withSeed(text: string, seed: number): string {
  try {
    return JSON.stringify(applyOverrides(JSON.parse(text), [`/seed=${String(seed)}`]).value, undefined, 2);
  } catch {
    return text;
  }
}

function folderBytes(folder: string): number {
  if (!existsSync(folder)) return 0;
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(folder, entry.name);
    return sum + (entry.isDirectory() ? folderBytes(path) : (statSync(path, { throwIfNoEntry: false })?.size ?? 0));
  }, 0);
}

/** Where the workbench keeps its things. */
export function dataFolder(): string {
  return app.getPath('userData');
}
