// A worker of the pool as a process of Node that runs this very bundle.

import { fork } from 'node:child_process';
import type { Outcome, StartWorker, WorkerEvents, WorkerProcess } from '../experiment';

/** Name of the hidden command; see main.ts. */
export const WORKER_COMMAND = 'sweep-worker';

/** What a worker tells: a run's outcome, and the CPU time of its process so far. */
export interface WorkerWord {
  readonly outcome: Outcome;
  readonly cpuSeconds: number;
}

export const forkWorker: StartWorker = workerStarter();

/** @param onUsage hears what CPU time a worker has had so far */
export function workerStarter(onUsage: (cpuSeconds: number) => void = () => undefined): StartWorker {
  return (events) => start(events, onUsage);
}

function start({ onOutcome, onEnd }: WorkerEvents, onUsage: (cpuSeconds: number) => void): WorkerProcess {
  const child = fork(__filename, [WORKER_COMMAND], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let lastWords = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    lastWords = (lastWords + chunk.toString()).slice(-2000);
  });
  child.on('message', ({ outcome, cpuSeconds }: WorkerWord) => {
    onUsage(cpuSeconds);
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
