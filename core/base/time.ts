// Instants of virtual time. Integer nanoseconds in a double: exact up to 2^53 ns = 104 days.
// Instants are branded, spans are plain numbers whose names end in `Ns` (style.md §3.3).

import type { Brand } from './brand';

/** An instant of virtual time, integer nanoseconds since the start of the run. */
export type Nanos = Brand<number, 'Nanos'>;

export const TIME_ZERO = 0 as Nanos;

/** Later than every instant of any run; also the deadline of a timer that is not armed. */
export const TIME_NEVER = Number.MAX_SAFE_INTEGER as Nanos;

export const NS_PER_US = 1_000;
export const NS_PER_MS = 1_000_000;
export const NS_PER_SECOND = 1_000_000_000;

/** The instant `delayNs` after `instant`. `delayNs` must be an integer. */
export function plus(instant: Nanos, delayNs: number): Nanos {
  return (instant + delayNs) as Nanos;
}

/** The span from `earlier` to `later`, in nanoseconds; negative if they are the other way round. */
export function spanNs(earlier: Nanos, later: Nanos): number {
  return later - earlier;
}

/** Whether `a` is strictly before `b`. */
export function before(a: Nanos, b: Nanos): boolean {
  return (a as number) < (b as number);
}

/** An instant from a count of nanoseconds that arrives from outside (a scenario, a test). */
export function nanos(value: number): Nanos {
  return value as Nanos;
}
