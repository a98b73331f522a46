// Group locks: connections are divided into groups by their hash, with one lock for all of a group's state; the "ConnP-L" of
// Willmann, Rixner and Cox (USENIX 2006), much as Solaris 10. Whoever has work for a group takes its lock (kernel.md §10 L).

import { type Kernel, LockFamily, Mutex } from '../../kernel';
import { LockHolding } from '../placed/holding';
import type { Model } from './model';

export function groupLockModel(kernel: Kernel, groups: number): Model {
  const family = new LockFamily(kernel, 'connection groups', 'mutex');
  const locks = Array.from({ length: groups }, () => [new LockHolding(new Mutex(kernel, family.name, family))]);
  return {
    partitions: groups,
    inputPlace: 'interrupt',
    sendsMessages: false,
    isPartitioned: false,
    driver: [],
    givesTableBack: false,
    lookup: undefined,
    partitionOf: (flowHash) => flowHash % groups,
    holdingsOf: (partition) => ({ work: locks[partition]!, buffer: undefined }),
    strangers: (partition) => locks[partition]!,
    acceptHolding: (name) => new LockHolding(new Mutex(kernel, name)),
  };
}
