import { expect, test } from 'vitest';
import { cbrt, exp, ln, pow } from '../../../core/base';

test('the exact functions agree with the built-in ones to a few units in the last place', () => {
  for (let i = 1; i < 2000; i += 1) {
    const x = i * 0.37 + 1 / i;
    expect(Math.abs(ln(x) - Math.log(x))).toBeLessThan(1e-14 * Math.max(1, Math.abs(Math.log(x))));
    expect(exp(-x / 10) / Math.exp(-x / 10)).toBeCloseTo(1, 13);
    expect(pow(x, -0.83) / Math.pow(x, -0.83)).toBeCloseTo(1, 12);
    expect(cbrt(x) / Math.cbrt(x)).toBeCloseTo(1, 14);
  }
  expect([ln(0), ln(1), exp(0), pow(5, 0), cbrt(-27)]).toEqual([-Infinity, 0, 1, 1, -3]);
});
