// Labs: each run in a process of its own, which main starts, hears and may end. It writes its result to a place of the library's, which
// keeps it when the process says that it is whole.

import { cpus } from 'node:os';
import { join } from 'node:path';
import { dialog, utilityProcess, type UtilityProcess } from 'electron';
import { type FigureSpec, type Report, reportHtml } from '../../core/export';
import { reportToPdf } from '../../core/print';
import { type LabFacts, type LabResults, writeWhole } from '../../core/store';
import type { KeptLab, LabOutcome, OpenedLab, Reply, Request } from '../ipc';
import { askRunner } from './ask-runner';
import { Advised, announce } from './door';
import type { KeptCatalogue } from './kept-catalogue';
import { keptLabOf } from './kept-lab';
import { KEPT_MS } from './waste-basket';

type Progress = {
  readonly type: 'progress';
  readonly done: number;
  readonly all: number;
  readonly leftSeconds: number | undefined;
  readonly figure: FigureSpec;
};
/** What the runner tells; the shapes of electron/runner/lab-run.ts. */
type LabReport =
  Progress | { readonly type: 'done'; readonly facts: LabFacts } | { readonly type: 'failed'; readonly reason: string };

/** The shape of electron/runner/lab-scenarios.ts. */
type ScenariosReport =
  | { readonly ok: true; readonly scenarios: readonly OpenedLab[] }
  | { readonly ok: false; readonly reason: string; readonly advice: string };

export class Labs {
  private readonly live = new Map<string, UtilityProcess>();
  private readonly stopped = new Set<string>();
  private known: Promise<Reply<'labs.catalogue'>> | undefined;
  private emptying: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly results: LabResults,
    private readonly keptCatalogue: KeptCatalogue,
  ) {}

  /** As it was kept by this program, or read by a process of its own, once. */
  catalogue(): Promise<Reply<'labs.catalogue'>> {
    const kept = this.known === undefined ? this.keptCatalogue.read() : undefined;
    this.known ??= kept === undefined ? this.read() : Promise.resolve(kept);
    return this.known;
  }

  private async read(): Promise<Reply<'labs.catalogue'>> {
    const catalogue = await askRunner<Reply<'labs.catalogue'>>('catalogue', { type: 'catalogue' });
    if (catalogue !== undefined) {
      this.keptCatalogue.keep(catalogue);
      return catalogue;
    }
    this.known = undefined;
    throw new Advised('the catalogue of labs cannot be read', 'start the program anew');
  }

  run({ id, quick, replications }: Request<'labs.run'>): void {
    if (this.live.has(id)) throw new Advised('this lab is running already', 'stop it first');
    const place = this.results.place({ lab: id, quick }, Date.now());
    const runner = utilityProcess.fork(join(__dirname, 'runner.cjs'), [], { serviceName: `odonata lab ${id}` });
    this.live.set(id, runner);
    let ended = false;
    const end = (outcome: 'finished' | 'stopped' | 'failed', more: { reason?: string; kept?: KeptLab } = {}): void => {
      if (ended) return;
      ended = true;
      this.live.delete(id);
      this.stopped.delete(id);
      runner.kill();
      if (outcome !== 'finished') this.results.abandon(place);
      announce('labs.ended', { id, outcome, ...more });
    };
    runner.on('message', (report: LabReport) => {
      if (ended) return;
      if (report.type === 'progress') announce('labs.progress', progressOf(id, report));
      else if (report.type === 'failed') end('failed', { reason: report.reason });
      else end('finished', { kept: keptLabOf(this.results.keep(report.facts, place)) });
    });
    runner.on('exit', () => {
      if (this.stopped.has(id)) end('stopped');
      else end('failed', { reason: 'the process of this lab ended unexpectedly' });
    });
    runner.postMessage({ type: 'lab', id, quick, place, ...(replications === undefined ? {} : { replications }) });
  }

  stop(id: string): void {
    if (!this.live.has(id)) return;
    this.stopped.add(id);
    this.live.get(id)?.kill();
  }

  async scenarios(request: Request<'labs.scenarios'>): Promise<Reply<'labs.scenarios'>> {
    const report = await askRunner<ScenariosReport>(`scenarios of ${request.id}`, {
      type: 'lab-scenarios',
      ...request,
    });
    if (report === undefined) throw new Advised('the process of this lab ended unexpectedly', 'try another point');
    if (!report.ok) throw new Advised(report.reason, report.advice);
    return [...report.scenarios];
  }

  kept(): Reply<'labs.kept'> {
    return this.results.list().map(keptLabOf);
  }

  result({ id, quick }: Request<'labs.result'>): LabOutcome | undefined {
    try {
      return this.results.outcome({ lab: id, quick }) as LabOutcome | undefined;
    } catch {
      throw new Advised('what this run left cannot be read any more', 'run the lab again');
    }
  }

  /** Puts a result into the waste basket, which is emptied when nobody took it back. */
  remove({ id, quick }: Request<'labs.remove'>): Reply<'labs.remove'> {
    this.results.discard({ lab: id, quick }, Date.now());
    announce('labs.changed', undefined);
    clearTimeout(this.emptying);
    this.emptying = setTimeout(() => {
      this.results.empty(Date.now() - KEPT_MS);
    }, KEPT_MS + 1000);
    return { keptMs: KEPT_MS };
  }

  restore({ id, quick }: Request<'labs.restore'>): boolean {
    const isThere = this.results.restore({ lab: id, quick });
    announce('labs.changed', undefined);
    return isThere;
  }

  async saveReport({ id, quick, format }: Request<'labs.saveReport'>): Promise<Reply<'labs.saveReport'>> {
    const outcome = this.result({ id, quick });
    if (outcome === undefined) throw new Advised('this lab has no results yet', 'run it first');
    const filters = [{ name: format.toUpperCase(), extensions: [format] }];
    const { filePath } = await dialog.showSaveDialog({ defaultPath: `${id}.${format}`, filters });
    if (filePath === undefined || filePath === '') return undefined;
    const report = reportOf(outcome);
    writeWhole(filePath, format === 'html' ? reportHtml(report) : await reportToPdf(report));
    return { path: filePath };
  }

  /** Ends all runs of labs, of which nothing stays. What was thrown away goes. */
  stopAll(): void {
    clearTimeout(this.emptying);
    this.results.empty(Infinity);
    for (const process of this.live.values()) process.kill();
  }
}

function progressOf(id: string, { done, all, leftSeconds, figure }: Progress) {
  return { id, done, all, figure, ...(leftSeconds === undefined ? {} : { leftSeconds }) };
}

function reportOf({ section, quick, seconds, ranAt, program }: LabOutcome): Report {
  const at = new Date(ranAt).toISOString();
  return {
    title: section.title,
    subtitle: `Experiment ${String(section.number)}, ${quick ? 'quick plan' : 'full plan'}`,
    createdAt: new Date().toISOString(),
    provenance: [
      ['Version', `Odonata ${program}`],
      ['Measured', `${at.slice(0, 16).replace('T', ' ')} UTC`],
      ['Took', `${seconds.toFixed(1)} s on ${cpus()[0]?.model.trim() ?? 'this machine'}`],
      ['Results', 'The same version and seeds give the same figures on every machine; times of running differ.'],
    ],
    sections: [section],
  };
}
