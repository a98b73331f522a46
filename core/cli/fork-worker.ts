// A worker of the pool as a process of Node. Its program has nothing but worlds in it: it starts in a third of the command line's time.

import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Outcome, StartWorker, WorkerEvents, WorkerProcess } from '../experiment';

/** Beside this bundle; see vite.cli.config.mts. */
const WORKER = join(__dirname, 'sweep-worker.cjs');

/** CPU time that a worker has had so far. */
export interface WorkerUsage {
  readonly cpuSeconds: number;
  /** Of it, inside of runs. */
  readonly runsSeconds: number;
}

/** What a worker tells when a run has ended. */
export interface WorkerWord {
  readonly outcome: Outcome;
  readonly usage: WorkerUsage;
}

export const forkWorker: StartWorker = (events) => attend(launch(), events);

/** Processes that start while the plan is still read, so that its first runs need not wait for them. */
export class SpareWorkers {
  private readonly spare: ChildProcess[];

  constructor(count: number) {
    this.spare = Array.from({ length: count }, launch);
  }

  /** Takes a spare one, or starts another. @param onUsage hears it after each run */
  readonly start = (events: WorkerEvents, onUsage?: (usage: WorkerUsage) => void): WorkerProcess => {
    let child = this.spare.shift();
    while (child !== undefined && (child.exitCode !== null || child.signalCode !== null)) child = this.spare.shift();
    return attend(child ?? launch(), events, onUsage);
  };

  /** Ends those that nobody took. */
  close(): void {
    for (const child of this.spare.splice(0)) child.kill('SIGKILL');
  }
}

function launch(): ChildProcess {
  const child = fork(WORKER, [], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  // Whoever attends to it hears of its end as well.
  child.on('error', () => undefined);
  return child;
}

function attend(
  child: ChildProcess,
  { onOutcome, onEnd }: WorkerEvents,
  onUsage: (usage: WorkerUsage) => void = () => undefined,
): WorkerProcess {
  let lastWords = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    lastWords = (lastWords + chunk.toString()).slice(-2000);
  });
  child.on('message', ({ outcome, usage }: WorkerWord) => {
    onUsage(usage);
    onOutcome(outcome);
  });
  child.on('error', (error) => {
    onEnd(error.message);
  });
  child.on('exit', (code, signal) => {
    const why = signal === null ? `exit code ${String(code)}` : `signal ${signal}`;
    const words = lastWords.split('\n').find((line) => /error/i.test(line));
    onEnd(words === undefined ? why : `${why}, ${words.trim()}`);
  });
  // A message to a process that has just died is answered by its end.
  const ignore = (): void => undefined;
  return {
    post: (order) => {
      child.send(order, ignore);
    },
    kill: () => {
      child.kill('SIGKILL');
    },
  };
}
