// Partitioned multiprocessing, DragonFly's design: each CPU has the connections whose hash says so, and its protocol thread alone
// works on them. What others want of it they ask by message; only the socket's buffers are shared, under a token (kernel.md §6, §10 P).

import type { Kernel } from '../../kernel';
import { Protocol } from '../../packet';
import { GIANT, TokenHolding } from '../placed/holding';
import type { Model } from './model';

/** Distance of two sockets in memory; the pool of tokens goes by addresses. */
const SOCKET_BYTES = 512;

/** @param mpsafe which protocols do without the big lock (kernel.md §6.8) */
export function pmpModel(
  kernel: Kernel,
  cpus: number,
  mpsafe: { readonly tcp: boolean; readonly udp: boolean },
): Model {
  const tcpHeld = mpsafe.tcp ? [] : [GIANT];
  const udpHeld = mpsafe.udp ? [] : [GIANT];
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
      return { work: tcpHeld, buffer: new TokenHolding(kernel.tokenPool.of(sockets * SOCKET_BYTES)) };
    },
    strangers: (_partition, protocol) => (protocol === Protocol.tcp ? tcpHeld : udpHeld),
    acceptHolding: (name) => new TokenHolding(kernel.token(name)),
  };
}
