// What runners (command line, Electron runner, tests) see of a world.

import type { Nanos } from '../base';
import type { Engine, Probes } from '../engine';
import type { Series, RunSummary } from '../measure';

/** How to build a world; none of these changes the digest. */
export interface WorldOptions {
  /** Writes the cause log (for `--trace` and "why was this sent?"). */
  readonly causes?: boolean;
  /** Asserts invariants that are too dear for every run. */
  readonly check?: boolean;
}

/** A running world. */
export interface WorldFace {
  readonly engine: Engine;
  readonly probes: Probes;
  /** Instant at which the scenario ends. */
  readonly endAt: Nanos;
  /** Series recorded because the scenario's probes (or its defaults) ask for them. */
  readonly series: readonly Series[];
  /** Whether virtual time has reached `endAt`. */
  readonly finished: boolean;
  /** Packets put on any link so far. */
  readonly packets: number;
  /** Smoothed round-trip time of the first TCP flow, nanoseconds; undefined before it has one. */
  readonly firstSrttNs: number | undefined;
  /** Runs until `until` or for `maxEvents` events; returns the events run. Never passes `endAt`. */
  run(until: Nanos, maxEvents?: number): number;
  /** Runs until `count` more packets were put on links (or the end). */
  runPackets(count: number): void;
  /** Lets a listener hear a probe; returns how to stop. Does not change results. */
  listen(name: string, listener: (timeNs: number, value: number) => void): () => void;
  /** Fills, per link direction (forward, reverse, in the scenario's order): busy ns so far, packets queued now, drops so far. */
  linkState(into: Float64Array): void;
  /** The results up to now. `wallSeconds` is told by the caller, who has a clock. */
  summary(outcome: RunSummary['outcome'], wallSeconds: number, failure?: string): RunSummary;
}
