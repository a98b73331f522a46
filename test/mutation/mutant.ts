// A copy of the sources in which one rule at a time is switched off, and tests that are let loose on it: some must fail. A copy in which
// nothing is switched off must pass.

import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ROOT } from '../worlds';
import type { Rule } from './rules';

/** Few random programs are enough for most rules, for they break early. */
const SEEDS = '400';
/** A kernel that has lost a rule may also go on for ever; its process ends with all of its threads. */
const PATIENCE_MS = 60_000;

class Mutant {
  private readonly folder = mkdtempSync(join(tmpdir(), 'odonata-mutation-'));

  constructor() {
    for (const part of ['core', 'test', 'package.json', 'tsconfig.json', 'vitest.config.mts', 'scenarios'])
      cpSync(join(ROOT, part), join(this.folder, part), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(this.folder, 'node_modules'));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Whether all of these tests pass on the copy as it is now. */
  passes(tests: readonly string[], only?: string): Promise<boolean> {
    return new Promise((resolve) => {
      const words = [
        join('node_modules', 'vitest', 'vitest.mjs'),
        'run',
        '--bail=1',
        '--reporter=dot',
        '--pool=threads',
        // Most of a run is turning the sources into JavaScript, of which one file has changed since the last one.
        '--experimental.fsModuleCache',
        `--experimental.fsModuleCachePath=${join(this.folder, 'cache')}`,
        ...(only === undefined ? [] : ['-t', only]),
        ...tests,
      ];
      const child = spawn(process.execPath, words, {
        cwd: this.folder,
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

  async passesWithout({ file, code, without, tests, only }: Rule): Promise<boolean> {
    const path = join(this.folder, file);
    const whole = readFileSync(path, 'utf8');
    expect(whole.split(code).length - 1, `${file} has the line once`).toBeGreaterThanOrEqual(1);
    writeFileSync(
      path,
      whole.replace(code, () => without),
    );
    try {
      return await this.passes([tests], only);
    } finally {
      writeFileSync(path, whole);
    }
  }
}

/** A test for each rule. */
export function testRules(rules: readonly Rule[]): void {
  const mutant = new Mutant();
  afterAll(() => {
    mutant.remove();
  });

  test('nothing switched off: all pass', { timeout: 2 * PATIENCE_MS }, async () => {
    expect(await mutant.passes([...new Set(rules.map(({ tests }) => tests))])).toBe(true);
  });

  test.each(rules.map((rule): [string, Rule] => [rule.rule, rule]))(
    'without "%s" some test fails',
    { timeout: 2 * PATIENCE_MS },
    async (_, rule) => {
      expect(await mutant.passesWithout(rule)).toBe(false);
    },
  );
}
