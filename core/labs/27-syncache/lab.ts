// Experiment 27: what a flood of SYNs leaves to others, with full sockets for half-open connections, a cache, and cookies.

import { between } from '../checks';
import { CACHE_ENTRIES, flood, type Flood } from '../flooded-server';
import type { Lab } from '../lab';

/** Bytes of a cache entry on a 32-bit machine (kernel.md §8: 128 to 136). */
const ENTRY_BYTES = 136;

export const synCache: Lab = {
  id: '27-syncache',
  experiment: 27,
  title: 'TCP SYN cache',
  slide: 'TCP syncache',
  topics: ['SYN cache'],
  mechanisms: ['SYN cache', 'SYN cookies', 'backlog'],
  question: 'How many people get through to a server that is flooded with SYNs, and what memory does it take?',
  expected:
    'A backlog is full at once and nobody gets in. A cache keeps an entry for its capacity over the rate: who is faster than that gets in. Cookies make eviction harmless. More CPUs have more cache.',
  sources: ['Lemon, Resisting SYN flood DoS attacks with a SYN cache, BSDCon 2002', 'kernel.md §8'],
  lookFor: 'The round trip is 200 ms: an entry has to live that long.',
  factors: [
    { name: 'queue', label: 'Half-open connections', levels: ['backlog', 'cache', 'cache and cookies'] },
    { name: 'cpus', label: 'CPUs', unit: '1', levels: [1, 4] },
    { name: 'syns', label: 'SYNs of the flood', unit: '1/s', levels: [1000, 3000, 10_000, 30_000], quick: [10_000] },
  ],
  measures: [
    { name: 'success', label: 'People who got their answer', unit: '1' },
    { name: 'memory', label: 'Memory of the cache', unit: 'bytes' },
    { name: 'evictions', label: 'Entries evicted', unit: 'count' },
    { name: 'cookies', label: 'Connections from cookies', unit: 'count' },
  ],
  replications: { full: 1, quick: 1 },
  chart: { x: 'syns', log: true, y: 'success', lines: ['queue', 'cpus'] },

  measure({ queue, cpus, syns }, setting) {
    const { run, success } = flood(
      {
        cpus: Number(cpus),
        synsPerSecond: Number(syns),
        queue: queue as Flood['queue'],
        oneHash: false,
        delayNs: 100e6,
      },
      setting,
    );
    const cache = run.after.hosts.find(({ id }) => id === 'server')?.synCache;
    return {
      success,
      memory: cache?.peakBytes ?? 0,
      evictions: (cache?.bucketOverflows ?? 0) + (cache?.cacheOverflows ?? 0),
      cookies: cache?.cookies ?? 0,
    };
  },

  checks(table) {
    const at = (measure: string, queue: Flood['queue'], cpus: number): number =>
      table.at(measure, { queue, cpus, syns: 10_000 });
    return [
      between('people who get through a backlog', at('success', 'backlog', 1), 0, 0.05),
      between('through a cache whose entries live for 154 ms', at('success', 'cache', 1), 0, 0.4),
      between('through the caches of 4 CPUs, 614 ms', at('success', 'cache', 4), 0.9, 1),
      between('with cookies, one CPU', at('success', 'cache and cookies', 1), 0.95, 1),
      between(
        'memory, 4 CPUs, over what is allowed',
        at('memory', 'cache', 4) / (4 * CACHE_ENTRIES * ENTRY_BYTES),
        0.3,
        1.01,
      ),
    ];
  },
};
