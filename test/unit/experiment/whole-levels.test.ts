// Levels that are whole parts of a scenario: queues, losses, arrivals, flows that are there or not; what they are called, what they make
// of the scenario, and what can be wrong with them.

import { describe, expect, test } from 'vitest';
import { formatProblem } from '../../../core/base';
import { checkPlan, type Plan, scenarioAt } from '../../../core/experiment';
import { planDocument, planOf, smallScenario } from '../../plans';

interface Scenario {
  readonly links: readonly Record<string, unknown>[];
  readonly traffic: readonly Record<string, unknown>[];
}

const RED = { discipline: 'red', limit: '20p' };
const queue = (levels: unknown[], name = 'queue'): Record<string, unknown> => ({
  name,
  pointer: '/links/l/queue',
  levels,
});
const planned = (...factors: Record<string, unknown>[]): Plan => planOf({ factors });
const scenarios = (plan: Plan): Scenario[] => plan.points.map((point) => scenarioAt(plan, point) as Scenario);
const labels = (plan: Plan, factor = 0): string[] => plan.factors[factor]!.levels.map(({ label }) => label);

function problemsOf(...factors: Record<string, unknown>[]): string[] {
  return checkPlan(planDocument({ factors }), { file: 'p.json' }).problems.map(formatProblem);
}

describe('what a level makes of the scenario', () => {
  test('a whole queue takes the place of the one that is there', () => {
    const plan = planned(queue([{ label: 'RED', value: RED }, { value: { discipline: 'codel', target: '5ms' } }]));
    expect(scenarios(plan).map(({ links }) => links[0]!['queue'])).toEqual([
      RED,
      { discipline: 'codel', target: '5ms' },
    ]);
    expect(labels(plan)).toEqual(['RED', 'codel']);
  });

  test('"unchanged" is what the scenario says, "absent" takes it away', () => {
    const loss = { name: 'loss', pointer: '/links/l/loss', levels: [{ unchanged: true }, { absent: true }] };
    const plan = planned(loss);
    const [first, second] = scenarios(plan);
    expect(first).toEqual(smallScenario());
    expect(second!.links[0]).not.toHaveProperty('loss');
    expect(labels(plan)).toEqual(['unchanged', 'none']);
  });

  test('what is not there need not be taken away, nor is a place for it made', () => {
    const plan = planned({ name: 'back', pointer: '/links/l/reverse/loss', levels: [{ absent: true }] });
    expect(scenarios(plan)[0]).toEqual(smallScenario());
  });

  test('a flow is there or not, and the others keep their places', () => {
    const small = smallScenario() as unknown as Scenario;
    const traffic = [
      { id: 'x', kind: 'udp-cbr', from: 'a', to: 'b', rate: '1Mbps' },
      ...small.traffic,
      { id: 'y', kind: 'bulk', from: 'b', to: 'a' },
    ];
    const levels = [
      { label: 'with', unchanged: true },
      { label: 'without', absent: true },
    ];
    const plan = planOf({ scenario: { ...small, traffic }, factors: [{ name: 'x', pointer: '/traffic/x', levels }] });
    expect(scenarios(plan).map((one) => one.traffic.map(({ id }) => id))).toEqual([
      ['x', 'f', 'y'],
      ['f', 'y'],
    ]);
  });

  test('a part of it may be another factor that comes after; levels are not changed by that', () => {
    const limit = { name: 'limit', pointer: '/links/l/queue/limit', levels: ['10p', '30p'] };
    const plan = planned(queue([{ value: RED }, { value: { discipline: 'droptail' } }]), limit);
    expect(scenarios(plan).map(({ links }) => links[0]!['queue'])).toEqual([
      { ...RED, limit: '10p' },
      { ...RED, limit: '30p' },
      { discipline: 'droptail', limit: '10p' },
      { discipline: 'droptail', limit: '30p' },
    ]);
    expect(plan.factors[0]!.levels[0]!.values[0]).toEqual(RED);
  });

  test('several places have one whole value each, or one for all', () => {
    const pointers = ['/links/l/queue', '/links/l/reverse/queue'];
    const plan = planned({
      name: 'both',
      pointers,
      levels: [{ value: RED }, { label: 'one way', values: [RED, RED] }],
    });
    for (const { links } of scenarios(plan)) expect(links[0]).toMatchObject({ queue: RED, reverse: { queue: RED } });
  });
});

test('objects of one kind are told apart by what differs in them', () => {
  const value = (limit: string) => ({ value: { discipline: 'red', limit, gentle: true } });
  const plan = planned(queue([{ value: { discipline: 'droptail', limit: '5p' } }, value('10p'), value('20p')]));
  expect(labels(plan)).toEqual(['droptail', 'red, limit 10p', 'red, limit 20p']);
});

test('a bare object is told with the level that it should be', () => {
  expect(problemsOf(queue([{ label: 'drop', value: { discipline: 'droptail' } }, RED]))).toEqual([
    'p.json: /factors/0/levels/1: {"discipline":"red","limit":"20p"} is not what belongs here; an object stands under "value"; ' +
      'write {"label":"red","value":{"discipline":"red","limit":"20p"}}',
  ]);
});

test.each<[string, unknown, string]>([
  ['absent must be true', { absent: false }, 'one of "value", "values", "absent": true and "unchanged": true'],
  ['null', null, 'write 0.01 or {"label": "off", "value": false}'],
])('a level that is none (%s) is told with forms that there are', (_, level, wanted) => {
  const [problem] = problemsOf(queue([level]));
  expect(problem).toContain('/factors/0/levels/0');
  expect(problem).toContain(wanted);
});

test('a level that does not fit the scenario is told by its number and name, with what is wrong and what would be right', () => {
  const levels = [{ value: RED }, { label: 'odd', value: { discipline: 'codel', limit: '20 pots' } }];
  const [problem, ...more] = problemsOf(queue(levels));
  expect(more).toEqual([]);
  expect(problem).toMatch(
    /^p\.json: \/factors\/0\/levels\/1: with queue = odd: \/links\/0\/queue\/limit: "20 pots" is not/,
  );
  expect(problem).toContain('such as');
});

test('taking away what a scenario must have is told as well', () => {
  const [problem] = problemsOf({ name: 'rate', pointer: '/links/l/rate', levels: ['1Mbps', { absent: true }] });
  expect(problem).toContain('/factors/0/levels/1: with rate = none: /links/0/rate: "rate" is missing');
});

test('a whole that comes after a part of it would undo it', () => {
  const limit = { name: 'limit', pointer: '/links/l/queue/limit', levels: ['10p', '30p'] };
  expect(problemsOf(limit, queue([{ value: RED }]))).toEqual([
    'p.json: /factors/1: "/links/l/queue" would undo "/links/l/queue/limit" of "limit"; write it before "limit"',
  ]);
});
