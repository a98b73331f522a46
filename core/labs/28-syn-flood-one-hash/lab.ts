// Experiment 28: a flood that knows the hash. One CPU gets all of it.

import { between, near } from '../checks';
import { CACHE_ENTRIES, flood } from '../flooded-server';
import type { Lab } from '../lab';

const CPUS = 4;

export const floodOneHash: Lab = {
  id: '28-syn-flood-one-hash',
  experiment: 28,
  title: 'A flood at one hash',
  slide: 'TCP syncache',
  topics: ['SYN cache', 'network stack'],
  mechanisms: ['SYN cache', 'classification', 'partitioning'],
  question: 'What does a flood do whose SYNs all belong to one CPU?',
  expected: 'That CPU works and evicts, the others hardly notice: people whose hash is another get through.',
  sources: ['kernel.md §8: a flood crafted to one hash loads one CPU only'],
  lookFor: 'A quarter of the people share the CPU that is flooded.',
  factors: [
    { name: 'tuples', label: 'Addresses and ports', levels: ['spread', 'one hash'] },
    { name: 'syns', label: 'SYNs of the flood', unit: '1/s', levels: [10_000, 30_000, 60_000], quick: [30_000] },
  ],
  measures: [
    { name: 'imbalance', label: 'Largest over mean load', unit: '1' },
    { name: 'success', label: 'People who got their answer', unit: '1' },
    { name: 'entries', label: 'Entries at the peak', unit: 'count' },
  ],
  replications: { full: 1, quick: 1 },
  chart: { x: 'syns', y: 'success', lines: ['tuples'] },

  measure({ tuples, syns }, setting) {
    const { run, success } = flood(
      {
        cpus: CPUS,
        synsPerSecond: Number(syns),
        queue: 'cache',
        oneHash: tuples === 'one hash',
        delayNs: 100e6,
      },
      setting,
    );
    const cache = run.after.hosts.find(({ id }) => id === 'server')!.synCache!;
    return { imbalance: run.imbalance, success, entries: cache.peakEntries };
  },

  checks(table) {
    const at = (measure: string, tuples: string): number => table.at(measure, { tuples, syns: 30_000 });
    return [
      near('load, spread', at('imbalance', 'spread'), 1, 0.1),
      between('load, one hash', at('imbalance', 'one hash'), 0.85 * CPUS, CPUS),
      near('people who get through, one hash', at('success', 'one hash'), 1 - 1 / CPUS, 0.15),
      between(
        'people who get through: spread over one hash',
        at('success', 'spread') / at('success', 'one hash'),
        0,
        0.8,
      ),
      between('entries, one hash', at('entries', 'one hash') / CACHE_ENTRIES, 0.3, 1.2),
    ];
  },
};
