// How far the window says a run is. Its own port and main both tell of it, and neither waits for the other.

import { expect, test } from 'vitest';
import type { RunnerMessage } from '../../../electron/ipc';
import { BEGINNING, statusAfter } from '../../../renderer/run/feed-status';

function batch(nowNs: number): RunnerMessage {
  return {
    type: 'batch',
    batch: nowNs / 1e9,
    nowNs,
    events: nowNs / 1000,
    packets: nowNs / 1e6,
    rate: 5,
    leftSeconds: 7,
    state: 'running',
    samples: new Float64Array(0),
    links: new Float64Array(0),
  };
}

const running = statusAfter(BEGINNING, batch(1e9));
const lost = { type: 'lost', reason: 'the process of this run ended unexpectedly' } as const;

test('a run that goes on is as far as its last batch', () => {
  expect(running).toMatchObject({ state: 'running', nowNs: 1e9, events: 1e6, packets: 1000, rate: 5, leftSeconds: 7 });
});

test('a run that died stays failed, though what it had sent before comes after the news of its death', () => {
  const late = statusAfter(statusAfter(running, lost), batch(2e9));
  expect(late).toMatchObject({ state: 'failed', reason: lost.reason, nowNs: 2e9, rate: 0, leftSeconds: undefined });
});

test('a run that has finished is not failed by the end of its process', () => {
  const finished = statusAfter(running, { type: 'finished', outcome: 'finished', summary: {} });
  expect(statusAfter(finished, lost)).toBe(finished);
  expect(finished).toMatchObject({ state: 'finished', reason: undefined, rate: 0 });
});

test('a run that died is taken at its own word when that arrives late', () => {
  const failed = statusAfter(statusAfter(running, lost), { type: 'failed', reason: 'out of memory' });
  expect(failed).toMatchObject({ state: 'failed', reason: 'out of memory' });
});
