// engine: virtual time and order. Event queue, timers, named random streams, causes, probes.
// Knows nothing of networks, kernels or files. Realises architecture.md §2 and style.md §1.5.

export { callAt } from './call-at';
export type { CauseRecord } from './causes';
export { CauseLog } from './causes';
export { Engine } from './engine';
export type { EventId, EventTarget } from './event-queue';
export { EventQueue, Priority } from './event-queue';
export type { TimerOwner } from './lazy-timer';
export { LazyTimer } from './lazy-timer';
export type { ProbeFamily, ProbeField, ProbeInfo, ProbeListener } from './probes';
export { Probes } from './probes';
export { RandomStream, Streams } from '../base';
