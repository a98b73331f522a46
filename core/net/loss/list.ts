// Exactly these packets are lost: the n-th data packet of a flow that reaches the link for the first time, counted
// from 1, and the n-th retransmission. What a paper's figure or a class needs.

import type { FlowId } from '../../base';
import { isRetransmission, type Packet } from '../../packet';
import type { LossModel } from './loss-model';

/** Ordinals, from 1, of what is lost of one flow. */
export interface FlowDrops {
  readonly flow: FlowId;
  /** Of the data packets that are sent for the first time. */
  readonly packets: readonly number[];
  /** Of the retransmissions. */
  readonly retransmissions: readonly number[];
}

export class ListLoss implements LossModel {
  private readonly plans = new Map<
    FlowId,
    {
      first: number;
      again: number;
      readonly packets: ReadonlySet<number>;
      readonly retransmissions: ReadonlySet<number>;
    }
  >();

  constructor(drops: readonly FlowDrops[]) {
    for (const { flow, packets, retransmissions } of drops) {
      this.plans.set(flow, {
        first: 0,
        again: 0,
        packets: new Set(packets),
        retransmissions: new Set(retransmissions),
      });
    }
  }

  dropsOnEntry(packet: Packet): boolean {
    if (packet.payloadBytes === 0) return false;
    const plan = this.plans.get(packet.flow);
    if (plan === undefined) return false;
    if (isRetransmission(packet.reason)) {
      plan.again += 1;
      return plan.retransmissions.has(plan.again);
    }
    plan.first += 1;
    return plan.packets.has(plan.first);
  }

  losesOnWire(): boolean {
    return false;
  }
}
