// Exactly these packets are lost: the n-th data packet of a flow that reaches the link, counted from 1 in the
// order of arrival, retransmissions included. What a paper's figure or a class needs.

import type { FlowId } from '../../base';
import type { Packet } from '../../packet';
import type { LossModel } from './loss-model';

export class ListLoss implements LossModel {
  private readonly plans = new Map<FlowId, { seen: number; readonly drops: ReadonlySet<number> }>();

  /** @param drops for each flow the ordinals of the data packets to lose */
  constructor(drops: Iterable<readonly [FlowId, Iterable<number>]>) {
    for (const [flow, ordinals] of drops) this.plans.set(flow, { seen: 0, drops: new Set(ordinals) });
  }

  dropsOnEntry(packet: Packet): boolean {
    if (packet.payloadBytes === 0) return false;
    const plan = this.plans.get(packet.flow);
    if (plan === undefined) return false;
    plan.seen += 1;
    return plan.drops.has(plan.seen);
  }

  losesOnWire(): boolean {
    return false;
  }
}
