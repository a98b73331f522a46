// Files that the system gave: shown one after another. Until main hears that one was seen it gives it again to a window that loads anew,
// so none is lost.

import type { Arrival } from '../../electron/ipc';
import { attempt, call, on } from '../shared';

/** @param show what is done with each; it says when it need not be shown again */
export function useArrivals(show: (arrival: Arrival, seen: () => void) => void): { begin: () => Promise<void> } {
  const shown = new Set<number>();
  let turn = Promise.resolve();
  let begun = false;

  function look(): Promise<void> {
    turn = turn.then(async () => {
      for (const arrival of (await attempt(() => call('arrivals.list', undefined))) ?? []) showOnce(arrival);
    });
    return turn;
  }

  function showOnce(arrival: Arrival): void {
    const { id } = arrival;
    if (shown.has(id)) return;
    shown.add(id);
    show(arrival, () => void attempt(() => call('arrivals.seen', { id })));
  }

  on('arrivals.changed', () => {
    if (begun) void look();
  });

  return {
    /** From now on there is a place to show them. */
    begin: () => {
      begun = true;
      return look();
    },
  };
}
