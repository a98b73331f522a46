// A function as an event, for what happens seldom: starts of flows, scheduled changes, arrivals of connections.
// Allocates; hot paths are targets themselves.

import type { Nanos } from '../base';
import type { Engine } from './engine';
import type { EventId, Priority } from './event-queue';

/** Calls `action` when virtual time reaches `at`; returns the event, for `engine.cancel`. */
export function callAt(engine: Engine, at: Nanos, priority: Priority, action: (now: Nanos) => void): EventId {
  return engine.schedule(
    at,
    priority,
    {
      onEvent: (now) => {
        action(now);
      },
    },
    0,
  );
}
