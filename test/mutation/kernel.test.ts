// Switches each rule of the kernel off in turn, in a copy of the sources, and lets the kernel's tests loose on it: some test must fail. A copy
// in which nothing is switched off must pass.

import { afterAll, expect, test } from 'vitest';
import { Mutant, PATIENCE_MS } from './mutant';
import { type Rule, RULES } from './rules';

/** What runs on each copy. */
const TESTS = ['test/unit/kernel', 'test/property/kernel-programs.test.ts'];

const mutant = new Mutant();

afterAll(() => {
  mutant.remove();
});

test('nothing switched off: all pass', { timeout: 2 * PATIENCE_MS }, async () => {
  expect(await mutant.passes(TESTS)).toBe(true);
});

test.each(RULES.map((rule): [string, Rule] => [rule.rule, rule]))(
  'without "%s" some test fails',
  { timeout: 2 * PATIENCE_MS },
  async (_, rule) => {
    expect(await mutant.passesWithout(rule, TESTS)).toBe(false);
  },
);
