// A stored run that is repeated for its packets: how far it is, and whether what it did is what the run did, in a sentence.

import type { RunRecord, StoppedAt } from '../../electron/ipc';

export interface Repetition {
  /** Of the run, or of the experiment that it belongs to. */
  readonly name: string;
  /** Which one it is: `seed 7, of 26.11.2026`. */
  readonly which: string;
  /** As it is stored. */
  readonly digest: string | undefined;
  /** Version of the program that made the run, if known. */
  readonly madeBy: string | undefined;
  /** Where it was stopped: it is repeated to there, and its digest is of what happened until then. */
  readonly stoppedAt?: StoppedAt | undefined;
}

/** A run of the library that is repeated. */
export function repetitionOf(
  { name, seed, startedAt, digest }: Pick<RunRecord, 'name' | 'seed' | 'startedAt' | 'digest'>,
  madeBy: string | undefined,
  stoppedAt: StoppedAt | undefined,
): Repetition {
  const which = `seed ${String(seed)}, of ${new Date(startedAt).toLocaleString()}`;
  return { name, which, digest, madeBy, stoppedAt };
}

/** What of the feed's status this is about. */
interface Progress {
  readonly state: 'starting' | 'running' | 'paused' | 'finished' | 'stopped' | 'failed';
  readonly nowNs: number;
  readonly endNs: number;
  readonly reason: string | undefined;
  readonly summary: { readonly digest: string } | undefined;
}

export interface RepetitionNews {
  readonly kind: 'going' | 'same' | 'other' | 'cancelled' | 'failed';
  readonly text: string;
}

/** How long a repetition takes, where that is known: `less than 1 s`, `about 12 s`. */
export function repeatTime(seconds: number): string {
  if (seconds < 1) return 'less than 1 s';
  return seconds > 90 ? `about ${(seconds / 60).toFixed(0)} min` : `about ${seconds.toFixed(0)} s`;
}

const DIGEST_SHOWN = 12;
const brief = (digest: string | undefined): string => (digest ?? 'none').slice(0, DIGEST_SHOWN);
const seconds = (ns: number): string => `${String(Number((ns / 1e9).toPrecision(4)))} s`;

/** @param version of this program */
export function repetitionNews(repetition: Repetition, status: Progress, version: string): RepetitionNews {
  const { digest, madeBy, stoppedAt } = repetition;
  const { state, summary, nowNs, endNs, reason } = status;
  const where = stoppedAt === undefined ? '' : ` up to where it was stopped, ${seconds(stoppedAt.atNs)},`;
  switch (state) {
    case 'starting':
    case 'running':
    case 'paused':
      return {
        kind: 'going',
        text: `is repeated${where} with its packets recorded; until it ends nothing is known of its digest`,
      };
    case 'failed':
      return { kind: 'failed', text: `could not be repeated: ${reason ?? 'nobody knows why'}` };
    case 'stopped':
      return {
        kind: 'cancelled',
        text: `was repeated up to ${seconds(nowNs)} of ${seconds(endNs)}; what was sent until then is here, the digest was not checked`,
      };
    case 'finished':
      return summary?.digest === digest
        ? { kind: 'same', text: sameText(digest, stoppedAt) }
        : { kind: 'other', text: `${otherText(where, digest, summary?.digest)}${versionText(madeBy, version)}` };
  }
}

function sameText(digest: string | undefined, stoppedAt: StoppedAt | undefined): string {
  if (stoppedAt === undefined) return `was repeated exactly: both have the digest ${brief(digest)}`;
  const { atNs, events } = stoppedAt;
  return `was repeated exactly up to where it was stopped, ${seconds(atNs)} and ${events.toLocaleString()} events: both have the digest ${brief(digest)} until there`;
}

function otherText(where: string, stored: string | undefined, digest: string | undefined): string {
  return `was repeated${where === '' ? ',' : where} but not exactly: its digest is ${brief(stored)}, that of the repetition ${brief(digest)}; what is shown here is what the repetition did`;
}

function versionText(madeBy: string | undefined, version: string): string {
  if (madeBy === undefined || madeBy === version) return '';
  return `. It was made by Odonata ${madeBy}, and this is ${version}`;
}
