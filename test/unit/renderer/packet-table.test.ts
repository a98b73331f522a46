// Packets in the window: what was sent is there, with what became of it.

import { expect, test } from 'vitest';
import { CauseKind, DropReason } from '../../../core/base';
import { packetRow, SEND_REASON_NAMES } from '../../../core/packet';
import type { PacketTable } from '../../../renderer/records/packet-table';
import { runPackets } from '../../packets';
import { readyDocument } from '../../worlds';

const dumbbell = runPackets(readyDocument('dumbbell'), { overrides: ['/duration=5s'] });

function rowsOf(table: PacketTable, fits: (row: number) => boolean): number[] {
  return Array.from({ length: table.size }, (_, row) => row).filter(fits);
}

test('every packet that hosts send has a row, in the order of time, with its end', () => {
  const { table, world } = dumbbell;
  const summary = world.summary('finished', 0);
  const data = rowsOf(table, (row) => !table.isBack(row) && table.sequenceLength(row) > 0);
  expect(data.length).toBe(summary.flows.reduce((sum, flow) => sum + flow.segmentsSent, 0));
  for (let row = 1; row < table.size; row += 1) expect(table.at(row)).toBeGreaterThanOrEqual(table.at(row - 1));
  const drops = summary.links.reduce((sum, link) => sum + link.drops, 0);
  expect(drops).toBeGreaterThan(10);
  expect(rowsOf(table, (row) => table.fate(row) === 'dropped')).toHaveLength(drops);
  // What is under way at the end of the run is what links hold, at most a few round trips.
  const underway = rowsOf(table, (row) => table.fate(row) === 'underway');
  expect(underway.every((row) => table.at(row) > 4.5e9)).toBe(true);
});

test('numbers are relative to the first of each side, and acknowledge what was sent', () => {
  const { table } = dumbbell;
  for (const { firstRow, ends } of table.connections) {
    let reach = 0;
    for (let row: number | undefined = firstRow; row !== undefined; row = table.nextOf(row)) {
      expect(table.connection(row).ends).toBe(ends);
      if (!table.isBack(row)) reach = Math.max(reach, table.sequence(row) + table.sequenceLength(row));
      else expect(table.acknowledged(row)).toBeLessThanOrEqual(reach);
    }
    expect(table.sequence(firstRow)).toBe(0);
    expect(reach).toBeGreaterThan(100_000);
  }
});

test('a packet is followed over every link, and a drop says where', () => {
  const { table, log } = dumbbell;
  const places = (row: number): string[] =>
    table
      .records(row)
      .flatMap((id) => (log.kinds[id - 1] === CauseKind.transmit ? [log.names.links[log.subjects[id - 1]!]!] : []));
  const delivered = rowsOf(table, (row) => table.fate(row) === 'delivered' && !table.isBack(row))[40]!;
  expect(places(delivered)).toHaveLength(3);
  expect(places(delivered)[1]).toBe('bottleneck: r1 to r2');
  const dropped = rowsOf(table, (row) => table.fate(row) === 'dropped');
  for (const row of dropped) {
    const { subject, detail } = log.at(table.lastRecord(row))!;
    expect(log.names.links[subject]).toBe('bottleneck: r1 to r2');
    expect(detail).toBe(DropReason.queue);
  }
});

test('frames that an interface cuts from a burst are rows of their own, with their own numbers', () => {
  const { table, world, log } = runPackets(readyDocument('segment-life'));
  const frames = world.machineState().nics.reduce((sum, nic) => sum + nic.framesSent, 0);
  expect(table.size).toBe(frames);
  const isData = (row: number): boolean => packetRow.payloadBytes(table.rows, table.base(row)) > 0;
  const burst = log.parents[table.madeBy(rowsOf(table, isData)[40]!) - 1]!;
  const cut = log.effects(burst, 100).flatMap(({ id }) => table.rowOf(id) ?? []);
  expect(cut.length).toBeGreaterThan(1);
  for (const [index, row] of cut.slice(1).entries())
    expect(table.sequence(row)).toBe(table.sequence(cut[index]!) + table.sequenceLength(cut[index]!));
});

test('what finds no room is counted, and the rest is as without the limit', () => {
  const few = runPackets(readyDocument('dumbbell'), { overrides: ['/duration=5s'], packetsMax: 1000 });
  expect(few.table.size).toBe(1000);
  expect(few.table.lost).toBe(dumbbell.table.size - 1000);
  expect(few.table.rows.subarray(0, 16_000)).toEqual(dumbbell.table.rows.subarray(0, 16_000));
});

test('datagrams end, too', () => {
  const { table } = runPackets(readyDocument('udp-cross-traffic'));
  const datagrams = rowsOf(
    table,
    (row) => SEND_REASON_NAMES[packetRow.reason(table.rows, table.base(row))] === 'datagram',
  );
  expect(datagrams.length).toBeGreaterThan(100);
  expect(datagrams.filter((row) => table.fate(row) === 'delivered').length).toBeGreaterThan(50);
});
