// The stacks that labs compare, as the `kernel` of a scenario. "Hand-over" is PMP as it is at its worst: an application waits for
// its protocol thread with each send, wherever both run.

/** One write of an application is one segment, when a lab wants each send to be paid for. */
export const SEGMENT_WRITES = { write: 1448 } as const;

export const STACKS = {
  giant: { model: 'giant' },
  mutex: { model: 'mutex', tableLock: 'lookup' },
  'mutex, table held': { model: 'mutex', tableLock: 'held' },
  'group locks': { model: 'grouplock', groups: 128 },
  'pmp, hand-over': { model: 'pmp', protocolThreads: 'three', sends: 'sync', receives: 'sync', ackAggregation: false },
  'pmp, async': { model: 'pmp' },
  'pmp, async, pinned': { model: 'pmp', applications: 'flow' },
} as const;

export type StackName = keyof typeof STACKS;
