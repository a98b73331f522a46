// What is said of a lab's result that is kept: how it ended, when it ran, and whether this program made it.

import type { KeptLab } from '../../../electron/ipc';

/** `All 5 checks hold`, `2 of 5 checks do not hold`. */
export function verdictWords({ checks, failed }: Pick<KeptLab, 'checks' | 'failed'>): string {
  if (failed === 0) return checks === 1 ? 'The check holds' : `All ${String(checks)} checks hold`;
  return `${String(failed)} of ${String(checks)} checks ${failed === 1 ? 'does' : 'do'} not hold`;
}

/** In this machine's own time. */
export function whenWords(atMs: number): string {
  return new Date(atMs).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

/** Undefined for what this version made itself. */
export function otherVersionWords({ program }: Pick<KeptLab, 'program'>, version: string): string | undefined {
  if (program === version) return undefined;
  return `Made by Odonata ${program}; this is ${version}. Run it again to see what this version finds.`;
}

/** A line for a list. */
export function resultWords(kept: KeptLab, version: string): string {
  const made = kept.program === version ? '' : `, by Odonata ${kept.program}`;
  return `${kept.quick ? 'Quick' : 'Full'} run, ${whenWords(kept.ranAt)}${made}: ${verdictWords(kept).toLowerCase()}`;
}
