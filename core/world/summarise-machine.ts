// What a machine did, as plain data.

import type { Cpu, Kernel, OwnedTokenCounters, Thread, Token, TokenCounters } from '../kernel';
import type { CpuSummary, KernelSummary, LatencySummary, SyncSummary } from '../measure';
import type { BuiltMachine } from './build-machines';

/** Tokens of the pool that are listed one by one. */
const POOL_LISTED = 32;

export function summariseCpus({ host, kernel }: BuiltMachine): CpuSummary[] {
  kernel.settle();
  return kernel.cpus.map((cpu) => summariseCpu(host, cpu));
}

function summariseCpu(host: string, cpu: Cpu): CpuSummary {
  const { counters, kernel } = cpu;
  const threads = kernel.threads
    .map((thread) => ({ name: thread.name, busyNs: thread.busyOn(cpu.id) }))
    .filter(({ busyNs }) => busyNs > 0);
  const threadNs = threads.reduce((sum, { busyNs }) => sum + busyNs, 0);
  return {
    host,
    cpu: cpu.id,
    busyNs: threadNs + counters.handlerNs,
    handlerNs: counters.handlerNs,
    idleNs: counters.idleNs,
    contestedNs: counters.contestedNs,
    threads,
    switches: counters.switches,
    messages: counters.messages,
    ipis: {
      sent: counters.ipiSent,
      interrupts: counters.ipiInterrupts,
      avoided: counters.ipiAvoided,
      passive: counters.ipiPassive,
      ringFull: counters.ipiFifoFull,
    },
    interrupts: counters.interrupts,
    interruptsDeferred: counters.interruptsDeferred,
    interruptDelayNs: counters.interruptDelayNs,
    criticalNs: counters.criticalNs,
    preemptions: { hit: counters.preemptHit, miss: counters.preemptMiss, weird: counters.preemptWeird },
    migrations: counters.migrations,
    migratingNs: counters.migratingNs,
    tokenCollisions: counters.tokenCollisions,
    tokenWaitNs: counters.tokenWaitNs,
    lockWaitNs: counters.lockWaitNs,
  };
}

export function summariseKernel({ host, kernel, programs }: BuiltMachine): KernelSummary {
  const deadlock = kernel.deadlock();
  return {
    host,
    threads: kernel.threads.map(summariseThread),
    tokens: summariseTokens(kernel),
    locks: [...kernel.locks.map((lock) => summariseLock(lock.name, lock)), ...bigLockOf(kernel)],
    ports: kernel.sharedPorts.map(({ name, counters }) => ({ name, ...counters })),
    interrupts: kernel.interruptSources.map(({ thread, counters }) => ({ name: thread.name, ...counters })),
    counters: Object.fromEntries(programs.flatMap(({ counters }) => [...counters])),
    wakeToRun: kernel.wakeLatency.flatMap(({ count, sumNs, maxNs, bins }, priority): LatencySummary[] =>
      count === 0
        ? []
        : [
            {
              priority,
              count,
              meanNs: sumNs / count,
              maxNs,
              bins: bins.slice(0, bins.findLastIndex((n) => n > 0) + 1),
            },
          ],
    ),
    ...(deadlock === undefined ? {} : { deadlock: deadlock.map(({ name }) => name) }),
  };
}

/** Each token by itself, but those of the pool that sockets use as one: there may be thousands. */
function summariseTokens({ allTokens, tokenPool }: Kernel): SyncSummary[] {
  const own = allTokens.filter((token) => !tokenPool.has(token)).map(summariseToken);
  const pooled = allTokens.filter((token) => tokenPool.has(token));
  if (pooled.length <= POOL_LISTED) return [...own, ...pooled.map(summariseToken)];
  return [...own, { ...pooled.map(summariseToken).reduce(addSyncs), name: `pool, ${String(pooled.length)} tokens` }];
}

function addSyncs(a: SyncSummary, b: SyncSummary): SyncSummary {
  return {
    ...a,
    acquisitions: a.acquisitions + b.acquisitions,
    collisions: a.collisions + b.collisions,
    handOffs: (a.handOffs ?? 0) + (b.handOffs ?? 0),
    dropped: (a.dropped ?? 0) + (b.dropped ?? 0),
    heldNs: a.heldNs + b.heldNs,
  };
}

function summariseToken(token: Token): SyncSummary {
  return {
    name: token.name,
    kind: 'token',
    acquisitions: token.counters.acquisitions,
    collisions: token.counters.collisions,
    handOffs: token.counters.handOffs,
    dropped: token.counters.dropped,
    heldNs: token.heldNs,
    ...ownedCounters(token.counters),
  };
}

/** What only tokens that CPUs own count. */
function ownedCounters(counters: TokenCounters | OwnedTokenCounters): Pick<SyncSummary, 'requests' | 'chases'> {
  return 'requests' in counters ? { requests: counters.requests, chases: counters.chases } : {};
}

function summariseThread(thread: Thread): KernelSummary['threads'][number] {
  const { puts, replies, depthMax } = thread.port.counters;
  return {
    name: thread.name,
    cpu: thread.cpu.id,
    priority: thread.priority,
    state: thread.state,
    busyNs: thread.busyNs,
    switches: thread.switches,
    contested: thread.contested,
    messages: puts,
    replies,
    portDepthMax: depthMax,
  };
}

function summariseLock(name: string, lock: Kernel['locks'][number]): SyncSummary {
  const { acquisitions, collisions, blocks, waitNs } = lock.counters;
  return { name, kind: lock.kind, acquisitions, collisions, blocks, waitNs, heldNs: lock.heldNs };
}

/** The big lock, if anybody ever needed it. */
function bigLockOf({ bigLock }: Kernel): SyncSummary[] {
  const { acquisitions, collisions } = bigLock.counters;
  if (acquisitions === 0) return [];
  return [{ name: bigLock.name, kind: 'big lock', acquisitions, collisions, heldNs: bigLock.heldNs }];
}
