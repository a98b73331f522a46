// The same for the rules of the parallel stack, each with the one file of tests that is about it.

import { afterAll, expect, test } from 'vitest';
import { Mutant, PATIENCE_MS } from './mutant';
import { STACK_RULES, type StackRule } from './stack-rules';

const mutant = new Mutant();

afterAll(() => {
  mutant.remove();
});

test('nothing switched off: all pass', { timeout: 2 * PATIENCE_MS }, async () => {
  const all = new Set(STACK_RULES.map(({ tests }) => tests));
  expect(await mutant.passes([...all])).toBe(true);
});

test.each(STACK_RULES.map((rule): [string, StackRule] => [rule.rule, rule]))(
  'without "%s" some test fails',
  { timeout: 2 * PATIENCE_MS },
  async (_, rule) => {
    expect(await mutant.passesWithout(rule, [rule.tests], rule.only)).toBe(false);
  },
);
