// Plans: what a document means, and every way in which it can be wrong, each with its place and what would be right.

import { describe, expect, test } from 'vitest';
import { formatProblem } from '../../../core/base';
import {
  checkPlan,
  expandPlan,
  parsePlan,
  type Plan,
  planJsonSchema,
  pointName,
  scenarioAt,
  scenarioOf,
} from '../../../core/experiment';
import { planDocument, planOf, smallScenario } from '../../plans';

const scenariosOf = (plan: Plan): object[] => expandPlan(plan).map((job) => scenarioOf(plan, job));

function problemsOf(parts: Record<string, unknown>): string[] {
  return checkPlan(planDocument(parts), { file: 'p.json' }).problems.map(formatProblem);
}

function factor(parts: Record<string, unknown>): Record<string, unknown> {
  return { factors: [{ name: 'x', pointer: '/links/l/rate', ...parts }] };
}

const labels = (parts: Record<string, unknown>): string[] =>
  planOf(factor(parts)).factors[0]!.levels.map(({ label }) => label);

describe('levels', () => {
  test('ranges reach their end, without the noise of sums', () => {
    const loss = { pointer: '/links/l/loss/probability' };
    expect(labels({ ...loss, range: { from: 0, to: 0.3, step: 0.1 } })).toEqual(['0', '0.1', '0.2', '0.3']);
    expect(labels({ range: { from: '1Mbps', to: '2Mbps', step: '500kbps' } })).toEqual(['1Mbps', '1.5Mbps', '2Mbps']);
    expect(labels({ pointer: '/links/l/delay', range: { from: '5ms', to: '0.02s', step: '5ms' } })).toEqual([
      '5ms',
      '10ms',
      '15ms',
      '20ms',
    ]);
    expect(labels({ pointer: '/links/l/queue/limit', range: { from: '10p', to: '30p', step: '10p' } })).toEqual([
      '10p',
      '20p',
      '30p',
    ]);
  });

  test('logarithmic ranges have equal factors, and labels that lose no digit', () => {
    expect(labels({ logRange: { from: '1Mbps', to: '1Gbps', count: 4 } })).toEqual([
      '1Mbps',
      '10Mbps',
      '100Mbps',
      '1Gbps',
    ]);
    const plan = planOf(factor({ logRange: { from: '1Mbps', to: '3Mbps', count: 3 } }));
    const middle = plan.factors[0]!.levels[1]!;
    expect(middle.x).toBe(Math.round(1e6 * Math.sqrt(3)));
    expect(middle.label).toBe('1732.051kbps');
    expect(plan.factors[0]!.unit).toBe('bps');
  });

  test('one factor moves several parameters, with one value each or one for all', () => {
    const plan = planOf({
      factors: [
        {
          name: 'path',
          pointers: ['/links/l/rate', '/links/l/delay'],
          levels: [
            { label: 'near', values: ['10Mbps', '1ms'] },
            { label: 'far', values: ['1Mbps', '100ms'] },
          ],
        },
        { name: 'sack', pointers: ['/nodes/a/tcp', '/nodes/b/tcp'], levels: [{ label: 'on', value: { sack: true } }] },
      ],
    });
    expect(scenarioAt(plan, plan.points[1]!)).toMatchObject({
      links: [{ rate: '1Mbps', delay: '100ms' }],
      nodes: [{ tcp: { sack: true } }, { tcp: { sack: true } }],
    });
    expect(pointName(plan, plan.points[1]!)).toBe('path = far, sack = on');
  });
});

describe('what can be wrong is told with its place and what would be right', () => {
  const noFactor = { factors: [] };
  test.each<[string, Record<string, unknown>, string]>([
    ['unknown key', { factor: [] }, 'p.json: /factor: unknown key "factor"; did you mean "factors"?'],
    [
      'unknown key of a factor',
      factor({ level: [1] }),
      'p.json: /factors/0/level: unknown key "level"; did you mean "levels"?',
    ],
    [
      'no levels',
      factor({}),
      '/factors/0: a factor has exactly one of "levels", "range" and "logRange"; write "levels": [0.01, 0.02]',
    ],
    [
      'two pointers',
      factor({ pointers: ['/seed'], levels: ['1Mbps'] }),
      '/factors/0: a factor has either "pointer" or "pointers"',
    ],
    [
      'pointer to nothing',
      factor({ pointer: '/links/m/rate', levels: ['1Mbps'] }),
      '/factors/0/levels/0: with x = 1Mbps: /links/m/rate: nothing is called "m" there; did you mean "l"?',
    ],
    [
      'misspelt parameter',
      factor({ pointer: '/links/l/rat', levels: ['1Mbps'] }),
      'unknown key "rat"; did you mean "rate"?',
    ],
    [
      'bad level',
      factor({ levels: ['1Mbps', '10 potatoes'] }),
      '/factors/0/levels/1: with x = 10 potatoes: /links/0/rate: "potatoes" is not a unit of a rate',
    ],
    ['level twice', factor({ levels: ['1Mbps', '1Mbps'] }), '/factors/0/levels/1: the level "1Mbps" is there twice'],
    [
      'values and pointers',
      { factors: [{ name: 'x', pointers: ['/links/l/rate', '/links/l/delay'], levels: [{ values: [1, 2, 3] }] }] },
      '/factors/0/levels/0: 3 values for 2 pointers',
    ],
    [
      'empty range',
      factor({ range: { from: '2Mbps', to: '1Mbps', step: '1Mbps' } }),
      '/factors/0/range: a range from 2Mbps to 1Mbps is empty',
    ],
    [
      'range of two kinds',
      factor({ range: { from: '1ms', to: '1Mbps', step: 1 } }),
      '/factors/0/range/to: "from" and "to" measure different things',
    ],
    [
      'range without a step',
      factor({ range: { from: 1, to: 2 } }),
      '/factors/0/range: a range has a step; add for example "step": 0.01',
    ],
    [
      'step of another kind',
      factor({ range: { from: '1ms', to: '5ms', step: 1 } }),
      '/factors/0/range/step: 1 is not a step of this range',
    ],
    ['far too many levels', factor({ range: { from: 0, to: 1, step: 1e-9 } }), 'a step for at most 10000'],
    [
      'logarithm of zero',
      factor({ logRange: { from: 0, to: 1, count: 3 } }),
      '/factors/0/logRange: a range from 0 to 1 is empty; ends above zero',
    ],
    [
      'seed as a factor',
      factor({ pointer: '/seed', levels: [1, 2] }),
      '/factors/0: the seed is what replications vary',
    ],
    [
      'one parameter twice',
      { factors: [1, 2].map((n) => ({ name: `x${String(n)}`, pointer: '/links/l/rate', levels: ['1Mbps'] })) },
      '/factors/1: "/links/l/rate" is also set by "x1"',
    ],
    [
      'name twice',
      { factors: [{ name: 'retransmits', pointer: '/links/l/rate', levels: ['1Mbps'] }] },
      '/measures/1/name: the name "retransmits" is taken',
    ],
    [
      'reserved name',
      { factors: [{ name: 'digest', pointer: '/links/l/rate', levels: ['1Mbps'] }] },
      '/factors/0/name: the name "digest" is taken',
    ],
    ['no measures', { measures: [] }, '/measures: a plan measures something'],
    ['a measure of nothing', { measures: [{ name: 'm' }] }, '/measures/0: a measure has either "summary" or "probe"'],
    [
      'a star without over',
      { measures: [{ name: 'm', summary: '/flows/*/goodputBps' }] },
      '/measures/0: "*" may match several values; say how they become one: "over": "mean"',
    ],
    [
      'over without a star',
      { measures: [{ name: 'm', summary: '/flows/f/goodputBps', over: 'sum' }] },
      '/measures/0/over: there is nothing to combine',
    ],
    [
      'bad statistic',
      { measures: [{ name: 'm', probe: 'link/l/queue', statistic: 'avg' }] },
      '/measures/0/statistic: "avg" is not what belongs here; a statistic is one of mean',
    ],
    [
      'no such probe',
      { measures: [{ name: 'm', probe: 'link/l/queu' }] },
      '/measures/0/probe: a link has no probe "queu"; did you mean "queue"?',
    ],
    [
      'rule for replications',
      { stop: { measure: 'completion', relativeHalfWidth: 0.1, min: 2, max: 5 } },
      '/replications: a stopping rule decides on the replications',
    ],
    [
      'rule of no measure',
      { replications: undefined, stop: { measure: 'complet', relativeHalfWidth: 0.1, min: 2, max: 5 } },
      '/stop/measure: there is no measure "complet"',
    ],
    [
      'rule upside down',
      { replications: undefined, stop: { measure: 'completion', relativeHalfWidth: 0.1, min: 6, max: 5 } },
      '/stop/min: "min" is above "max"',
    ],
    [
      'compare nothing',
      { compare: { factor: 'sak' } },
      '/compare/factor: there is no factor "sak"; did you mean "sack"?',
    ],
    [
      'compare with nothing',
      { compare: { factor: 'sack', baseline: 'maybe' } },
      '/compare/baseline: "sack" has no level "maybe"; there are false, true',
    ],
    [
      'a fraction of three levels',
      { design: { kind: 'fractional', resolution: 3 } },
      '/factors/0/levels: a fraction needs two levels, not 3',
    ],
    [
      'unknown design',
      { design: { kind: 'fracional' } },
      '/design/kind: "fracional" is not what belongs here; a design is',
    ],
    [
      'hypercube of nothing',
      { ...noFactor, design: { kind: 'latin-hypercube', samples: 3 } },
      '/factors: a Latin hypercube needs a factor',
    ],
    [
      'too many runs',
      {
        replications: 100_000,
        factors: [{ name: 'x', pointer: '/links/l/rate', range: { from: '1Mbps', to: '100Mbps', step: '1Mbps' } }],
      },
      'the plan has 10000000 runs; the most is 1000000',
    ],
    ['a warm-up beyond the end', { warmUp: { remove: '3s' } }, '/warmUp/remove: the warm-up is longer than the run'],
    ['scenario not read', { scenario: 'x.json' }, '/scenario: the file "x.json" was not read'],
    [
      'bad scenario',
      { scenario: { ...smallScenario(), duration: '0s' } },
      'p.json: /scenario/duration: "0s" is not above zero',
    ],
  ])('%s', (_, parts, expected) => {
    expect(problemsOf(parts).join('\n')).toContain(expected);
  });

  test('a level that is only wrong together with another one is told with its point', () => {
    const found = problemsOf({
      factors: [
        { name: 'mss', pointer: '/defaults/tcp/mss', levels: [500, 9000] },
        { name: 'buffer', pointer: '/defaults/tcp/sendBuffer', levels: ['64KiB', '4KiB'] },
      ],
    });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain('with mss = 9000, buffer = 4KiB: /defaults/tcp/sendBuffer: the send buffer is smaller');
  });

  test('text that is not JSON, and a document that is not an object', () => {
    expect(parsePlan('{"format": ', 'p.json').problems[0]!.message).toContain('line 1');
    expect(checkPlan([], { file: 'p.json' }).problems[0]!.message).toBe('a plan is a JSON object');
  });
});

test('the JSON Schema has every key with its description', () => {
  const schema = planJsonSchema() as { properties: Record<string, object>; title: string };
  expect(schema.title).toBe('Odonata plan');
  expect(Object.keys(schema.properties)).toEqual(
    expect.arrayContaining(['scenario', 'factors', 'design', 'measures', 'stop']),
  );
});

describe('designs', () => {
  const SWITCHES = ['sack', 'limitedTransmit', 'earlyRetransmit', 'nagle'];
  const two = (count: number): Record<string, unknown>[] =>
    Array.from({ length: count }, (_, index) => ({
      name: 'ABCDEFG'[index]!,
      pointer: `/nodes/${index % 2 === 0 ? 'a' : 'b'}/tcp/${SWITCHES[Math.floor(index / 2)]!}`,
      levels: [false, true],
    }));

  // Box, Hunter and Hunter, Statistics for Experimenters, table 6.22: the runs of the smallest designs.
  test.each([
    [3, 3, 4],
    [4, 4, 8],
    [5, 3, 8],
    [5, 5, 16],
    [6, 3, 8],
    [6, 4, 16],
    [6, 6, 32],
    [7, 3, 8],
    [7, 4, 16],
    [7, 7, 64],
  ])('%i factors at resolution %i take %i runs', (count, resolution, runs) => {
    const factors = two(count);
    const plan = planOf({ factors, design: { kind: 'fractional', resolution } });
    expect(plan.points).toHaveLength(runs);
    // Every factor is half high, every pair of factors has its four combinations equally often.
    const level = (point: number, factor: number): number => plan.points[point]!.place[factor]!;
    for (let a = 0; a < count; a += 1)
      for (let b = a + 1; b < count; b += 1) {
        const both = plan.points.filter((_, point) => level(point, a) === 1 && level(point, b) === 1).length;
        expect(both).toBe(runs / 4);
      }
  });

  test('generators are told by the names of the factors, and are what the points do', () => {
    const factors = two(4);
    const plan = planOf({ factors, design: { kind: 'fractional', resolution: 4 } });
    expect(plan.generators).toEqual(['D = A × B × C']);
    for (const { place } of plan.points) {
      const sign = place.map((one) => 2 * one - 1);
      expect(sign[3]).toBe(sign[0]! * sign[1]! * sign[2]!);
    }
  });

  test('a Latin hypercube uses each stratum of each factor once, and is the same again', () => {
    const parts = {
      factors: [
        { name: 'rate', pointer: '/links/l/rate', logRange: { from: '1Mbps', to: '100Mbps' } },
        { name: 'loss', pointer: '/links/l/loss/probability', range: { from: 0, to: 0.1 } },
        { name: 'sack', pointer: '/defaults/tcp/sack', levels: [false, true] },
      ],
      design: { kind: 'latin-hypercube', samples: 20 },
    };
    const plan = planOf(parts);
    for (const factor of [0, 1, 2])
      expect(plan.points.map(({ place }) => Math.floor(place[factor]! * 20)).sort((a, b) => a - b)).toEqual(
        Array.from({ length: 20 }, (_, index) => index),
      );
    expect(plan.points.filter(({ levels }) => levels[2]!.label === 'true')).toHaveLength(10);
    for (const { levels } of plan.points) {
      expect(levels[0]!.x).toBeGreaterThanOrEqual(1e6);
      expect(levels[0]!.x).toBeLessThanOrEqual(1e8);
    }
    expect(scenariosOf(planOf(parts))).toEqual(scenariosOf(plan));
    expect(planOf({ ...parts, seed: 6 }).points).not.toEqual(plan.points);
  });
});
