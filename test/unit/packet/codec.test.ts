import { expect, test } from 'vitest';
import { type NodeId, seqNum, tsVal } from '../../../core/base';
import { Streams } from '../../../core/engine';
import {
  decodePacket,
  encodePacket,
  Flag,
  formatIpv4,
  Option,
  Packet,
  parseIpv4,
  Protocol,
  sealTcp,
} from '../../../core/packet';

function randomPacket(random: ReturnType<Streams['named']>): Packet {
  const packet = new Packet();
  packet.src = 0 as NodeId;
  packet.protocol = random.integer(4) === 0 ? Protocol.udp : Protocol.tcp;
  packet.srcPort = random.integer(65_536);
  packet.dstPort = random.integer(65_536);
  packet.payloadBytes = random.integer(1400);
  packet.ipId = random.integer(65_536);
  if (packet.protocol === Protocol.udp) {
    packet.ipBytes = 28 + packet.payloadBytes;
    return packet;
  }
  packet.seq = seqNum(random.nextU32());
  packet.ack = seqNum(random.nextU32());
  packet.flags = Flag.ack | (random.integer(2) === 0 ? Flag.psh : 0);
  packet.window = random.integer(65_536);
  const syn = random.integer(3) === 0;
  if (syn) {
    packet.flags = Flag.syn | Flag.ack;
    packet.options = Option.mss | (random.integer(2) * Option.windowScale) | (random.integer(2) * Option.sackPermitted);
    packet.mss = 1460;
    packet.windowScale = (packet.options & Option.windowScale) === 0 ? 0 : 7;
  } else if (random.integer(2) === 0) {
    packet.flags |= Flag.urg;
    packet.urgentPointer = random.integer(65_536);
  } else if (random.integer(2) === 0) {
    packet.options |= Option.sack;
    packet.sackCount = 1 + random.integer(3);
    for (let i = 0; i < packet.sackCount; i += 1)
      packet.setSackBlock(i, seqNum(random.nextU32()), seqNum(random.nextU32()));
  }
  if (random.integer(2) === 0) {
    packet.options |= Option.timestamps;
    packet.tsVal = tsVal(random.nextU32());
    packet.tsEcr = tsVal(random.nextU32());
  }
  sealTcp(packet);
  return packet;
}

test('what is encoded decodes to the same packet, with right checksums', () => {
  const random = new Streams(5).named('codec');
  for (let i = 0; i < 500; i += 1) {
    const packet = randomPacket(random);
    const bytes = encodePacket(packet, parseIpv4('10.0.0.1')!, parseIpv4('10.0.0.2')!);
    const back = new Packet();
    expect(decodePacket(bytes, back)).toEqual({
      src: '10.0.0.1',
      dst: '10.0.0.2',
      payloadPresent: packet.payloadBytes,
      checksumOk: true,
    });
    const fields = [
      'protocol',
      'ipBytes',
      'ipId',
      'srcPort',
      'dstPort',
      'seq',
      'ack',
      'flags',
      'window',
      'urgentPointer',
      'payloadBytes',
      'options',
      'sackCount',
    ] as const;
    for (const field of fields) expect(back[field], `${field} of packet ${String(i)}`).toEqual(packet[field]);
    bytes[bytes.length - 1]! ^= 1;
    const damaged = decodePacket(bytes, back);
    expect(typeof damaged === 'object' && damaged.checksumOk).toBe(false);
  }
});

test('arbitrary bytes never throw', () => {
  const random = new Streams(6).named('noise');
  for (let i = 0; i < 3000; i += 1) {
    const bytes = Uint8Array.from({ length: random.integer(120) }, () => random.integer(256));
    if (bytes.length > 0 && random.integer(2) === 0) bytes[0] = 0x45;
    if (bytes.length > 9 && random.integer(2) === 0) bytes[9] = 6;
    const result = decodePacket(bytes, new Packet());
    expect(['string', 'object']).toContain(typeof result);
  }
});

test('a payload byte depends on its sequence number only', () => {
  const make = (seq: number, payloadBytes: number): Uint8Array => {
    const packet = new Packet();
    packet.flags = Flag.ack;
    packet.seq = seqNum(seq);
    packet.payloadBytes = payloadBytes;
    sealTcp(packet);
    return encodePacket(packet, 1, 2).subarray(40);
  };
  expect(make(1000, 500).subarray(200)).toEqual(make(1200, 300));
});

test('addresses are read and written, and nonsense is not', () => {
  expect(formatIpv4(parseIpv4('192.168.1.200')!)).toBe('192.168.1.200');
  expect(['1.2.3', '1.2.3.256', 'a.b.c.d', ''].map(parseIpv4)).toEqual([undefined, undefined, undefined, undefined]);
});
