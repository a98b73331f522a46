// What a CPU executes: a thread, or an interrupt handler above it. Costs are charged as a step is taken and paid before
// the next one (style.md §3.5: a meter, not a yield for each cost).

import type { Cpu } from './cpu';

export interface Frame {
  /** Charged and not yet paid, ns. An interruption leaves what remains. */
  billNs: number;
  /** It waits, busy, until somebody ends the spin. */
  spinning: boolean;
  /** Takes the next step; the bill is paid. */
  step(cpu: Cpu): void;
  /** Time that the CPU has given to this frame. */
  account(ns: number): void;
}
