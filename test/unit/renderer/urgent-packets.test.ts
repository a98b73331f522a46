// Urgent data in the packets panel: found by a filter, and told with where they end.

import { expect, test } from 'vitest';
import { Flag, packetRow } from '../../../core/packet';
import { packetText } from '../../../renderer/packets/model/describe';
import { parseFilter } from '../../../renderer/packets/model/filter-parse';
import { rowTest } from '../../../renderer/packets/model/filter-run';
import { namesFrom } from '../../../renderer/packets/model/names';
import { runPackets } from '../../packets';
import { pathDocument } from '../../worlds';

const URGENT_AT = 30_000;
const traffic = [{ id: 't', kind: 'transfer', from: 'a', to: 'b', size: 60_000, urgent: [URGENT_AT] }];
const { table, log } = runPackets(pathDocument({ duration: '2s', traffic }), {});

test('the word “urgent” finds segments with URG, which say where the urgent data end', () => {
  const parsed = parseFilter('urgent', namesFrom(log.names));
  if (!parsed.ok) throw new Error(parsed.problem.message);
  const fits = rowTest(parsed.filter, table);
  const rows = Array.from({ length: table.size }, (_, row) => row);
  const found = rows.filter((row) => fits(row));
  expect(found).toEqual(rows.filter((row) => (packetRow.flags(table.rows, table.base(row)) & Flag.urg) !== 0));
  expect(found.length).toBeGreaterThan(10);
  // Bytes are counted from 1.
  for (const row of found) expect(packetText(table, row)).toContain('(urgent data ahead, up to 30,001)');
  for (const row of rows) expect(packetText(table, row).includes('urgent')).toBe(fits(row));
  // The MSS of a SYN lies in the same place.
  const syn = rows.find((row) => (packetRow.flags(table.rows, table.base(row)) & Flag.syn) !== 0)!;
  expect(packetRow.mss(table.rows, table.base(syn))).toBe(1460);
});
