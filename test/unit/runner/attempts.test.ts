// What students did survives a kill at any moment: whole entries stay, half of one never was.

import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { flawsOf, guidedLabById, handInOf } from '../../../core/course';
import { Attempts } from '../../../electron/runner/attempts';
import { begin } from '../course/student';

const lab = guidedLabById('small-windows')!;
const AT_MS = Date.UTC(2026, 9, 5, 8, 15);
const folder = (): string => mkdtempSync(join(tmpdir(), 'odonata-attempts-'));

function begun(place: string): { attempts: Attempts; name: string } {
  const attempts = new Attempts(place);
  const name = attempts.begin(begin(lab) as never, AT_MS, false);
  attempts.append(name, { do: 'open', step: 'plain' }, AT_MS + 1000);
  attempts.append(name, { do: 'hint', question: 'duplicates', hint: 0 }, AT_MS + 2000);
  return { attempts, name };
}

test('another process reads what one wrote, and the chain holds', () => {
  const place = folder();
  const { attempts, name } = begun(place);
  const again = new Attempts(place).entries(name);
  expect(again).toEqual(attempts.entries(name));
  expect(flawsOf(handInOf(again))).toEqual([]);
});

test('cut off anywhere, the file gives the entries that were whole, and goes on from there', () => {
  const place = folder();
  const { attempts, name } = begun(place);
  const path = join(place, `${name}.jsonl`);
  const bytes = readFileSync(path);
  for (let length = 0; length <= bytes.length; length += 37) {
    writeFileSync(path, bytes.subarray(0, length));
    const left = new Attempts(place);
    const entries = left.entries(name);
    expect(entries).toEqual(attempts.entries(name).slice(0, entries.length));
    expect(entries.length).toBe(bytes.subarray(0, length).toString().split('\n').length - 1);
    if (entries.length === 0) continue;
    left.append(name, { do: 'open', step: 'limited' }, AT_MS + 9000);
    expect(flawsOf(handInOf(new Attempts(place).entries(name)))).toEqual([]);
  }
});

test('a clock that was set back does not look like tampering', () => {
  const place = folder();
  const { attempts, name } = begun(place);
  attempts.append(name, { do: 'open', step: 'limited' }, AT_MS - 3_600_000);
  expect(flawsOf(handInOf(attempts.entries(name)))).toEqual([]);
});

test('a trial leaves nothing, and two that begin in one second are two', () => {
  const place = folder();
  const attempts = new Attempts(place);
  attempts.begin(begin(lab) as never, AT_MS, true);
  expect(attempts.names()).toEqual([]);
  const names = [1, 2].map(() => attempts.begin(begin(lab) as never, AT_MS, false));
  expect(new Set(names).size).toBe(2);
  expect(new Attempts(place).names()).toHaveLength(2);
});

test('a file of something else among the attempts is passed over', () => {
  const place = folder();
  const { name } = begun(place);
  appendFileSync(join(place, 'notes.txt'), 'not an attempt');
  expect(new Attempts(place).names()).toEqual([name]);
});
