// A server under a flood of SYNs, and the people who want something of it.

import type { Setting } from './lab';
import { type Measured, measureServer } from './on-network';

/** Sizes and rates are a tenth of DragonFly's (15,360 entries a CPU, 512 buckets), so that a run takes a tenth of the time. */
export const CACHE_ENTRIES = 1536;
const CACHE_BUCKETS = 51;

export interface Flood {
  readonly cpus: number;
  readonly synsPerSecond: number;
  readonly queue: 'backlog' | 'cache' | 'cache and cookies';
  /** All SYNs of the flood have one hash. */
  readonly oneHash: boolean;
  /** One way, ns: how long a handshake has to survive. */
  readonly delayNs: number;
}

const ARRIVALS_END_NS = 1.5e9;
const DURATION_NS = 2.2e9;

/** @returns the run, and of the connections that people tried the share that got their answer */
export function flood(
  { cpus, synsPerSecond, queue, oneHash, delayNs }: Flood,
  setting: Setting,
): { run: Measured; success: number } {
  const run = measureServer(
    {
      cpus,
      kernel: { model: 'pmp', acceptors: 2 },
      nic: { rings: cpus, interruptRate: 20_000, ringEntries: 1024 },
      rateBps: 1e9,
      delayNs,
      tcp: {
        synQueue: queue === 'backlog' ? 'backlog' : 'cache',
        backlog: 128,
        synCookies: queue === 'cache and cookies',
        synCacheLimit: CACHE_ENTRIES,
        synCacheBuckets: CACHE_BUCKETS,
        // A connection from a cookie has lost its timestamps; peers that insist on them (RFC 7323 §3.2) would drop all it sends.
        tolerateMissingTimestamps: true,
        msl: '100ms',
      },
      traffic: [
        {
          id: 'people',
          kind: 'web',
          from: 'server',
          to: 'client0',
          port: 80,
          start: '300ms',
          stop: ARRIVALS_END_NS,
          arrivals: { process: 'poisson', rate: 200 },
          size: 1000,
          request: 100,
        },
        { id: 'flood', kind: 'syn-flood', from: 'client0', to: 'server', port: 80, syns: synsPerSecond, oneHash },
      ],
      durationNs: DURATION_NS,
    },
    setting,
  );
  const people = run.after.flows.find(({ id }) => id === 'people')!;
  return { run, success: (people.completionTimes?.count ?? 0) / people.connections };
}
