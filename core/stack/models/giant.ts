// Giant: one lock around all of the kernel's network code, taken by whoever enters it; FreeBSD 4. Frames wait for a software
// interrupt; what applications do outside of the kernel runs in parallel (kernel.md §10 G).

import { GIANT } from '../placed/holding';
import type { Model } from './model';

export function giantModel(): Model {
  const held = [GIANT];
  return {
    partitions: 1,
    inputPlace: 'software interrupt',
    sendsMessages: false,
    isPartitioned: false,
    driver: held,
    givesTableBack: false,
    lookup: undefined,
    partitionOf: () => 0,
    holdingsOf: () => ({ work: held, buffer: undefined }),
    strangers: () => held,
    acceptHolding: () => GIANT,
  };
}
