// Labs: each run in a process of its own, which main starts, hears and may end. What the last run of each left is kept while the program
// runs.

import { cpus } from 'node:os';
import { join } from 'node:path';
import { dialog, utilityProcess, type UtilityProcess } from 'electron';
import { version } from '../../package.json';
import { type FigureSpec, type Report, reportHtml } from '../../core/export';
import { reportToPdf } from '../../core/print';
import { writeWhole } from '../../core/store';
import type { LabOutcome, Reply, Request } from '../ipc';
import { askRunner } from './ask-runner';
import { Advised, announce } from './door';
import type { KeptCatalogue } from './kept-catalogue';

type Progress = {
  readonly type: 'progress';
  readonly done: number;
  readonly all: number;
  readonly leftSeconds: number | undefined;
  readonly figure: FigureSpec;
};
/** What the runner tells; the shapes of electron/runner/lab-run.ts. */
type LabReport =
  | Progress
  | { readonly type: 'done'; readonly outcome: LabOutcome }
  | { readonly type: 'failed'; readonly reason: string };

export class Labs {
  private readonly live = new Map<string, UtilityProcess>();
  private readonly stopped = new Set<string>();
  private readonly outcomes = new Map<string, LabOutcome>();
  private known: Promise<Reply<'labs.catalogue'>> | undefined;

  constructor(private readonly kept: KeptCatalogue) {}

  /** As it was kept by this program, or read by a process of its own, once. */
  catalogue(): Promise<Reply<'labs.catalogue'>> {
    const kept = this.known === undefined ? this.kept.read() : undefined;
    this.known ??= kept === undefined ? this.read() : Promise.resolve(kept);
    return this.known;
  }

  private async read(): Promise<Reply<'labs.catalogue'>> {
    const catalogue = await askRunner<Reply<'labs.catalogue'>>('catalogue', { type: 'catalogue' });
    if (catalogue !== undefined) {
      this.kept.keep(catalogue);
      return catalogue;
    }
    this.known = undefined;
    throw new Advised('the catalogue of labs cannot be read', 'start the program anew');
  }

  run({ id, quick, replications }: Request<'labs.run'>): void {
    if (this.live.has(id)) throw new Advised('this lab is running already', 'stop it first');
    const runner = utilityProcess.fork(join(__dirname, 'runner.cjs'), [], { serviceName: `odonata lab ${id}` });
    this.live.set(id, runner);
    let ended = false;
    const end = (outcome: 'finished' | 'stopped' | 'failed', reason?: string): void => {
      if (ended) return;
      ended = true;
      this.live.delete(id);
      this.stopped.delete(id);
      runner.kill();
      announce('labs.ended', { id, outcome, ...(reason === undefined ? {} : { reason }) });
    };
    runner.on('message', (report: LabReport) => {
      if (report.type === 'progress') announce('labs.progress', progressOf(id, report));
      else if (report.type === 'failed') end('failed', report.reason);
      else {
        this.outcomes.set(id, report.outcome);
        end('finished');
      }
    });
    runner.on('exit', () => {
      if (this.stopped.has(id)) end('stopped');
      else end('failed', 'the process of this lab ended unexpectedly');
    });
    runner.postMessage({ type: 'lab', id, quick, ...(replications === undefined ? {} : { replications }) });
  }

  stop(id: string): void {
    if (!this.live.has(id)) return;
    this.stopped.add(id);
    this.live.get(id)?.kill();
  }

  result(id: string): LabOutcome | undefined {
    return this.outcomes.get(id);
  }

  async saveReport({ id, format }: Request<'labs.saveReport'>): Promise<Reply<'labs.saveReport'>> {
    const outcome = this.outcomes.get(id);
    if (outcome === undefined) throw new Advised('this lab has no results yet', 'run it first');
    const filters = [{ name: format.toUpperCase(), extensions: [format] }];
    const { filePath } = await dialog.showSaveDialog({ defaultPath: `${id}.${format}`, filters });
    if (filePath === undefined || filePath === '') return undefined;
    const report = reportOf(outcome);
    writeWhole(filePath, format === 'html' ? reportHtml(report) : await reportToPdf(report));
    return { path: filePath };
  }

  stopAll(): void {
    for (const process of this.live.values()) process.kill();
  }
}

function progressOf(id: string, { done, all, leftSeconds, figure }: Progress) {
  return { id, done, all, figure, ...(leftSeconds === undefined ? {} : { leftSeconds }) };
}

function reportOf({ section, quick, seconds }: LabOutcome): Report {
  const now = new Date();
  return {
    title: section.title,
    subtitle: `Experiment ${String(section.number)}, ${quick ? 'quick plan' : 'full plan'}`,
    createdAt: now.toISOString(),
    provenance: [
      ['Version', `Odonata ${version}`],
      ['Written', `${now.toISOString().slice(0, 16).replace('T', ' ')} UTC`],
      ['Took', `${seconds.toFixed(1)} s on ${cpus()[0]?.model.trim() ?? 'this machine'}`],
      ['Results', 'The same version and seeds give the same figures on every machine; times of running differ.'],
    ],
    sections: [section],
  };
}
