// nic: a network interface with rings, DMA, moderated interrupts, classification and TCP segmentation. Costs bus and wire time
// only; what its driver does on a CPU is the stack's. Realises kernel.md §6.3 and §9.2-§9.3.

export { Classifier, type HashName } from './classify';
export type { NicCounters } from './counters';
export { CLUSTER_BYTES } from './dma';
export { Nic, type WireTap } from './nic';
export type { NicOptions } from './options';
export { cutSegment, type IpIdMode, segmentsOf } from './segmenter';
export { symmetricHash, symmetricKey, toeplitz } from './toeplitz';
