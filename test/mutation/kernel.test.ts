// Switches each rule of the kernel off in turn, in a copy of the sources, and lets the kernel's tests loose on it: some test must fail. A copy
// in which nothing is switched off must pass.

import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ROOT } from '../worlds';
import { type Rule, RULES } from './rules';

/** What runs on each copy; few random programs are enough for most rules, for they break early. */
const TESTS = ['test/unit/kernel', 'test/property/kernel-programs.test.ts'];
const SEEDS = '400';
/** A kernel that has lost a rule may also go on for ever; its process ends with all of its threads. */
const PATIENCE_MS = 60_000;

const folder = mkdtempSync(join(tmpdir(), 'odonata-mutation-'));
for (const part of ['core', 'test', 'package.json', 'tsconfig.json', 'vitest.config.mts', 'scenarios'])
  cpSync(join(ROOT, part), join(folder, part), { recursive: true });
symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Whether all tests pass on the copy as it is now. */
function passes(): Promise<boolean> {
  return new Promise((resolve) => {
    const words = [
      join('node_modules', 'vitest', 'vitest.mjs'),
      'run',
      '--bail=1',
      '--reporter=dot',
      '--pool=threads',
      ...TESTS,
    ];
    const child = spawn(process.execPath, words, {
      cwd: folder,
      env: { ...process.env, ODONATA_SEEDS: SEEDS },
      stdio: 'ignore',
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
    child.on('exit', (code) => {
      clearTimeout(timer);
      resolve(code === 0);
    });
  });
}

async function passesWithout({ file, code, without }: Rule): Promise<boolean> {
  const path = join(folder, file);
  const whole = readFileSync(path, 'utf8');
  expect(whole.split(code).length - 1, `${file} has the line once`).toBeGreaterThanOrEqual(1);
  writeFileSync(
    path,
    whole.replace(code, () => without),
  );
  try {
    return await passes();
  } finally {
    writeFileSync(path, whole);
  }
}

test('nothing switched off: all pass', { timeout: 2 * PATIENCE_MS }, async () => {
  expect(await passes()).toBe(true);
});

test.each(RULES.map((rule): [string, Rule] => [rule.rule, rule]))(
  'without "%s" some test fails',
  { timeout: 2 * PATIENCE_MS },
  async (_, rule) => {
    expect(await passesWithout(rule)).toBe(false);
  },
);
