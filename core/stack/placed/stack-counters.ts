// What a placed stack counts besides what its protocols do (kernel.md §6.9).

export interface StackCounters {
  /** Packets that an owner was told of on another CPU, and on its own. */
  hops: number;
  local: number;
  /** Packets that a protocol thread got and passed on. */
  requeued: number;
  connectMoves: number;
  datagramMoves: number;
  /** ICMP errors that went to another CPU, which owns what they quote; and such that went round all. */
  icmpMoves: number;
  icmpRounds: number;
  /** Packets input by partition's CPU; for the balance. */
  readonly packetsByCpu: number[];
}

export function noStackCounts(cpus: number): StackCounters {
  return {
    hops: 0,
    local: 0,
    requeued: 0,
    connectMoves: 0,
    datagramMoves: 0,
    icmpMoves: 0,
    icmpRounds: 0,
    packetsByCpu: new Array<number>(cpus).fill(0),
  };
}
