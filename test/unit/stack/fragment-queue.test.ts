// Reassembly: order, overlaps, duplicates, time, and identifications that come again; against a map of bytes.

import { expect, test } from 'vitest';
import { nanos, type NodeId, seqNum } from '../../../core/base';
import { Streams } from '../../../core/engine';
import { cutFragments, Packet, PacketPool, Protocol } from '../../../core/packet';
import { FragmentQueue } from '../../../core/stack/fragment-queue';

const SECOND = 1e9;

function datagram(payloadBytes: number, ipId = 1, seq = 0, src = 3): Packet {
  const packet = new Packet();
  packet.protocol = Protocol.udp;
  packet.src = src as NodeId;
  packet.ipId = ipId;
  packet.srcPort = 7;
  packet.dstPort = 8;
  packet.seq = seqNum(seq);
  packet.payloadBytes = payloadBytes;
  packet.ipBytes = 28 + payloadBytes;
  return packet;
}

function piecesOf(packet: Packet, mtuBytes: number): Packet[] {
  const pieces: Packet[] = [];
  cutFragments(packet, mtuBytes, new PacketPool(), (piece) => pieces.push(piece));
  return pieces;
}

test('a datagram is whole with its last missing piece, in whatever order they come', () => {
  for (const order of [
    [0, 1, 2],
    [2, 1, 0],
    [1, 2, 0],
    [2, 0, 1],
  ]) {
    const queue = new FragmentQueue();
    const pieces = piecesOf(datagram(4000, 9, 500), 1500);
    const whole = order.map((index) => queue.add(pieces[index]!, nanos(0)));
    expect(whole).toEqual([false, false, true]);
    const last = pieces[order[2]!]!;
    expect([last.payloadBytes, last.ipBytes, last.seq, last.fragment]).toEqual([4000, 4028, seqNum(500), undefined]);
    expect(queue.length).toBe(0);
  }
});

test('a piece that comes again is counted and changes nothing', () => {
  const queue = new FragmentQueue();
  const [first, second] = piecesOf(datagram(2000), 1500);
  expect(queue.add(first!, nanos(0))).toBe(false);
  expect(queue.add(piecesOf(datagram(2000), 1500)[0]!, nanos(0))).toBe(false);
  expect(queue.counters.duplicates).toBe(1);
  expect(queue.add(second!, nanos(0))).toBe(true);
});

test('pieces of one datagram cut in two ways overlap, and fit', () => {
  const queue = new FragmentQueue();
  const coarse = piecesOf(datagram(4000), 1500);
  const fine = piecesOf(datagram(4000), 576);
  expect(queue.add(coarse[1]!, nanos(0))).toBe(false);
  expect(fine.slice(0, -1).some((piece) => queue.add(piece, nanos(0)))).toBe(false);
  // The coarse one, from 1480 to 2960, has those from 1656 and 2208 in it.
  expect(queue.counters.duplicates).toBe(2);
  expect(queue.add(fine.at(-1)!, nanos(0))).toBe(true);
  expect(queue.counters.reassembled).toBe(1);
});

test('half a minute after its first piece a datagram is forgotten, and what comes then begins it anew', () => {
  const queue = new FragmentQueue();
  const [first, second] = piecesOf(datagram(2000), 1500);
  queue.add(first!, nanos(SECOND));
  queue.expire(nanos(31 * SECOND - 1));
  expect(queue.length).toBe(1);
  expect(queue.add(second!, nanos(31 * SECOND))).toBe(false);
  expect(queue.counters.timedOut).toBe(1);
  expect(queue.length).toBe(1);
  queue.expire(nanos(100 * SECOND));
  expect(queue.counters.timedOut).toBe(2);
});

test('a piece does not prolong the wait', () => {
  const queue = new FragmentQueue();
  const pieces = piecesOf(datagram(4000), 1500);
  queue.add(pieces[0]!, nanos(0));
  queue.add(pieces[1]!, nanos(29 * SECOND));
  expect(queue.add(pieces[2]!, nanos(30 * SECOND))).toBe(false);
});

test('pieces of two datagrams with one identification do not make one; those of two senders never meet', () => {
  const queue = new FragmentQueue();
  const [first] = piecesOf(datagram(2000, 5, 0), 1500);
  const [, second] = piecesOf(datagram(2000, 5, 2000), 1500);
  expect(queue.add(first!, nanos(0))).toBe(false);
  expect(queue.add(second!, nanos(0))).toBe(false);
  expect(queue.counters).toMatchObject({ mixed: 1, reassembled: 0 });
  expect(queue.length).toBe(0);
  const ours = piecesOf(datagram(2000, 5, 0, 3), 1500);
  const theirs = piecesOf(datagram(2000, 5, 0, 4), 1500);
  expect([ours[0]!, theirs[1]!, theirs[0]!, ours[1]!].map((piece) => queue.add(piece, nanos(0)))).toEqual([
    false,
    false,
    true,
    true,
  ]);
});

test('what becomes whole is exactly what a map of bytes says', () => {
  for (let seed = 1; seed <= 150; seed += 1) {
    const random = new Streams(seed).named('fragments');
    const queue = new FragmentQueue();
    const arriving: { piece: Packet; id: number; at: number }[] = [];
    const sizes = Array.from({ length: 20 }, () => 60 + random.integer(random.chance(0.1) ? 65_000 : 6000));
    let offset = 0;
    sizes.forEach((size, id) => {
      for (const mtu of random.chance(0.2) ? [1500, 576] : [[68, 576, 1500][random.integer(3)]!]) {
        for (const piece of piecesOf(datagram(size, id, offset), mtu)) {
          if (piece.fragment!.datagramBytes <= mtu - 20) continue;
          const copies = random.chance(0.02) ? 0 : random.chance(0.05) ? 2 : 1;
          for (let copy = 0; copy < copies; copy += 1)
            arriving.push({ piece: Object.assign(new Packet(), piece), id, at: random.uniformBetween(0, 1) });
        }
      }
      offset += size;
    });
    arriving.sort((a, b) => a.at - b.at);
    const maps = sizes.map((size) => new Uint8Array(size + 8));
    for (const { piece, id } of arriving) {
      const { offsetBytes } = piece.fragment!;
      maps[id]!.fill(1, offsetBytes, offsetBytes + piece.ipBytes - 20);
      const wanted = !maps[id]!.includes(0);
      expect(queue.add(piece, nanos(0)), `seed ${String(seed)}, datagram ${String(id)}`).toBe(wanted);
      if (!wanted) continue;
      expect(piece.payloadBytes).toBe(sizes[id]);
      // What comes later begins a datagram of its own.
      maps[id]!.fill(0);
    }
  }
});
