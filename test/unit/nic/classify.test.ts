// Classification (kernel.md §6.3): the vectors of the Microsoft and the DragonFly key, and what both hashes do to flows.

import { expect, test } from 'vitest';
import { Classifier, symmetricHash, symmetricKey, toeplitz } from '../../../core/nic';
import { parseIpv4, Protocol } from '../../../core/packet';

/** The verification key of the RSS specification. */
const MICROSOFT_KEY = Uint8Array.from(
  Buffer.from('6d5a56da255b0ec24167253d43a38fb0d0ca2bcbae7b30b477cb2da38030f20c6a42b73bbeac01fa', 'hex'),
);

function input(from: string, to: string, ports: readonly number[]): Uint8Array {
  const bytes = [from, to].flatMap((address) => address.split('.').map(Number));
  return Uint8Array.from([...bytes, ...ports.flatMap((port) => [port >> 8, port & 0xff])]);
}

test.each([
  ['66.9.149.187', 2794, '161.142.100.80', 1766, 0x51ccc178, 0x323e8fc2, 0x9fcc9fcc, 0x0a590a59],
  ['199.92.111.2', 14_230, '65.69.140.83', 4739, 0xc626b0ea, 0xd718262a, 0x60d760d7, undefined],
])('Toeplitz hash of %s:%i to %s:%i', (from, fromPort, to, toPort, withPorts, addresses, dragonfly, addressesOnly) => {
  expect(toeplitz(input(from, to, [fromPort, toPort]), MICROSOFT_KEY)).toBe(withPorts);
  expect(toeplitz(input(from, to, []), MICROSOFT_KEY)).toBe(addresses);
  const key = symmetricKey(40);
  expect(toeplitz(input(from, to, [fromPort, toPort]), key)).toBe(dragonfly);
  expect(toeplitz(input(to, from, [toPort, fromPort]), key)).toBe(dragonfly);
  // The two tables do what the definition says, for both directions.
  expect(symmetricHash(parseIpv4(from)!, parseIpv4(to)!, fromPort, toPort)).toBe(dragonfly);
  expect(symmetricHash(parseIpv4(to)!, parseIpv4(from)!, toPort, fromPort)).toBe(dragonfly);
  if (addressesOnly !== undefined) expect(symmetricHash(parseIpv4(from)!, parseIpv4(to)!, 0, 0)).toBe(addressesOnly);
});

function loads(hash: 'xor' | 'toeplitz', cpus: number, ports: readonly number[]): number[] {
  const classifier = new Classifier(hash, cpus, [0x0a000001, 0x0a000002]);
  const counts = new Array<number>(cpus).fill(0);
  for (const port of ports) counts[classifier.cpuOfHash(classifier.hashOf(Protocol.tcp, 0, port, 1, 80))]! += 1;
  return counts;
}

test.each([4, 8, 16])('even ports leave half of %i CPUs idle with the xor hash, none with Toeplitz', (cpus) => {
  const even = Array.from({ length: 4096 }, (_, index) => 1024 + 2 * index);
  const mean = even.length / cpus;
  const xor = loads('xor', cpus, even);
  expect(xor.filter((count) => count === 0)).toHaveLength(cpus / 2);
  expect(Math.max(...xor) / mean).toBe(2);
  expect(Math.max(...loads('toeplitz', cpus, even)) / mean).toBeLessThan(1.05);
});

test('both directions of a flow have one CPU, UDP goes by addresses only, and six CPUs are all used', () => {
  for (const hash of ['xor', 'toeplitz'] as const) {
    const classifier = new Classifier(hash, 6, [0x0a000001, 0xc0a80107]);
    const used = new Set<number>();
    for (let port = 1024; port < 2048; port += 1) {
      const there = classifier.cpuOfHash(classifier.hashOf(Protocol.tcp, 0, port, 1, 443));
      expect(classifier.cpuOfHash(classifier.hashOf(Protocol.tcp, 1, 443, 0, port))).toBe(there);
      used.add(there);
    }
    expect([...used].sort()).toEqual(hash === 'xor' ? [0, 1, 2, 3] : [0, 1, 2, 3, 4, 5]);
  }
  const classifier = new Classifier('toeplitz', 8, [0x0a000001, 0xc0a80107]);
  expect(classifier.hashOf(Protocol.udp, 0, 1, 1, 2)).toBe(classifier.hashOf(Protocol.udp, 0, 77, 1, 99));
});
