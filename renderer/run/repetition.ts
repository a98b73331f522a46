// A stored run that is repeated for its packets: how far it is, and whether what it did is what the run did, in a sentence.

import type { RunRecord } from '../../electron/ipc';

export interface Repetition {
  readonly record: RunRecord;
  /** Version of the program that made the run, if known, and that of this one. */
  readonly madeBy: string | undefined;
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

const DIGEST_SHOWN = 12;
const brief = (digest: string | undefined): string => (digest ?? 'none').slice(0, DIGEST_SHOWN);
const seconds = (ns: number): string => `${String(Number((ns / 1e9).toPrecision(4)))} s`;

/** @param version of this program */
export function repetitionNews({ record, madeBy }: Repetition, status: Progress, version: string): RepetitionNews {
  const { state, summary, nowNs, endNs, reason } = status;
  switch (state) {
    case 'starting':
    case 'running':
    case 'paused':
      return {
        kind: 'going',
        text: 'is repeated with its packets recorded; until it ends nothing is known of its digest',
      };
    case 'failed':
      return { kind: 'failed', text: `could not be repeated: ${reason ?? 'nobody knows why'}` };
    case 'stopped':
      return {
        kind: 'cancelled',
        text: `was repeated up to ${seconds(nowNs)} of ${seconds(endNs)}; what was sent until then is here, the digest was not checked`,
      };
    case 'finished':
      return summary?.digest === record.digest
        ? { kind: 'same', text: `was repeated exactly: both have the digest ${brief(record.digest)}` }
        : { kind: 'other', text: `${otherText(record, summary?.digest)}${versionText(madeBy, version)}` };
  }
}

function otherText(record: RunRecord, digest: string | undefined): string {
  return `was repeated, but not exactly: its digest is ${brief(record.digest)}, that of the repetition ${brief(digest)}; what is shown here is what the repetition did`;
}

function versionText(madeBy: string | undefined, version: string): string {
  if (madeBy === undefined || madeBy === version) return '';
  return `. It was made by Odonata ${madeBy}, and this is ${version}`;
}
