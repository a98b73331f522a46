// The tables of network stacks: cache misses have one of their own, where caches are modelled.

import { expect, test } from 'vitest';
import { stackTables } from '../../../renderer/timeline/stack-tables';
import { runDocument, wireDocument } from '../../worlds';

const SHOWN = { time: (ns: number) => `${String(ns)} ns`, share: String, count: String };

function tablesOf(kernel: object): ReturnType<typeof stackTables> {
  const document = wireDocument({
    duration: '20ms',
    tcp: {},
    link: { rate: '1Gbps', delay: '50us' },
    traffic: [{ id: 'f', kind: 'bulk', from: 'a', to: 'b' }],
  });
  const { nodes } = document as { nodes: object[] };
  nodes[1] = { ...nodes[1], machine: { cpus: 2, profile: 'pentium3-smp' }, kernel: { model: 'pmp', ...kernel } };
  const { stacks, nics } = runDocument(document);
  return stackTables(stacks, nics, SHOWN);
}

test('misses by stage are shown with what they are per packet, and no table without a model of the caches', () => {
  expect(tablesOf({}).map(({ title }) => title)).not.toContain('Cache misses by stage');
  const table = tablesOf({ caches: true }).find(({ title }) => title === 'Cache misses by stage')!;
  const ip = table.rows.find(([name]) => name === 'b ip')!;
  expect(Number(ip[3])).toBeGreaterThan(100);
  expect(table.rows.every((row) => row.length === table.heads.length)).toBe(true);
});
