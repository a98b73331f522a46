// How a kernel behaves where its three epochs differ (kernel.md, "Three epochs must not be mixed up").

export interface KernelOptions {
  /**
   * Equal priorities take turns at each switch (`switch`, 2003) or at the clock tick (`tick`, 2008 on); kernel.md §1.2.
   */
  readonly rotation: 'switch' | 'tick';
  /** Who preempts: nobody, interrupt threads only (the design), or whoever has the higher priority; kernel.md §1.4. */
  readonly preemption: 'none' | 'interrupt' | 'full';
  /** Entries of an IPI ring; kernel.md §5. */
  readonly ipiRingEntries: number;
  /** A CPU that waits for room in a ring works on its own rings meanwhile; without it two full CPUs deadlock. */
  readonly drainsWhileSpinning: boolean;
  /** A message to a CPU that is about to look anyway sends no interrupt; kernel.md §5. */
  readonly ipiInterlock: boolean;
  /** Period of the clock tick, ns. */
  readonly tickNs: number;
  /** Which tokens the kernel has: owned by CPUs (2003, 2004), or an atomic word (2009); kernel.md §4.1. */
  readonly tokens: 'g1' | 'g2' | 'g3';
  /** Pauses of the last round of a spinning token request (token_backoff_max); kernel.md §4.1. */
  readonly tokenBackoffMax: number;
}

export const KERNEL_DEFAULTS: KernelOptions = {
  rotation: 'switch',
  preemption: 'interrupt',
  ipiRingEntries: 256,
  drainsWhileSpinning: true,
  ipiInterlock: true,
  tickNs: 10_000_000,
  tokens: 'g3',
  tokenBackoffMax: 4096,
};
