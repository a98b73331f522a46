// The sweep benchmark: what a plan of many short runs costs beyond its runs, in CPU time of all processes and in wall time. Everything
// from the start of the program to the last file counts, and things happen in the order in which they do in a sweep.

import { availableParallelism } from 'node:os';
import { type BenchOptions, count } from './bench-options';
import { SpareWorkers } from './fork-worker';
import { compileOnce } from './short-compilation';

export async function benchSweep(options: BenchOptions): Promise<Record<string, number>> {
  const size = {
    runs: count('--runs', options.runs),
    points: count('--points', options.points),
    jobs: options.jobs === undefined ? availableParallelism() : count('--jobs', options.jobs),
  };
  const workers = new SpareWorkers(size.jobs);
  try {
    compileOnce();
    const { timeSweep } = await import('./time-sweep');
    return await timeSweep({ ...size, duration: options.duration ?? '60s' }, workers);
  } finally {
    workers.close();
  }
}
