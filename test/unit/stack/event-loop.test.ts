// Event-driven applications: one thread a CPU for all connections there, which waits for none of them alone.

import { expect, test } from 'vitest';
import type { RunSummary } from '../../../core/measure';
import { worldOf } from '../../worlds';

/** A server with a fast client and a slow one. */
function run(kernel: object, traffic: readonly object[], duration = '2s', fast: object = {}): RunSummary {
  const link = { rate: '1Gbps', delay: '100us', queue: { discipline: 'droptail', limit: '100p' } };
  const world = worldOf({
    format: 'odonata-scenario',
    version: 1,
    name: 'Events',
    seed: 1,
    duration,
    defaults: { tcp: { sendBuffer: '64KiB', rtoMin: '200ms' } },
    nodes: [
      { id: 'server', kind: 'host', machine: { cpus: 2, bus: 'pcie3-x16' }, kernel },
      { id: 'fast', kind: 'host' },
      { id: 'slow', kind: 'host' },
    ],
    links: [
      { id: 'a', from: 'server', to: 'fast', ...link, ...fast },
      { id: 'b', from: 'server', to: 'slow', ...link, rate: '100kbps' },
    ],
    traffic,
    probes: [],
  });
  world.run(world.endAt);
  return world.summary('finished', 0);
}

function transfer(id: string, to: string, size: string): object {
  return { id, kind: 'transfer', from: 'server', to, size };
}

function threadsOf({ cpus }: RunSummary, kind: string): string[] {
  return cpus.flatMap(({ threads }) => threads.map(({ name }) => name)).filter((name) => name.startsWith(kind));
}

test.each(['giant', 'mutex', 'grouplock', 'pmp'])('%s: two threads serve forty connections', (model) => {
  const many = Array.from({ length: 40 }, (_, index) => transfer(`t${String(index)}`, 'fast', '20kB'));
  const summary = run({ model, eventDriven: true }, many);
  expect(new Set(threadsOf(summary, 'event loop'))).toEqual(new Set(['event loop 0', 'event loop 1']));
  expect(threadsOf(summary, 'application')).toEqual([]);
  expect(summary.flows.map(({ bytesDelivered }) => bytesDelivered)).toEqual(many.map(() => 20_000));
});

test('a connection without room keeps nobody else waiting, with the same thread', () => {
  const traffic = [transfer('stuck', 'slow', '10MB'), transfer('quick', 'fast', '5MB')];
  const { flows } = run({ model: 'pmp', eventDriven: true, applications: 'first', sends: 'sync' }, traffic);
  const [stuck, quick] = flows;
  expect(stuck!.bytesDelivered).toBeLessThan(30_000);
  expect(quick!.bytesDelivered).toBe(5_000_000);
});

test('connections that are always ready take turns', () => {
  const all = ['one', 'other', 'third'].map((id) => ({ id, kind: 'bulk', from: 'server', to: 'fast' }));
  const kernel = { model: 'mutex', eventDriven: true, applications: 'first', write: '4KiB' };
  // So fast and roomy a link never keeps a connection waiting: the server's CPU is what they share, and who went on while it could would
  // have it alone.
  const fast = { rate: '10Gbps', delay: '20us', queue: { discipline: 'droptail', limit: '1000p' } };
  const bytes = run(kernel, all, '50ms', fast).flows.map(({ bytesDelivered }) => bytesDelivered);
  expect(Math.min(...bytes) / Math.max(...bytes)).toBeGreaterThan(0.9);
});

test('who sleeps is not woken by its socket, and goes on in time', () => {
  const sizes = { request: 100, response: 2000 };
  const asks = { id: 'asks', kind: 'request-response', from: 'server', to: 'fast', ...sizes, think: '100ms' };
  const [events, threads] = [true, false].map((eventDriven) => {
    const { flows } = run({ model: 'pmp', eventDriven }, [asks, transfer('other', 'fast', '1MB')], '350ms');
    return flows[0]!.bytesDelivered;
  });
  // The thought, and the delayed ACK of the last segment of an answer: two exchanges are through.
  expect([events, threads]).toEqual([2 * 2100, 2 * 2100]);
});
