// Why a packet was sent, in sentences: over both hosts, back to the lost copy, and on to what it led to. And its way in a ladder and
// a time-sequence graph.

import { describe, expect, test } from 'vitest';
import { CauseKind } from '../../../core/base';
import { isRetransmission, packetRow, SEND_REASON_NAMES, type SendReason } from '../../../core/packet';
import { arrowsOf, wayOfFlow } from '../../../renderer/packets/model/ladder';
import { sentBefore, type Step, storyBack, storyOn } from '../../../renderer/packets/model/story';
import { busierSide, sequenceData } from '../../../renderer/packets/model/time-sequence';
import { type RunPackets, runPackets } from '../../packets';
import { readyDocument } from '../../worlds';

const dumbbell = runPackets(readyDocument('dumbbell'), { overrides: ['/duration=5s'] });
const life = runPackets(readyDocument('segment-life'));

const reasonOf = ({ table }: RunPackets, row: number): string =>
  SEND_REASON_NAMES[packetRow.reason(table.rows, table.base(row))]!;

function firstRow(run: RunPackets, fits: (row: number) => boolean): number {
  for (let row = 0; row < run.table.size; row += 1) if (fits(row)) return row;
  throw new Error('no packet of the run fits');
}

function tell(steps: readonly Step[]): string {
  return steps.map(({ text, place }) => `${text} [${place}]`).join('\n');
}

function backFrom({ table, log }: RunPackets, row: number, max = 40): Step[] {
  const first = table.records(row).find((id) => log.kinds[id - 1] === CauseKind.transmit)!;
  return storyBack(table, first, max).steps;
}

describe('on ideal hosts', () => {
  const again = firstRow(dumbbell, (row) => reasonOf(dumbbell, row) === 'fast');

  test('a fast retransmit: the lost copy, who filled the queue, the ACK, and the other host’s segment', () => {
    const told = tell(backFrom(dumbbell, again));
    const lines = told.split('\n');
    expect(lines[0]).toMatch(/^Link “a\d” carried it from s\d to r1/);
    expect(lines[1]).toMatch(/^s\d sent a segment again .*fast retransmit/);
    expect(lines[2]).toMatch(
      /^These bytes had been in packet [\d,]+, sent .* before\. It was dropped: the queue was full\. \[bottleneck/,
    );
    expect(lines[3]).toMatch(/^50 packets stood in that queue: \d+ of f\d/);
    expect(told).toMatch(/s\d took it in: ACK [\d,]+\./);
    expect(told).toMatch(/d\d sent a duplicate ACK/);
    expect(told).toMatch(/d\d took it in: bytes/);
  });

  test('the lost copy carried the same bytes and was dropped; its own story goes on to the second one', () => {
    const { table } = dumbbell;
    const lost = sentBefore(table, again)!;
    expect(table.fate(lost)).toBe('dropped');
    expect(table.sequence(lost)).toBe(table.sequence(again));
    const next = storyOn(table, lost).at(-1)!;
    expect(next.row).toBe(again);
    expect(next.text).toMatch(/^Its bytes were sent again .* later, in packet/);
  });

  test('a segment that was sent again for nothing is told so', () => {
    const { table } = dumbbell;
    const spurious = firstRow(dumbbell, (row) => {
      if (!isRetransmission(packetRow.reason(table.rows, table.base(row)) as SendReason)) return false;
      const before = sentBefore(table, row);
      return before !== undefined && table.fate(before) === 'delivered';
    });
    expect(tell(backFrom(dumbbell, spurious))).toMatch(/arrived: sending again was not necessary/);
  });

  test('the queue that a dropped packet found is as full as its limit says', () => {
    const { table, log } = dumbbell;
    for (let row = 0; row < table.size; row += 1) {
      if (table.fate(row) !== 'dropped') continue;
      const { steps } = storyBack(table, table.lastRecord(row), 3);
      expect(steps[0]!.text).toBe('It was dropped: the queue was full.');
      expect(steps[1]!.text, `packet ${row + 1} at ${log.ats[table.lastRecord(row) - 1]}`).toMatch(/^50 packets stood/);
    }
  });

  test('a timeout is the timer’s doing', () => {
    const row = firstRow(dumbbell, (one) => reasonOf(dumbbell, one) === 'timeout');
    expect(tell(backFrom(dumbbell, row))).toContain('The retransmission timer ran out.');
  });

  test('steps go back in time, and the first packet’s story ends with itself', () => {
    const steps = backFrom(dumbbell, again, 200).filter(({ isAside }) => !isAside);
    for (let i = 1; i < steps.length; i += 1) expect(steps[i]!.atNs).toBeLessThanOrEqual(steps[i - 1]!.atNs);
    expect(tell(backFrom(dumbbell, 0))).toMatch(/s1 opened the connection: SYN/);
    expect(storyBack(dumbbell.table, dumbbell.table.madeBy(0), 40).goesOn).toBe(false);
  });

  test('an ACK led to the segments that it let go', () => {
    const { table } = dumbbell;
    const causedBy = dumbbell.log.parents[table.madeBy(again) - 1]!;
    const ack = table.rowOf(causedBy)!;
    expect(storyOn(table, ack).map(({ row }) => row)).toContain(again);
  });
});

describe('on machines', () => {
  test('a frame goes back over link, DMA, TCP, message and write, each with its CPU and thread', () => {
    const row = firstRow(
      life,
      (one) => packetRow.payloadBytes(life.table.rows, life.table.base(one)) > 0 && !life.table.isBack(one),
    );
    const lines = tell(backFrom(life, row, 8)).split('\n');
    const EXPECTED = [
      /^Link “wire” carried it from writer to reader.* \[wire: writer to reader\]/,
      /^The network interface fetched it from memory: [\d,]+ bytes\. \[writer NIC wire: out\]/,
      /^writer sent new data: bytes 1–[\d,]+, a burst that the interface cut into \d+ frames\. \[writer CPU \d, writer netisr \d\]/,
      /^writer netisr \d took the message\. \[writer CPU \d\]/,
      /^A message was put on writer netisr \d port\. \[writer CPU \d\]/,
      /^The application wrote 65,536 bytes\. \[writer CPU \d, writer application \d\]/,
    ];
    EXPECTED.forEach((pattern, index) => {
      expect(lines[index]).toMatch(pattern);
    });
  });

  test('an ACK of the reader goes back to the writer’s frame, received on the CPU of a protocol thread', () => {
    const ack = firstRow(life, (row) => life.table.isBack(row) && (life.table.acknowledged(row) ?? 0) > 1);
    const told = tell(backFrom(life, ack, 12));
    expect(told).toMatch(/reader took it in: bytes .* \[reader CPU \d, reader netisr \d\]/);
    expect(told).toMatch(/The network interface wrote it into a receive ring: .* \[reader NIC wire: in\]/);
    expect(told).toContain('Link “wire” carried it from writer to reader');
  });
});

describe('pictures', () => {
  test('a ladder has an arrow over each link of the way, one after the other; over chosen ends only one', () => {
    const { table, log } = dumbbell;
    const names = log.names.nodes.map(({ name }) => name);
    const way = wayOfFlow(table, 0);
    expect(way.map((node) => names[node])).toEqual(['s1', 'r1', 'r2', 'd1']);
    const row = firstRow(
      dumbbell,
      (one) => table.fate(one) === 'delivered' && !table.isBack(one) && table.connectionIndex(one) === 0,
    );
    const arrows = arrowsOf(table, row, new Map(way.map((node, index) => [node, index])));
    expect(arrows.map(({ from, to }) => [from, to])).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
    arrows.slice(1).forEach(({ fromNs }, index) => {
      expect(fromNs).toBeGreaterThanOrEqual(arrows[index]!.toNs);
    });
    const whole = arrowsOf(
      table,
      row,
      new Map([
        [way[0]!, 0],
        [way[3]!, 1],
      ]),
    );
    expect(whole).toHaveLength(1);
    expect(whole[0]).toMatchObject({ fromNs: arrows[0]!.fromNs, toNs: arrows[2]!.toNs });
  });

  test('a dropped packet’s last arrow ends at the queue that had no room', () => {
    const { table } = dumbbell;
    const row = firstRow(dumbbell, (one) => table.fate(one) === 'dropped' && table.connectionIndex(one) === 0);
    const way = wayOfFlow(table, 0);
    const arrows = arrowsOf(table, row, new Map(way.map((node, index) => [node, index])));
    expect(arrows.map(({ from, to, isDropped }) => [from, to, isDropped])).toEqual([
      [0, 1, false],
      [1, 2, true],
    ]);
    expect(arrows[1]!.reach).toBeLessThan(0.5);
  });

  test('a time-sequence graph has every segment, marks those sent again, and ACKs that never go back', () => {
    const { table } = dumbbell;
    const side = busierSide(table, 0);
    expect(side).toBe(0);
    const { segments, acks } = sequenceData(table, 0, side);
    const rows = Array.from({ length: table.size }, (_, row) => row).filter(
      (row) => table.connectionIndex(row) === 0 && !table.isBack(row) && table.sequenceLength(row) > 0,
    );
    expect(segments.map(({ row }) => row)).toEqual(rows);
    expect(segments.filter(({ isAgain }) => isAgain).map(({ row }) => row)).toEqual(
      rows.filter((row) => isRetransmission(packetRow.reason(table.rows, table.base(row)) as SendReason)),
    );
    acks.slice(1).forEach(({ ack, windowEdge }, index) => {
      expect(ack).toBeGreaterThanOrEqual(acks[index]!.ack);
      expect(windowEdge).toBeGreaterThan(ack);
    });
  });

  test('SACK blocks lie above the acknowledgment that carries them', () => {
    const run = runPackets(readyDocument('dumbbell'), {
      overrides: ['/duration=5s', '/defaults={"tcp":{"sack":true}}'],
    });
    const { sacks, acks } = sequenceData(run.table, 0, 0);
    expect(sacks.length).toBeGreaterThan(10);
    for (const { row, from, to } of sacks) {
      expect(to).toBeGreaterThan(from);
      expect(from).toBeGreaterThan(acks.find((ack) => ack.row === row)!.ack);
    }
  });
});
