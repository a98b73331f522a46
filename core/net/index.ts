// net: what lies between hosts. Links with their queues, losses and changes, routers, shortest paths.
// Knows packets and time; no TCP, no host, no scenario. Realises product.md §2 (5: network) and architecture.md §1.

export { Link } from './link';
export type { LinkObserver, LinkOptions, PacketReceiver, Reordering } from './link-options';
export { BernoulliLoss } from './loss/bernoulli';
export type { GilbertElliottOptions } from './loss/gilbert-elliott';
export { GilbertElliottLoss } from './loss/gilbert-elliott';
export type { FlowDrops } from './loss/list';
export { ListLoss } from './loss/list';
export type { LossModel } from './loss/loss-model';
export type { CodelOptions } from './queue/codel';
export { Codel } from './queue/codel';
export { HeadDropQueue } from './queue/head-drop-queue';
export type { RedOptions } from './queue/red';
export { Red } from './queue/red';
export type { RouterCounters } from './router';
export { Router } from './router';
export { linkCostNs, RouteGraph } from './routing';
