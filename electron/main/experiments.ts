// Experiments: one process conducts each (electron/runner/conduct.ts), with a port to the window and one to each of its workers, which
// are processes too. Main starts and ends them, and keeps the row in the library; runs and results never pass through here.

import { copyFileSync, existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { dialog, MessageChannelMain, utilityProcess, type UtilityProcess, type WebContents } from 'electron';
import { ExperimentFile, type RunLibrary } from '../../core/store';
import { EXPERIMENT_PORT_MESSAGE, type PlanJudgement, type Reply, type Request } from '../ipc';
import { Advised } from './door';
import { PlanJudge } from './plan-judge';
import { newRunId, type Runs } from './runs';
import { Turns } from './turns';

/** What a conductor is told, and what it tells; the shapes of electron/runner/conduct.ts. */
type ConductorReport =
  | { readonly type: 'start-worker' | 'kill-worker'; readonly id: number }
  | { readonly type: 'wants' | 'going-on' }
  | { readonly type: 'wants-no-more'; readonly outcome: 'finished' | 'stopped'; readonly reason?: string }
  | { readonly type: 'progress'; readonly done: number; readonly most: number }
  | {
      readonly type: 'ended';
      readonly outcome: 'finished' | 'stopped';
      readonly done: number;
      readonly most: number;
      readonly digest: string;
      readonly reason?: string;
    };

interface Conducted {
  readonly process: UtilityProcess;
  readonly workers: Map<number, UtilityProcess>;
  /** Workers that start while who conducts does, so that its first runs need not wait for them. */
  readonly spare: UtilityProcess[];
  goesOn: boolean;
  /** Whether the window shows it. */
  isShown: boolean;
}

const BROKE_OFF =
  'the process that conducted it ended unexpectedly; the runs that had ended are kept, and it can be resumed';
const BROKE_OFF_BEFORE = 'the process that would conduct it ended unexpectedly: it never began, and can be resumed';

export class Experiments {
  private readonly live = new Map<string, Conducted>();
  private readonly judge = new PlanJudge();
  private readonly turns = new Turns((runId) => {
    const conducted = this.live.get(runId);
    if (conducted === undefined) return;
    conducted.goesOn = true;
    conducted.process.postMessage({ type: 'begin' });
  });

  constructor(
    private readonly library: RunLibrary,
    private readonly runs: Pick<Runs, 'tell'>,
    private readonly window: () => WebContents,
  ) {}

  judged({ plan }: Request<'experiments.judge'>): Promise<PlanJudgement> {
    return this.judge.ask(plan);
  }

  async start({ plan }: Request<'experiments.start'>): Promise<Reply<'experiments.start'>> {
    const { problems, processes, runs } = await this.judge.ask(plan);
    if (problems.length > 0) return { ok: false, problems };
    const document = JSON.parse(plan) as { name: string; seed?: number; scenario: { name?: string } };
    const { name, seed = 1, scenario } = document;
    const runId = newRunId();
    const row = {
      runId,
      kind: 'experiment',
      name,
      scenario: scenario.name ?? name,
      seed,
      status: 'waiting',
      startedAt: Date.now(),
      durationNs: 0,
      runsDone: 0,
      runsPlanned: runs,
    } as const;
    this.library.begin(row, JSON.stringify(scenario, undefined, 2), plan);
    this.conduct(runId, processes, true);
    this.runs.tell(runId);
    return { ok: true, runId };
  }

  open({ runId }: Request<'experiments.open'>): void {
    const run = this.library.database.run(runId);
    if (run?.kind !== 'experiment' || !existsSync(this.file(runId, ExperimentFile.plan)))
      throw new Advised('this experiment is not in the library any more', 'choose another one');
    const conducted = this.live.get(runId);
    if (conducted === undefined) {
      this.conduct(runId, availableParallelism(), false);
      return;
    }
    conducted.isShown = true;
    conducted.process.postMessage({ type: 'window' }, [this.portToWindow(runId)]);
  }

  close({ runId }: Request<'experiments.close'>): void {
    const conducted = this.live.get(runId);
    if (conducted === undefined) return;
    conducted.isShown = false;
    this.endUnneeded(runId, conducted);
  }

  async saveTable({
    runId,
    table,
    suggestedName,
  }: Request<'experiments.saveTable'>): Promise<Reply<'experiments.saveTable'>> {
    const source = this.file(runId, ExperimentFile[table]);
    if (!existsSync(source)) throw new Advised('there is no such table yet', 'wait until more runs have ended');
    const filters = [{ name: 'CSV', extensions: ['csv'] }];
    const { filePath } = await dialog.showSaveDialog({ defaultPath: suggestedName, filters });
    if (filePath === undefined || filePath === '') return undefined;
    copyFileSync(source, filePath);
    return { path: filePath };
  }

  /** Ends all processes; what had been kept stays. */
  stopAll(): void {
    this.judge.end();
    for (const { process, workers, spare } of this.live.values())
      for (const one of [process, ...workers.values(), ...spare]) {
        // Nobody writes down how they ended: the next start finds the experiment interrupted.
        one.removeAllListeners();
        one.kill();
      }
  }

  private conduct(runId: string, size: number, begin: boolean): void {
    const process = fork('runner.cjs', `odonata experiment ${runId}`);
    const spare = Array.from({ length: begin && this.turns.isFree ? size : 0 }, forkWorker);
    const conducted: Conducted = { process, workers: new Map(), spare, goesOn: false, isShown: true };
    this.live.set(runId, conducted);
    process.on('message', (report: ConductorReport) => {
      this.heard(runId, conducted, report);
    });
    process.on('exit', () => {
      this.live.delete(runId);
      for (const worker of [...conducted.workers.values(), ...spare]) worker.kill();
      this.end(runId, { status: 'stopped', reason: this.hasBegun(runId) ? BROKE_OFF : BROKE_OFF_BEFORE });
      this.turns.leave(runId);
    });
    const folder = this.library.folderOf(runId);
    process.postMessage({ type: 'conduct', folder, size, begin }, [this.portToWindow(runId)]);
  }

  private portToWindow(runId: string): Electron.MessagePortMain {
    const { port1, port2 } = new MessageChannelMain();
    this.window().postMessage(EXPERIMENT_PORT_MESSAGE, { runId }, [port2]);
    return port1;
  }

  private heard(runId: string, conducted: Conducted, report: ConductorReport): void {
    const { database } = this.library;
    switch (report.type) {
      case 'start-worker':
        this.startWorker(conducted, report.id);
        return;
      case 'kill-worker':
        conducted.workers.get(report.id)?.kill();
        return;
      case 'wants':
        database.wait(runId);
        this.turns.want(runId);
        break;
      case 'wants-no-more':
        this.leaveLine(runId, report);
        this.giveUpTurn(runId, conducted);
        break;
      case 'going-on':
        database.goOn(runId, Date.now());
        break;
      case 'progress':
        database.noteProgress(runId, report.done, report.most);
        break;
      case 'ended': {
        const { outcome, done, most, digest, reason } = report;
        database.noteProgress(runId, done, most);
        this.end(runId, { status: outcome, digest, ...(reason === undefined ? {} : { reason }) });
        this.giveUpTurn(runId, conducted);
      }
    }
    this.runs.tell(runId);
  }

  private startWorker({ process, workers, spare }: Conducted, id: number): void {
    const worker = spare.shift() ?? forkWorker();
    workers.set(id, worker);
    const { port1, port2 } = new MessageChannelMain();
    worker.on('exit', (code) => {
      workers.delete(id);
      process.postMessage({ type: 'worker-ended', worker: id, reason: `exit code ${String(code)}` });
    });
    worker.postMessage(undefined, [port1]);
    process.postMessage({ type: 'worker-started', worker: id }, [port2]);
  }

  private giveUpTurn(runId: string, conducted: Conducted): void {
    conducted.goesOn = false;
    for (const worker of conducted.spare.splice(0)) worker.kill();
    this.turns.leave(runId);
    this.endUnneeded(runId, conducted);
  }

  private endUnneeded(runId: string, { process, goesOn, isShown }: Conducted): void {
    if (!goesOn && !isShown && !this.turns.waits(runId)) process.kill();
  }

  /** It is again as it was before it waited: what it had measured, and when that ended, stays. */
  private leaveLine(runId: string, { outcome, reason }: { outcome: 'finished' | 'stopped'; reason?: string }): void {
    const { digest, endedAt = Date.now() } = this.library.database.run(runId) ?? {};
    this.library.end(runId, { status: outcome, endedAt, reason, digest });
  }

  private hasBegun(runId: string): boolean {
    const run = this.library.database.run(runId);
    return run?.status !== 'waiting' || (run.runsDone ?? 0) > 0;
  }

  private end(
    runId: string,
    end: { status: 'finished' | 'stopped' | 'failed'; reason?: string; digest?: string },
  ): void {
    if (this.library.end(runId, { ...end, endedAt: Date.now() })) this.runs.tell(runId);
  }

  private file(runId: string, name: string): string {
    return join(this.library.folderOf(runId), name);
  }
}

function fork(program: string, serviceName: string): UtilityProcess {
  return utilityProcess.fork(join(__dirname, program), [], { serviceName });
}

function forkWorker(): UtilityProcess {
  return fork('experiment-worker.cjs', 'odonata worker');
}
