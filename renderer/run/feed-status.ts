// How far a run is, by what is heard of it. Word comes two ways, over the run's own port and from main, and neither waits for the other:
// what a dead runner had sent may arrive after the news of its death.

import type { RunnerMessage } from '../../electron/ipc';
import type { RunSummary } from '../../core/measure';

export type FeedState = 'starting' | 'running' | 'paused' | 'finished' | 'stopped' | 'failed';

export interface FeedStatus {
  readonly state: FeedState;
  readonly nowNs: number;
  readonly endNs: number;
  readonly events: number;
  readonly packets: number;
  readonly rate: number;
  readonly leftSeconds: number | undefined;
  readonly reason: string | undefined;
  readonly summary: RunSummary | undefined;
}

/** The process is gone without a word. */
export interface Lost {
  readonly type: 'lost';
  readonly reason: string;
}

export const BEGINNING: FeedStatus = {
  state: 'starting',
  nowNs: 0,
  endNs: 0,
  events: 0,
  packets: 0,
  rate: 0,
  leftSeconds: undefined,
  reason: undefined,
  summary: undefined,
};

export function hasEnded({ state }: FeedStatus): boolean {
  return state === 'finished' || state === 'stopped' || state === 'failed';
}

/** The status after a message. A run that has ended does not go on again; only how far it was may still become known. */
export function statusAfter(status: FeedStatus, news: RunnerMessage | Lost): FeedStatus {
  switch (news.type) {
    case 'ready':
      return { ...status, endNs: news.endNs };
    case 'batch': {
      const { nowNs, events, packets, state, rate, leftSeconds } = news;
      const reached = { ...status, nowNs, events, packets };
      return hasEnded(status) ? reached : { ...reached, state, rate, leftSeconds };
    }
    case 'finished':
      return { ...status, ...ENDED, state: news.outcome, summary: news.summary as RunSummary };
    case 'failed':
      return { ...status, ...ENDED, state: 'failed', reason: news.reason };
    case 'lost':
      return hasEnded(status) ? status : { ...status, ...ENDED, state: 'failed', reason: news.reason };
    default:
      return status;
  }
}

const ENDED = { leftSeconds: undefined, rate: 0 } as const;
