// What all hosts of one world share on their way to the network: the packet pool, the running hash of
// everything that hosts sent, the numbering of sockets, and an optional tap.

import { CauseKind, type DropReason, type FlowId, type Nanos, type NodeId, type SeqNum, seqToU32 } from '../base';
import type { Engine } from '../engine';
import { Flag, type Packet, type PacketLog, type PacketPool } from '../packet';

/** Sees every packet at a host's network interface, in the order of time. It must not keep or change the packet. */
export interface PacketTap {
  packet(at: Nanos, host: NodeId, direction: 'in' | 'out', packet: Packet): void;
}

const PRIME = 0x01000193;

export class Wire {
  tap: PacketTap | undefined = undefined;
  private hashA = 0x811c9dc5 | 0;
  private hashB = 0x2f0b4c47 | 0;
  private sockets = 0;
  /** Whose each socket is, while causes are recorded; empty otherwise. */
  readonly socketOwners: { readonly host: NodeId; readonly flow: FlowId; readonly port: number }[] = [];

  /** @param checked every connection's invariants are asserted after every entry (`--check`, tests) */
  constructor(
    readonly engine: Engine,
    readonly pool: PacketPool,
    readonly checked: boolean,
    /** Headers of what hosts send, while causes are recorded and somebody wants packets. */
    readonly packets: PacketLog | undefined = undefined,
  ) {}

  /** A number for a new socket, the subject of its cause records. */
  nextSocketIndex(host: NodeId, flow: FlowId, port: number): number {
    this.sockets += 1;
    if (this.engine.causes !== undefined) this.socketOwners.push({ host, flow, port });
    return this.sockets - 1;
  }

  /** Adds a packet that a host sends to the hash: when, between whom, and what the headers say. */
  note(packet: Packet, now: Nanos): void {
    let a = Math.imul(this.hashA ^ (now | 0), PRIME);
    a = Math.imul(a ^ raw(packet.seq), PRIME);
    a = Math.imul(a ^ (packet.payloadBytes | (packet.flags << 20)), PRIME);
    if ((packet.flags & Flag.urg) !== 0) a = Math.imul(a ^ packet.urgentPointer, PRIME);
    this.hashA = a ^ (a >>> 15);
    let b = Math.imul(this.hashB ^ raw(packet.ack), PRIME);
    b = Math.imul(b ^ ((packet.src << 16) ^ packet.dst), PRIME);
    b = Math.imul(b ^ ((packet.srcPort << 16) ^ packet.dstPort ^ packet.window), PRIME);
    this.hashB = b ^ (b >>> 15);
  }

  /**
   * Ends the life of a packet that never comes to a link.
   * @param direction of the network interface that had no room for it, -1 for none
   */
  dropUnsent(packet: Packet, direction: number, reason: DropReason): void {
    const { engine, packets } = this;
    if (engine.causes !== undefined) {
      if (packets !== undefined) packets.add(packet, engine.now);
      engine.causes.record(CauseKind.drop, engine.now, packet.cause, direction, reason);
    }
    this.pool.give(packet);
  }

  /** The hash so far, 16 hexadecimal digits. */
  get hash(): string {
    return (this.hashA >>> 0).toString(16).padStart(8, '0') + (this.hashB >>> 0).toString(16).padStart(8, '0');
  }
}

function raw(seq: SeqNum): number {
  return seqToU32(seq) | 0;
}
