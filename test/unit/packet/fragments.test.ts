// Fragments and ICMP errors: the arithmetic of RFC 791, and the bytes of both.

import { expect, test } from 'vitest';
import { type NodeId, seqNum } from '../../../core/base';
import {
  cutFragments,
  encodePacket,
  fillIcmpError,
  Flag,
  fragmentDataBytes,
  icmpErrorName,
  IcmpErrors,
  makeWhole,
  mayComplain,
  mayFragment,
  Packet,
  PacketPool,
  Protocol,
  sealTcp,
} from '../../../core/packet';

function datagram(payloadBytes: number): Packet {
  const packet = new Packet();
  packet.protocol = Protocol.udp;
  packet.srcPort = 1000;
  packet.dstPort = 2000;
  packet.ipId = 77;
  packet.seq = seqNum(123_456);
  packet.payloadBytes = payloadBytes;
  packet.ipBytes = 28 + payloadBytes;
  return packet;
}

function piecesOf(packet: Packet, mtuBytes: number, pool = new PacketPool()): Packet[] {
  const pieces: Packet[] = [];
  cutFragments(packet, mtuBytes, pool, (piece) => pieces.push(piece));
  return pieces;
}

/** Flags and offset as on the wire. */
function header(bytes: Uint8Array): { id: number; more: boolean; dontFragment: boolean; offsetBytes: number } {
  const field = (bytes[6]! << 8) | bytes[7]!;
  return {
    id: (bytes[4]! << 8) | bytes[5]!,
    more: (field & 0x2000) !== 0,
    dontFragment: (field & 0x4000) !== 0,
    offsetBytes: (field & 0x1fff) * 8,
  };
}

test.each([
  [1500, 1480],
  [1499, 1472],
  [576, 552],
  [68, 48],
])('with an MTU of %i a piece has %i bytes of data, a multiple of eight', (mtu, bytes) => {
  expect(fragmentDataBytes(mtu)).toBe(bytes);
});

test('a datagram of 4,000 bytes on an MTU of 1,500 is three pieces at 0, 1480 and 2960', () => {
  const pieces = piecesOf(datagram(4000), 1500);
  expect(pieces.map(({ fragment, ipBytes, payloadBytes }) => ({ ...fragment, ipBytes, payloadBytes }))).toEqual([
    { offsetBytes: 0, more: true, datagramBytes: 4008, ipBytes: 1500, payloadBytes: 1472 },
    { offsetBytes: 1480, more: true, datagramBytes: 4008, ipBytes: 1500, payloadBytes: 1480 },
    { offsetBytes: 2960, more: false, datagramBytes: 4008, ipBytes: 1068, payloadBytes: 1048 },
  ]);
});

test('pieces, cut again or not, are the datagram’s bytes in order, under one identification', () => {
  for (const payloadBytes of [1, 40, 41, 1472, 1473, 4000, 65_507]) {
    for (const [first, second] of [
      [1500, 1500],
      [1500, 576],
      [576, 68],
      [9000, 1006],
    ] as const) {
      const packet = datagram(payloadBytes);
      const whole = encodePacket(packet, 1, 2);
      const pieces = piecesOf(packet, first).flatMap((piece) =>
        piece.ipBytes > second ? piecesOf(piece, second) : [piece],
      );
      let at = 20;
      pieces.forEach((piece, index) => {
        const bytes = encodePacket(piece, 1, 2);
        expect(bytes.length).toBeLessThanOrEqual(second);
        expect(header(bytes)).toEqual({
          id: 77,
          more: index < pieces.length - 1,
          dontFragment: false,
          offsetBytes: at - 20,
        });
        expect(Buffer.compare(bytes.subarray(20), whole.subarray(at, at + bytes.length - 20))).toBe(0);
        at += bytes.length - 20;
      });
      expect(at).toBe(whole.length);
    }
  }
});

test('any piece can be made the whole again', () => {
  const packet = datagram(3000);
  for (const piece of piecesOf(packet, 576)) {
    makeWhole(piece);
    for (const field of ['seq', 'payloadBytes', 'ipBytes', 'fragment', 'srcPort', 'dstPort'] as const)
      expect(piece[field]).toEqual(packet[field]);
  }
});

test('TCP says "don’t fragment", UDP does not', () => {
  const segment = new Packet();
  sealTcp(segment);
  expect(mayFragment(segment)).toBe(false);
  expect(header(encodePacket(segment, 1, 2)).dontFragment).toBe(true);
  expect(mayFragment(datagram(10))).toBe(true);
  expect(header(encodePacket(datagram(10), 1, 2)).dontFragment).toBe(false);
});

test('an ICMP error has its MTU and quotes the header and eight bytes as they came', () => {
  const segment = new Packet();
  segment.src = 5 as NodeId;
  segment.srcPort = 5001;
  segment.dstPort = 49_152;
  segment.seq = seqNum(0xfedc_ba98);
  segment.flags = Flag.ack;
  segment.payloadBytes = 1460;
  segment.ttl = 61;
  sealTcp(segment);
  const error = new Packet();
  fillIcmpError(error, segment, 9 as NodeId, 'fragmentationNeeded', 1006);
  expect([error.src, error.dst, error.ipBytes]).toEqual([9, 5, 56]);
  const bytes = encodePacket(error, 0x0a000009, 0x0a000005, 0x0a000001);
  expect([...bytes.subarray(20, 22), ...bytes.subarray(24, 28)]).toEqual([3, 4, 0, 0, 1006 >> 8, 1006 & 0xff]);
  expect(bytes.subarray(28)).toEqual(encodePacket(segment, 0x0a000005, 0x0a000001).subarray(0, 28));
  let sum = 0;
  for (let i = 20; i < bytes.length; i += 2) sum += (bytes[i]! << 8) | bytes[i + 1]!;
  expect((sum & 0xffff) + (sum >> 16)).toBe(0xffff);
  // What is quoted stays what it was.
  segment.srcPort = 1;
  expect(error.icmp!.quoted.srcPort).toBe(5001);
});

test('nobody complains about a complaint or about a piece without a transport header', () => {
  const error = new Packet();
  fillIcmpError(error, datagram(10), 9 as NodeId, 'portUnreachable', 0);
  expect(mayComplain(error)).toBe(false);
  expect(piecesOf(datagram(4000), 1500).map(mayComplain)).toEqual([true, false, false]);
  expect(mayComplain(datagram(10))).toBe(true);
});

test('errors are known by type and code, and others are not', () => {
  for (const [name, { type, code }] of Object.entries(IcmpErrors)) expect(icmpErrorName(type, code)).toBe(name);
  expect(icmpErrorName(5, 1)).toBeUndefined();
});
