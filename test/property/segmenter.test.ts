// TSO (kernel.md §9.2, §13.11): whatever the burst, its segments put together are the burst, and each flag is where it belongs.

import { expect, test } from 'vitest';
import { seqAdd, seqNum, tsVal } from '../../core/base';
import { RandomStream } from '../../core/engine';
import { cutSegment, segmentsOf } from '../../core/nic';
import { Ecn, Flag, Option, optionBytes, type Packet, PacketPool, Protocol, sealTcp } from '../../core/packet';

const CASES = 1500;

function drawBurst(random: RandomStream, pool: PacketPool): Packet {
  const burst = pool.take();
  burst.protocol = Protocol.tcp;
  burst.segmentBytes = 1 + random.integer(1460);
  burst.payloadBytes = burst.segmentBytes + 1 + random.integer(Math.min(65_000, 44 * burst.segmentBytes));
  burst.seq = seqNum(random.nextU32());
  burst.ack = seqNum(random.nextU32());
  burst.window = random.integer(65_536);
  burst.ipId = random.integer(65_536);
  burst.flags =
    Flag.ack |
    (random.chance(0.5) ? Flag.psh : 0) |
    (random.chance(0.3) ? Flag.fin : 0) |
    (random.chance(0.3) ? Flag.cwr : 0) |
    (random.chance(0.3) ? Flag.ece : 0);
  burst.ecn = random.chance(0.5) ? Ecn.ect0 : Ecn.none;
  burst.options = random.chance(0.7) ? Option.timestamps : 0;
  burst.tsVal = tsVal(random.nextU32());
  burst.tsEcr = tsVal(random.nextU32());
  sealTcp(burst);
  return burst;
}

test('the segments of a burst are the burst', () => {
  const random = new RandomStream(5, 1);
  const pool = new PacketPool();
  for (let i = 0; i < CASES; i += 1) {
    const burst = drawBurst(random, pool);
    const fixedIds = random.chance(0.3);
    const count = segmentsOf(burst);
    let next = burst.seq;
    let bytes = 0;
    for (let index = 0; index < count; index += 1) {
      const segment = cutSegment(burst, index, pool, fixedIds ? 'fixed' : 'increment');
      const isLast = index === count - 1;
      expect(segment.seq).toBe(next);
      expect(segment.payloadBytes).toBeGreaterThan(0);
      if (!isLast) expect(segment.payloadBytes).toBe(burst.segmentBytes);
      expect(segment.segmentBytes).toBe(0);
      expect(segment.ipBytes).toBe(40 + optionBytes(burst.options, 0) + segment.payloadBytes);
      expect(segment.ipId).toBe(fixedIds ? burst.ipId : (burst.ipId + index) & 0xffff);
      const once = isLast ? Flag.fin | Flag.psh : 0;
      const first = index === 0 ? Flag.cwr : 0;
      expect(segment.flags).toBe(burst.flags & (Flag.ack | Flag.ece | once | first));
      expect([segment.ack, segment.window, segment.tsVal, segment.tsEcr, segment.ecn, segment.options]).toEqual([
        burst.ack,
        burst.window,
        burst.tsVal,
        burst.tsEcr,
        burst.ecn,
        burst.options,
      ]);
      next = seqAdd(next, segment.payloadBytes);
      bytes += segment.payloadBytes;
      pool.give(segment);
    }
    expect(bytes).toBe(burst.payloadBytes);
    pool.give(burst);
  }
});

test('nothing is cut that a NIC must not cut', () => {
  const pool = new PacketPool();
  for (const flag of [Flag.syn, Flag.rst, Flag.urg]) {
    const burst = drawBurst(new RandomStream(1, 1), pool);
    burst.flags |= flag;
    expect(() => cutSegment(burst, 0, pool, 'increment')).toThrow('K13.11');
  }
});
