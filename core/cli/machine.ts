// What this machine has.

import { freemem } from 'node:os';
import { getHeapStatistics } from 'node:v8';

/** Bytes that a run may use: what is free, and what the heap may grow to. */
export function availableMemory(): number {
  return Math.min(freemem(), getHeapStatistics().heap_size_limit);
}
