// Bundles of runs and of labs' results: chosen in dialogs, packed and unpacked by a process of its own, taken into the library here.

import { rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { dialog } from 'electron';
import {
  BUNDLE_ENDING,
  type BundleEntry,
  type BundleSource,
  folderOfEntry,
  isUnderWay,
  readLabResult,
  type RunLibrary,
} from '../../core/store';
import type { Brought, Reply, Request } from '../ipc';
import { askRunner } from './ask-runner';
import { Advised, announce } from './door';
import { newRunId } from './runs';

/** What the runner process is asked, and what it answers; the shapes of electron/runner/bundle.ts. */
type BundleJob =
  | { readonly type: 'pack'; readonly path: string; readonly sources: readonly BundleSource[] }
  | { readonly type: 'unpack'; readonly path: string; readonly folder: string };
type BundleReport =
  | { readonly type: 'packed'; readonly bytes: number }
  | { readonly type: 'unpacked'; readonly entries: readonly BundleEntry[] }
  | { readonly type: 'refused'; readonly reason: string; readonly advice: string };

const FILTERS = [{ name: 'Odonata bundles', extensions: [BUNDLE_ENDING.slice(1)] }];

export class Bundles {
  private arrivals = 0;

  constructor(private readonly library: RunLibrary) {}

  async export({ runIds, labs = [], suggestedName }: Request<'runs.export'>): Promise<Reply<'runs.export'>> {
    const sources = [...runIds.map((runId) => this.sourceOf(runId)), ...labs.map((lab) => this.sourceOfLab(lab))];
    if (sources.length === 0) throw new Advised('nothing is chosen to be exported', 'choose some runs');
    const { filePath } = await dialog.showSaveDialog({
      defaultPath: suggestedName + BUNDLE_ENDING,
      filters: FILTERS,
    });
    if (filePath === undefined || filePath === '') return undefined;
    const path = filePath.endsWith(BUNDLE_ENDING) ? filePath : filePath + BUNDLE_ENDING;
    const report = await ask({ type: 'pack', path, sources });
    return report.type === 'packed' ? { path, bytes: report.bytes } : undefined;
  }

  async import(path: string | undefined): Promise<Reply<'runs.import'>> {
    if (path !== undefined) return this.take(path);
    const { filePaths } = await dialog.showOpenDialog({ properties: ['openFile'], filters: FILTERS });
    return filePaths[0] === undefined ? undefined : this.take(filePaths[0]);
  }

  /** Takes a bundle into the library, all of it or nothing. @throws Advised if it is not a whole one */
  async take(path: string): Promise<Brought> {
    this.arrivals += 1;
    const folder = this.library.arrivalFolder(String(this.arrivals));
    const name = basename(path);
    try {
      const report = await ask({ type: 'unpack', path, folder });
      const entries = report.type === 'unpacked' ? report.entries : [];
      const arrivals = entries.map((entry) => ({ entry, folder: join(folder, folderOfEntry(entry)) }));
      const labFolders = arrivals.filter(({ entry }) => entry.kind === 'lab').map((one) => one.folder);
      for (const one of labFolders) refuseUnreadable(one);
      const others = arrivals.filter(({ entry }) => entry.kind !== 'lab');
      const runIds = this.library.admit(others, name, newRunId);
      return { name, runIds, labs: labFolders.map((one) => this.admitLab(one)) };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  private admitLab(folder: string): Brought['labs'][number] {
    const { lab, quick, isHere } = this.library.labs.admit(folder);
    announce('labs.changed', undefined);
    return { id: lab, quick, isHere };
  }

  private sourceOfLab({ id, quick }: { id: string; quick: boolean }): BundleSource {
    const folder = this.library.labs.folderOf({ lab: id, quick });
    if (folder === undefined) throw new Advised('the results of this lab are not here any more', 'run it again');
    return { folder, id: `${id}-${quick ? 'quick' : 'full'}` };
  }

  /** @throws Advised unless the run has results */
  private sourceOf(runId: string): BundleSource {
    const run = this.library.database.run(runId);
    if (run === undefined) throw new Advised('this run is not in the library any more', 'choose another one');
    if (run.kind === 'run' && run.digest === undefined)
      throw new Advised(
        `“${run.name}” has no results to export: it ${isUnderWay(run) ? 'is still going on' : 'broke off'}`,
        'choose runs that have ended',
      );
    if (isUnderWay(run))
      throw new Advised(
        `“${run.name}” ${run.status === 'waiting' ? 'waits for its turn' : 'is still going on'}`,
        'wait until it has ended, or stop it',
      );
    const { name, tags, notes, startedAt, endedAt, status } = run;
    const about = {
      name,
      tags: [...tags],
      notes,
      startedAt,
      ...(endedAt === undefined ? {} : { endedAt }),
      ...(run.kind === 'experiment' && status !== 'waiting' && status !== 'running' ? { outcome: status } : {}),
    };
    return { folder: this.library.folderOf(runId), id: runId, about };
  }
}

/** Nothing is taken of a bundle of which something cannot be. @throws Advised */
function refuseUnreadable(folder: string): void {
  try {
    readLabResult(folder);
  } catch {
    throw new Advised(
      'the results of a lab in this bundle cannot be read by this version of Odonata',
      'open it with the version that made it, or a newer one',
    );
  }
}

/** @throws Advised if the job was refused or its process died */
async function ask(job: BundleJob): Promise<BundleReport> {
  const report = await askRunner<BundleReport>('bundle', job);
  if (report === undefined) throw new Advised('the process that worked on the bundle ended unexpectedly', 'try again');
  if (report.type === 'refused') throw new Advised(report.reason, report.advice);
  return report;
}
