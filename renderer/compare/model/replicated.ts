// What became of replications that were stopped or failed, in a sentence; nothing when all of them finished.

export interface Replicated {
  readonly finished: number;
  /** Ended before their time, by Stop. */
  readonly stopped: number;
  readonly failed: number;
  /** Not begun. */
  readonly left: number;
}

const counted = (count: number, one: string, many: string): string => `${String(count)} ${count === 1 ? one : many}`;

export function replicatedText({ finished, stopped, failed, left }: Replicated): string | undefined {
  const total = finished + stopped + failed + left;
  if (finished === total) return undefined;
  const parts = [`${String(finished)} of ${counted(total, 'replication', 'replications')} finished`];
  if (stopped > 0)
    parts.push(
      `${counted(stopped, 'was', 'were')} ended early: ${stopped === 1 ? 'it is' : 'they are'} in Runs as stopped with what ${stopped === 1 ? 'it' : 'they'} measured, and not counted here`,
    );
  if (left > 0) parts.push(`${counted(left, 'was', 'were')} not begun`);
  if (failed > 0) parts.push(`${String(failed)} failed; Runs says why`);
  return `${stopped + left > 0 ? 'Stopped. ' : ''}${parts.join('; ')}.`;
}
