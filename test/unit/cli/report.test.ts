// A report whose labs do not all hold: it is whole, says which check failed, and ends with exit code 3.

import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { reportCommand } from '../../../core/cli/report';
import { type Lab, LABS } from '../../../core/labs';

const good = LABS.find(({ id }) => id === '07-execution-contexts')!;
const bad: Lab = {
  ...good,
  id: 'broken',
  checks: (table) => good.checks(table).map((check, index) => (index === 0 ? { ...check, pass: false } : check)),
};

async function report(labs: readonly Lab[]): Promise<{ code: number; out: string; folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'odonata-report-'));
  const told: string[] = [];
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => told.push(String(text)) > 0),
    vi.spyOn(process.stderr, 'write').mockImplementation(() => true),
  ];
  try {
    const code = await reportCommand({ labs: 'all', quick: true, out: folder, json: true }, labs);
    return { code, out: told.join(''), folder };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

test('labs that hold end with exit code 0', async () => {
  const { code, out } = await report([good]);
  expect([code, (JSON.parse(out) as { pass: boolean }).pass]).toEqual([0, true]);
});

test('one lab that does not hold ends with exit code 3, and the labs after it are reported too', async () => {
  const { code, out, folder } = await report([bad, good]);
  expect(code).toBe(3);
  const record = JSON.parse(out) as { pass: boolean; labs: { id: string; pass: boolean }[] };
  expect(record.pass).toBe(false);
  expect(record.labs.map(({ id, pass }) => [id, pass])).toEqual([
    ['broken', false],
    [good.id, true],
  ]);
  const html = readFileSync(join(folder, 'report.html'), 'utf8');
  expect(html).toContain('1 of 2 labs hold');
  expect(html.match(/title="does not hold"/g)).toHaveLength(1);
  const verdict = JSON.parse(readFileSync(join(folder, 'broken', 'verdict.json'), 'utf8')) as { pass: boolean };
  expect(verdict.pass).toBe(false);
});
