// What a CPU executes: a thread, or an interrupt handler above it. Costs are charged as a step is taken and paid before
// the next one (style.md §3.5: a meter, not a yield for each cost).

import type { CauseId } from '../base';
import type { Cpu } from './cpu';

/** What a frame busy-waits for. */
export const Spin = {
  none: 0,
  /** A lock; whether it may be interrupted meanwhile is up to its critical section. */
  lock: 1,
  /** Something that only IPIs bring: room in a ring, an answer. The CPU works on its own rings meanwhile. */
  draining: 2,
} as const;
export type Spin = (typeof Spin)[keyof typeof Spin];

export interface Frame {
  /** Charged and not yet paid, ns. An interruption leaves what remains. */
  billNs: number;
  spin: Spin;
  /** What made it do what it does now, and the record of its being on the CPU; while causes are recorded. */
  cause: CauseId;
  slice: CauseId;
  /** Takes the next step; the bill is paid. */
  step(cpu: Cpu): void;
  /** Time that the CPU has given to this frame. */
  account(ns: number): void;
}
