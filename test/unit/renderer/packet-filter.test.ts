// Packet filters: what they mean, how they are completed, and what is said about wrong ones.

import { describe, expect, test } from 'vitest';
import { isRetransmission, packetRow, SEND_REASON_NAMES, type SendReason } from '../../../core/packet';
import { complete } from '../../../renderer/packets/model/filter-complete';
import { parseFilter } from '../../../renderer/packets/model/filter-parse';
import { Matches, rowTest } from '../../../renderer/packets/model/filter-run';
import type { Names } from '../../../renderer/packets/model/filter-words';
import { namesFrom } from '../../../renderer/packets/model/names';
import { runPackets } from '../../packets';
import { readyDocument } from '../../worlds';

const { table, log } = runPackets(readyDocument('dumbbell'), { overrides: ['/duration=5s'] });
const NAMES: Names = namesFrom(log.names);
const base = (row: number): number => table.base(row);

function rowsOf(text: string): number[] {
  const parsed = parseFilter(text, NAMES);
  if (!parsed.ok) throw new Error(parsed.problem.message);
  const fits = rowTest(parsed.filter, table);
  return Array.from({ length: table.size }, (_, row) => row).filter((row) => fits(row));
}

function checkSame(text: string, fits: (row: number) => boolean, atLeast = 1): void {
  const rows = rowsOf(text);
  expect(rows).toEqual(Array.from({ length: table.size }, (_, row) => row).filter((row) => fits(row)));
  expect(rows.length).toBeGreaterThanOrEqual(atLeast);
  expect(rows.length).toBeLessThan(table.size);
}

const srcName = (row: number): string => log.names.nodes[packetRow.src(table.rows, base(row))]!.name;
const isRepeated = (row: number): boolean => isRetransmission(packetRow.reason(table.rows, base(row)) as SendReason);

describe('meaning', () => {
  test('fields, words, and how they are joined', () => {
    checkSame('src == s1', (row) => srcName(row) === 's1');
    checkSame('src s1', (row) => srcName(row) === 's1');
    checkSame('src != s1', (row) => srcName(row) !== 's1');
    checkSame('src == s*', (row) => srcName(row).startsWith('s'));
    checkSame('flow == f1 and retransmit', (row) => packetRow.flow(table.rows, base(row)) === 0 && isRepeated(row));
    checkSame('drop', (row) => table.fate(row) === 'dropped');
    checkSame('lost queue', (row) => table.fate(row) === 'dropped');
    checkSame('seq >= 10000', (row) => table.sequence(row) >= 10_000);
    checkSame('seq 1000..20kB', (row) => table.sequence(row) >= 1000 && table.sequence(row) <= 20_000);
    checkSame('time 1s..2s', (row) => table.at(row) >= 1e9 && table.at(row) <= 2e9);
    checkSame('time 4.5s..', (row) => table.at(row) >= 4.5e9);
    checkSame('reason == dupack', (row) => SEND_REASON_NAMES[packetRow.reason(table.rows, base(row))] === 'dupack');
    checkSame('length > 0', (row) => packetRow.payloadBytes(table.rows, base(row)) > 0);
    checkSame('host d2', (row) => [1, 7].includes(packetRow.src(table.rows, base(row))));
    checkSame('took > 80ms', (row) => {
      const end = log.at(table.lastRecord(row))!;
      return table.fate(row) !== 'underway' && end.at - table.at(row) > 80e6;
    });
  });

  test('`ack` alone is a pure acknowledgment, compared it is a number', () => {
    checkSame(
      'ack',
      (row) => packetRow.payloadBytes(table.rows, base(row)) === 0 && packetRow.flags(table.rows, base(row)) === 0x10,
    );
    checkSame('ack > 10000', (row) => (table.acknowledged(row) ?? 0) > 10_000);
    const pure = new Set(rowsOf('ack'));
    const second = new Set(rowsOf('flow f2'));
    checkSame('not ack and flow f2', (row) => second.has(row) && !pure.has(row));
  });

  test('`not` binds closer than `and`, `and` closer than `or`', () => {
    expect(rowsOf('syn or drop and src s1')).toEqual(rowsOf('syn or (drop and src s1)'));
    expect(rowsOf('not syn and drop')).toEqual(rowsOf('(not syn) and drop'));
    expect(rowsOf('(syn or drop) and src s1').length).toBeLessThan(rowsOf('syn or drop and src s1').length);
  });

  test('a link is one that the packet was on, either way', () => {
    expect(rowsOf('link bottleneck and drop')).toEqual(rowsOf('drop'));
    expect(rowsOf('link a1').every((row) => ['s1', 'd1'].includes(srcName(row)))).toBe(true);
    expect(rowsOf('link a1').length).toBeGreaterThan(100);
  });

  test('a list that follows a run is the list of all rows at its end', () => {
    for (const text of ['drop', 'delivered', 'underway', 'took > 60ms', 'link b1', 'not drop']) {
      const live = liveRows(text);
      expect(live, text).toEqual(rowsOf(text));
    }
  });
});

/** Rows of a filter that was asked after every batch of the run. */
function liveRows(text: string): number[] {
  let matches: Matches | undefined = undefined;
  let rows: number[] = [];
  runPackets(readyDocument('dumbbell'), {
    overrides: ['/duration=5s'],
    batches: 60,
    onBatch: (live) => {
      const parsed = parseFilter(text, NAMES);
      if (!parsed.ok) throw new Error(parsed.problem.message);
      matches ??= new Matches(live, rowTest(parsed.filter, live));
      matches.update(live.takeTouched(), 1_000_000);
      rows = [...matches.rows.subarray(0, matches.length)];
    },
  });
  return rows;
}

describe('problems', () => {
  const PROBLEMS: readonly (readonly [text: string, at: number, message: string, example: string])[] = [
    ['flow = f9', 7, 'there is no flow “f9” in this run', 'flow == f1'],
    ['host == d22', 8, 'there is no node “d22” in this run', 'host == d2'],
    ['retransmits', 0, '“retransmits” is neither a field nor a word', 'retransmit'],
    ['flow == f1 retransmit', 11, '“and” or “or” is missing before “retransmit”', 'drop and retransmit'],
    ['(drop or syn', 0, '“(” is never closed', '(syn or fin) and flow == f1'],
    ['drop)', 4, '“)” has no “(” before it', '(syn or fin) and flow == f1'],
    ['drop and', 8, 'a term is missing here', 'flow == f1 and retransmit'],
    ['and drop', 0, 'a term is missing before “and”', 'drop and retransmit'],
    ['seq >=', 4, '“seq” needs something to compare with', 'seq >= 10000'],
    ['flow > f1', 5, 'names are equal or not; “>” is for numbers', 'flow == f1'],
    ['time 2s..1s', 5, 'the range ends before it begins', 'time 1s..2s'],
    ['time > 5', 7, '“5” has no unit: ns, us, ms or s', 'time 1s..2s'],
    ['seq > many', 6, '“many” is not a number of bytes', 'seq >= 10000'],
    ['port == http', 8, '“http” is not a whole number', 'port == 80'],
    ['drop & syn', 5, '“and” or “or” is missing before “&”', 'drop and &'],
  ];
  test.each(PROBLEMS)('%s', (text, at, message, example) => {
    const parsed = parseFilter(text, NAMES);
    expect(parsed).toEqual({ ok: false, problem: { at, length: expect.any(Number) as number, message, example } });
  });
});

describe('completion', () => {
  const textsOf = (text: string): string[] => complete(text, text.length, NAMES).proposals.map((one) => one.text);
  test('fields and words, then names, then how to go on', () => {
    expect(textsOf('fl')).toEqual(['flow']);
    expect(textsOf('flow == ')).toEqual(['f1', 'f2', 'f3', 'f4']);
    expect(textsOf('flow == f1 ')).toEqual(['and', 'or']);
    expect(textsOf('reason == t')).toEqual(['timeout']);
    expect(textsOf('drop and re')).toEqual(['reason', 'retransmit']);
    expect(textsOf('link == bo')).toEqual(['bottleneck']);
    expect(complete('drop and sr', 11, NAMES).from).toBe(9);
  });
});
