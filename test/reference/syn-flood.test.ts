// A SYN flood against a web server (kernel.md §8): what is served, what it costs, and what cookies lose.

import { expect, test } from 'vitest';
import { resolved } from '../worlds';
import { FULL_CONNECTION_BYTES } from '../../core/tcp';
import { World } from '../../core/world';

/** Legitimate requests per second; each is answered within the run if its handshake succeeds. */
const REQUESTS = 100;
const BACKLOG = 128;

function flood(
  synsPerSecond: number,
  seconds: number,
  tcp: object,
  client: object = {},
): { served: number; peakEntries: number; cookies: number } {
  const scenario = {
    format: 'odonata-scenario',
    version: 1,
    name: 'SYN flood',
    seed: 7,
    duration: `${String(seconds)}s`,
    // A half-open socket lives for 75 s, as in the BSDs; a client tries for as long as the run lasts.
    defaults: { tcp: { connectTimeout: '75s', sack: true } },
    nodes: [
      { id: 'web', kind: 'host', tcp },
      { id: 'client', kind: 'host', tcp: client },
      { id: 'attacker', kind: 'host' },
      { id: 'r', kind: 'router' },
    ],
    links: [
      { id: 'access', from: 'r', to: 'web', rate: '10Gbps', delay: '1ms' },
      { id: 'c', from: 'client', to: 'r', rate: '1Gbps', delay: '20ms' },
      { id: 'a', from: 'attacker', to: 'r', rate: '10Gbps', delay: '5ms' },
    ],
    traffic: [
      {
        id: 'w',
        kind: 'web',
        from: 'web',
        to: 'client',
        port: 80,
        start: '500ms',
        arrivals: { process: 'periodic', rate: REQUESTS },
        size: '1kB',
      },
      { id: 'flood', kind: 'syn-flood', from: 'attacker', to: 'web', port: 80, syns: synsPerSecond },
    ],
  };
  const world = new World(resolved(scenario));
  world.run(world.endAt);
  const { flows, hosts } = world.summary('finished', 0);
  const asked = flows[0]!.connections;
  return {
    served: (flows[0]!.completionTimes?.count ?? 0) / asked,
    peakEntries: hosts[0]?.synCache?.peakEntries ?? 0,
    cookies: hosts[0]?.synCache?.cookies ?? 0,
  };
}

const BACKLOG_ONLY = { synQueue: 'backlog', backlog: BACKLOG };
const CACHE = { synQueue: 'cache', synCookies: false };
const COOKIES = { synQueue: 'cache', synCookies: true };
const LENIENT = { tolerateMissingTimestamps: true };
/** Requests of the last moments are still under way when the run ends. */
const ALL = 0.9;

test('without a flood everybody is served, whatever keeps the half-open connections', () => {
  for (const tcp of [BACKLOG_ONLY, CACHE, COOKIES]) expect(flood(0.001, 3, tcp).served).toBeGreaterThan(ALL);
});

test.each([1e3, 1e4])('%d SYN/s fill a backlog and nobody gets through; the cache serves all', (syns) => {
  expect(flood(syns, 4, BACKLOG_ONLY).served).toBeLessThan(0.02);
  const cache = flood(syns, 4, CACHE);
  expect(cache.served).toBeGreaterThan(ALL);
  expect(cache.cookies).toBe(0);
});

test('at 10⁵ SYN/s an entry still outlives a handshake of 42 ms: 15,360 entries last 154 ms', () => {
  const cache = flood(1e5, 2, CACHE);
  expect(cache.served).toBeGreaterThan(ALL - 0.1);
  expect(cache.peakEntries).toBe(15_360);
});

test('at 10⁶ SYN/s entries live for 15 ms: the cache alone serves few, cookies serve all, without options', () => {
  const cache = flood(1e6, 1.2, CACHE);
  // Clients of the time take segments without the timestamps that the SYN/ACK had agreed to.
  const cookies = flood(1e6, 1.2, COOKIES, LENIENT);
  expect(cache.served).toBeLessThan(0.1);
  expect(cookies.served).toBeGreaterThan(0.85);
  expect(cookies.cookies).toBeGreaterThan(50);
});

test('a client that keeps to RFC 7323 drops what a cookie connection sends: it has forgotten the timestamps', () => {
  expect(flood(5e5, 1, COOKIES).served).toBeLessThan(0.1);
});

test('what is kept is bounded: 2 MB of entries where full sockets would take 11 MB', () => {
  const { peakEntries } = flood(1e5, 1, CACHE);
  expect(peakEntries * 136).toBeLessThanOrEqual(2_088_960);
  expect(peakEntries * FULL_CONNECTION_BYTES).toBeGreaterThan(11e6);
});
