// Partitioned multiprocessing, DragonFly's design: each CPU has the connections whose hash says so, and its protocol thread alone
// works on them. What others want of it they ask by message; only the socket's buffers are shared, under a token (kernel.md §6, §10 P).

import type { Kernel } from '../../kernel';
import { Protocol } from '../../packet';
import { GIANT, type Holding, TokenHolding } from '../placed/holding';
import type { Model } from './model';

/** Distance of two sockets in memory; the pool of tokens goes by addresses. */
const SOCKET_BYTES = 512;

const GIANT_ONLY = [GIANT];
const NOTHING: readonly Holding[] = [];

/** @param isMpsafe whether a protocol does without the big lock (kernel.md §6.8) */
export function pmpModel(kernel: Kernel, cpus: number, isMpsafe: (protocol: number) => boolean): Model {
  const heldBy = (protocol: number): readonly Holding[] => (isMpsafe(protocol) ? NOTHING : GIANT_ONLY);
  let sockets = 0;
  return {
    partitions: cpus,
    inputPlace: 'owner',
    sendsMessages: true,
    isPartitioned: true,
    driver: [],
    givesTableBack: false,
    lookup: undefined,
    partitionOf: (_flowHash, flowCpu) => flowCpu,
    holdingsOf: () => {
      sockets += 1;
      return { work: heldBy(Protocol.tcp), buffer: new TokenHolding(kernel.tokenPool.of(sockets * SOCKET_BYTES)) };
    },
    strangers: (_partition, protocol) => heldBy(protocol),
    acceptHolding: (name) => new TokenHolding(kernel.token(name)),
  };
}
