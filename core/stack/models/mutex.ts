// Fine-grained mutexes: a lock for the table of connections, one for each connection, one for each socket's buffers; FreeBSD 5
// and later, the "MsgP" of Willmann, Rixner and Cox (USENIX 2006). Frames are worked on where they came in (kernel.md §10 F).

import { type Kernel, LockFamily, Mutex } from '../../kernel';
import { LockHolding } from '../placed/holding';
import type { Model } from './model';

/** @param tableLock `held` while TCP works on a segment, as in 2006; or only while it looks up */
export function mutexModel(kernel: Kernel, tableLock: 'held' | 'lookup'): Model {
  const table = new LockHolding(new Mutex(kernel, 'connection table'));
  const pcbs = new LockFamily(kernel, 'connections', 'mutex');
  const buffers = new LockFamily(kernel, 'socket buffers', 'mutex');
  return {
    partitions: 1,
    inputPlace: 'interrupt',
    sendsMessages: false,
    isPartitioned: false,
    driver: [],
    givesTableBack: tableLock === 'held',
    lookup: tableLock === 'lookup' ? [table] : undefined,
    partitionOf: () => 0,
    holdingsOf: () => {
      const pcb = new LockHolding(new Mutex(kernel, pcbs.name, pcbs));
      const buffer = new LockHolding(new Mutex(kernel, buffers.name, buffers));
      return { work: tableLock === 'held' ? [table, pcb] : [pcb], buffer };
    },
    strangers: () => [table],
    acceptHolding: (name) => new LockHolding(new Mutex(kernel, name)),
  };
}
