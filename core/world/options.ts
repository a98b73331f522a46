// How a world is built, and nothing more: what runners see of it is the class World itself.

/** How to build a world; none of these changes the digest. */
export interface WorldOptions {
  /** Writes the cause log (for `--trace` and "why was this sent?"). */
  readonly causes?: boolean;
  /** Most records of it; what comes later is counted. */
  readonly causesMax?: number;
  /** Writes the headers of up to so many packets beside the cause log; needs it. */
  readonly packetsMax?: number;
  /** Checks every TCP connection's invariants after every entry, and those of kernels every few events. */
  readonly check?: boolean;
}
