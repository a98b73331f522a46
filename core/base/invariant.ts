// Our own mistakes stop the run (style.md §3.9): they are never turned into results.

/** Thrown when something that must hold does not. The runner adds virtual time and the event's cause. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/**
 * Throws InvariantError unless `condition` holds.
 * @param message names the invariant and what was seen, e.g. `'K4.2 token released out of order'`.
 */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}

/** For what is checked with every packet: `if (!condition) violated(message)` makes no message in vain. */
export function violated(message: string): never {
  throw new InvariantError(message);
}

/** The default branch of an exhaustive switch. */
export function unreachable(value: never): never {
  throw new InvariantError(`unreachable value: ${String(value)}`);
}
