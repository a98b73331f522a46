// odonata merge: the parts of a plan put together. The same run in two parts has to be the same run.

import { resolve } from 'node:path';
import { BadInput, badInput, type Problem } from '../base';
import { type DoneRun, judgeReferences, type Plan, readPlan, Schedule, summarisePlan, WHOLE } from '../experiment';
import { ExperimentStore, type Origin, writeExperimentFolder } from '../store';
import { ExitCode, tell } from './output';
import { openedStore } from './sweep-plan';
import { printSweep, printSweepJson } from './sweep-report';

export interface MergeOptions {
  readonly out: string;
  readonly json?: boolean;
}

interface Part {
  readonly folder: string;
  readonly origin: Origin;
  readonly runs: readonly DoneRun[];
}

export function mergeCommand(folders: readonly string[], options: MergeOptions): number {
  const others = folders.filter((folder) => resolve(folder) !== resolve(options.out));
  const parts = others.map(readPart);
  // Merging again adds to what was merged before.
  if (ExperimentStore.exists(options.out)) parts.push(readPart(options.out));
  const { origin } = parts[0]!;
  const problems = [...strangers(parts), ...conflicts(parts)];
  if (problems.length > 0) throw new BadInput(problems);
  const plan = planOf(origin, parts[0]!.folder);
  const runs = united(parts);
  const store = openedStore(options.out);
  try {
    if (store.origin() === undefined) store.begin(plan, origin, WHOLE);
    store.addAll(runs);
  } finally {
    store.close();
  }
  const summary = summarisePlan(plan, runs);
  const command = ['odonata merge', ...folders, '--out', options.out].join(' ');
  writeExperimentFolder(options.out, { plan, summary, programVersion: origin.programVersion, command });
  const schedule = new Schedule(plan, WHOLE, runs);
  if (options.json === true) printSweepJson(plan, summary, schedule.finished ? 'finished' : 'stopped');
  else printSweep(plan, summary, options.out);
  const { failures } = summary;
  if (failures.length > 0)
    tell(`odonata: ${String(failures.length)} runs failed; odonata sweep --resume tries them again`);
  if (!schedule.finished)
    tell(`odonata: ${String(schedule.most - schedule.done)} runs are missing; are all parts there?`);
  if (!schedule.finished || failures.length > 0) return ExitCode.failed;
  return judgeReferences(plan, summary).every(({ pass }) => pass === true) ? ExitCode.done : ExitCode.checkFailed;
}

function readPart(folder: string): Part {
  if (!ExperimentStore.exists(folder))
    throw badInput(
      folder,
      'there are no results of a sweep',
      'give the folders that odonata sweep --shard --out wrote',
    );
  const store = openedStore(folder);
  try {
    const origin = store.origin();
    if (origin === undefined)
      throw badInput(folder, 'the sweep was ended before it began', 'go on with it by --resume');
    return { folder, origin, runs: store.runs() };
  } finally {
    store.close();
  }
}

function planOf({ plan }: Origin, folder: string): Plan {
  const read = readPlan(JSON.parse(plan), folder);
  if (!read.ok) throw new BadInput(read.problems);
  return read.value;
}

/** Parts of another plan, or of another version of the program. */
function strangers(parts: readonly Part[]): Problem[] {
  const first = parts[0]!;
  return parts.slice(1).flatMap(({ folder, origin }): Problem[] => {
    if (origin.plan !== first.origin.plan)
      return [
        {
          file: folder,
          pointer: '',
          message: `has the results of another plan than ${first.folder}`,
          suggestion: 'leave it out',
        },
      ];
    if (origin.programVersion === first.origin.programVersion) return [];
    const message = `was made by version ${origin.programVersion}, ${first.folder} by ${first.origin.programVersion}`;
    return [{ file: folder, pointer: '', message, suggestion: 'run it again with the same version' }];
  });
}

function key({ point, replication }: DoneRun): string {
  return `p${String(point)}r${String(replication)}`;
}

/** Runs that two parts have, with different results. */
function conflicts(parts: readonly Part[]): Problem[] {
  const seen = new Map<string, { folder: string; content: string }>();
  return parts.flatMap(({ folder, runs }) =>
    runs.flatMap((run): Problem[] => {
      if (run.outcome.status !== 'finished') return [];
      const content = JSON.stringify([run.seed, run.outcome.digest, run.outcome.values]);
      const before = seen.get(key(run));
      if (before === undefined) seen.set(key(run), { folder, content });
      if (before === undefined || before.content === content) return [];
      const message = `this run has other results than in ${before.folder}`;
      return [
        {
          file: folder,
          pointer: `/${key(run)}`,
          message,
          suggestion: 'run one of the two again; only one can be right',
        },
      ];
    }),
  );
}

/** All runs once; one that ended well stands before one that failed. */
function united(parts: readonly Part[]): DoneRun[] {
  const byKey = new Map<string, DoneRun>();
  for (const run of parts.flatMap(({ runs }) => runs))
    if (byKey.get(key(run))?.outcome.status !== 'finished') byKey.set(key(run), run);
  return [...byKey.values()].sort((a, b) => a.point - b.point || a.replication - b.replication);
}
