// What accesses cost, by who had the line last, and what a cache keeps (kernel.md §7, §11).

import { describe, expect, test } from 'vitest';
import { Cache, Machine, PROFILES } from '../../../core/machine';

const profile = PROFILES['opteron-1800'];

describe('a line', () => {
  test('is a hit for who has it, and comes from memory to the first', () => {
    const line = new Machine(profile, 4).line();
    expect(line.read(0)).toBe(profile.dramNs);
    expect(line.read(0)).toBe(profile.l1HitNs);
    expect(line.write(0)).toBe(profile.l1HitNs);
    expect(line.transfers).toBe(0);
  });

  test('travels to who reads what another has written, and is then shared', () => {
    const line = new Machine(profile, 4).line();
    line.write(0);
    expect(line.modifiedBy).toBe(0);
    expect(line.read(1)).toBe(profile.lineTransferNs);
    expect(line.modifiedBy).toBe(-1);
    expect(line.read(0)).toBe(profile.l1HitNs);
    expect(line.read(1)).toBe(profile.l1HitNs);
  });

  test('is taken from all others by who writes', () => {
    const line = new Machine(profile, 64).line();
    for (const cpu of [0, 31, 32, 63]) line.read(cpu);
    expect(line.write(63)).toBe(profile.lineTransferNs);
    expect(line.write(63)).toBe(profile.l1HitNs);
    for (const cpu of [0, 31, 32]) expect(line.read(cpu)).toBe(profile.lineTransferNs);
  });

  test('costs more from another socket, and an atomic operation more than a store', () => {
    const machine = new Machine(profile, 4, 2);
    const line = machine.line();
    line.write(0);
    expect(line.read(2)).toBeCloseTo(profile.lineTransferNs * profile.hopFactor);
    line.write(0);
    expect(line.atomic(0)).toBe(profile.atomicLocalNs);
    expect(line.atomic(1)).toBe(profile.atomicRemoteNs);
    expect(line.atomic(2)).toBeCloseTo(profile.atomicRemoteNs * profile.hopFactor);
  });

  test("McKenney's ratios: atomic, lock, transfer, remote atomic as 1 : 1.7 : 3.7 : 8.1", () => {
    const { atomicLocalNs, lockPairNs, lineTransferNs, atomicRemoteNs } = profile;
    expect(lockPairNs / atomicLocalNs).toBeCloseTo(1.7, 1);
    expect(lineTransferNs / atomicLocalNs).toBeCloseTo(3.7, 1);
    expect(atomicRemoteNs / atomicLocalNs).toBeCloseTo(8.1, 1);
  });
});

describe('a cache', () => {
  test('keeps what fits and evicts what was used longest ago', () => {
    const cache = new Cache({ bytes: 4 * 64, ways: 4 }, 64);
    expect(cache.touchRange(0, 4)).toBe(4);
    expect(cache.touchRange(0, 4)).toBe(0);
    cache.touch(0);
    cache.touch(99);
    expect(cache.touch(0)).toBe(true);
    expect(cache.touch(1)).toBe(false);
  });

  test('one line more than fits, again and again, always misses', () => {
    const cache = new Cache({ bytes: 64 * 1024, ways: 2 }, 64);
    const lines = 1024 + 512;
    cache.touchRange(0, lines);
    const missing = cache.touchRange(0, lines);
    // Sets with three lines for two places lose all of them; the others keep theirs.
    expect(missing).toBe(3 * 512);
  });

  test('lines of different sets do not disturb each other', () => {
    const cache = new Cache({ bytes: 8 * 64, ways: 2 }, 64);
    cache.touch(0);
    for (let line = 1; line < 4; line += 1) cache.touchRange(line, 1);
    expect(cache.touch(0)).toBe(true);
  });
});

test.each(Object.entries(PROFILES))('profile %s is one that can be', (name, { l1i, l1d, l2, lineBytes, ...costs }) => {
  expect(costs.name).toBe(name);
  for (const geometry of [l1i, l1d, l2]) expect(() => new Cache(geometry, lineBytes)).not.toThrow();
  expect(costs.atomicLocalNs).toBeLessThan(costs.atomicRemoteNs);
  expect(costs.l1HitNs).toBeLessThan(costs.l2HitNs);
  expect(costs.l2HitNs).toBeLessThan(costs.dramNs);
  expect(costs.switchNs).toBeLessThan(costs.addressSpaceNs);
});

test.each([
  [0, 1],
  [65, 1],
  [3, 2],
])('%d CPUs in %d sockets are refused', (cpus, sockets) => {
  expect(() => new Machine(profile, cpus, sockets)).toThrow();
});
