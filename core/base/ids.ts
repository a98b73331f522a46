// Identities inside a run. Small dense integers, so that they index arrays; the names that people gave
// (scenario ids) are kept by whoever made them.

import type { Brand } from './brand';

/** Index of a node (host, router) in its world. */
export type NodeId = Brand<number, 'NodeId'>;

/** Index of a traffic flow in its world; a flow may own many connections. */
export type FlowId = Brand<number, 'FlowId'>;

/** Row of the cause log; 0 means "nothing caused it" or "causes are off". */
export type CauseId = Brand<number, 'CauseId'>;

export const NO_CAUSE = 0 as CauseId;
