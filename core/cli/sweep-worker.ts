// The process of a pool: told a plan, then run after run of it. Ends when its parent does.

import { carryOut, GivenUp, jobOf, type Plan, readPlan, type WorkerOrder } from '../experiment';
import { World } from '../world';
import type { WorkerWord } from './fork-worker';

function sweepWorker(): void {
  const parent = process.ppid;
  let plan: Plan | undefined;
  let runsSeconds = 0;
  // Signals to the whole group are the parent's to answer: it ends its workers.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
  process.on('message', (order: WorkerOrder) => {
    if (order.type === 'plan') {
      const read = readPlan(order.document, 'plan');
      if (!read.ok) throw new Error('the plan has problems that its reader should have found');
      plan = read.value;
      return;
    }
    if (plan === undefined) throw new Error('a run without a plan');
    const before = cpuSeconds();
    try {
      const outcome = carryOut(plan, jobOf(plan, order.point, order.replication), {
        build: (scenario) => new World(scenario),
        now: () => performance.now() / 1000,
        look: () => {
          if (process.ppid !== parent) throw new GivenUp('the parent has gone');
        },
      });
      runsSeconds += cpuSeconds() - before;
      const word: WorkerWord = { outcome, usage: { cpuSeconds: cpuSeconds(), runsSeconds } };
      process.send?.(word);
    } catch (error) {
      if (!(error instanceof GivenUp)) throw error;
      process.exit(1);
    }
  });
}

/** Of this process so far. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

sweepWorker();
