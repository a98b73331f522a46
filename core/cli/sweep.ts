// odonata sweep, its options: what a user may ask for, and processes that start while the program of the sweep is loaded.

import { availableParallelism } from 'node:os';
import { badInput } from '../base';
import type { Shard } from '../experiment';
import { SpareWorkers } from './fork-worker';
import { compileOnce } from './short-compilation';

export interface SweepOptions {
  readonly out?: string;
  readonly jobs?: string;
  readonly shard?: string;
  readonly resume?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
  readonly engine: string;
  readonly shards?: string;
  readonly submit: boolean;
}

export async function sweepCommand(file: string, options: SweepOptions): Promise<number> {
  const jobs = options.jobs === undefined ? undefined : countOf('--jobs', options.jobs);
  const shard = readShard(options.shard);
  if (options.engine !== 'local' && options.engine !== 'slurm')
    throw badInput('--engine', `"${options.engine}" is not an engine`, 'write --engine slurm, or leave it out');
  if (options.resume === true && options.out === undefined)
    throw badInput('--resume', 'without a folder nothing was kept', 'add --out with the folder of the sweep');
  if (options.engine === 'local' && (options.shards !== undefined || !options.submit))
    throw badInput(
      '--shards',
      'only --engine slurm has shards to submit',
      'write --shard 1/4 for one part of the plan',
    );
  if (options.engine === 'slurm') {
    const shards = options.shards === undefined ? undefined : countOf('--shards', options.shards);
    const { submitToSlurm } = await import('./slurm');
    return submitToSlurm(file, { out: options.out, shards, jobs, submit: options.submit });
  }
  const workers = new SpareWorkers(Math.min(jobs ?? Infinity, availableParallelism()));
  try {
    compileOnce();
    const { sweepPlan } = await import('./sweep-plan');
    return await sweepPlan({ file, shard, jobs, options, startWorker: workers.start });
  } finally {
    workers.close();
  }
}

function countOf(option: string, text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw badInput(option, `"${text}" is not a number of processes`, `write for example ${option} 4`);
}

/** `2/8`. */
function readShard(text: string | undefined): Shard {
  if (text === undefined) return { index: 1, of: 1 };
  const match = /^(\d{1,5})\/(\d{1,5})$/.exec(text);
  const shard = { index: Number(match?.[1]), of: Number(match?.[2]) };
  if (match !== null && shard.index >= 1 && shard.index <= shard.of) return shard;
  throw badInput('--shard', `"${text}" is not a part of a plan`, 'write --shard 1/4 for the first of four parts');
}
