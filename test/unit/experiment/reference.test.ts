// References of plans: what they may say, and how what is measured is judged by them.

import { expect, test } from 'vitest';
import { formatProblem } from '../../../core/base';
import { checkPlan, expandPlan, judgeReferences, type Plan, summarisePlan } from '../../../core/experiment';
import { judgedCharts, verdictsCsv } from '../../../core/export';
import { doneRun, planDocument, planOf } from '../../plans';

const about = (parts: Record<string, unknown>): Record<string, unknown> => ({
  compare: { factor: 'sack', baseline: false },
  reference: [
    { label: 'Theory', source: 'a book', measure: 'retransmits', factor: 'loss', where: { sack: false }, ...parts },
  ],
});
const problems = (parts: Record<string, unknown>): string[] =>
  checkPlan(planDocument(parts), { file: 'p' }).problems.map(formatProblem);

/** Every run of a point has as many retransmissions as ten times its number, and with SACK one less. */
function measured(plan: Plan) {
  const runs = expandPlan(plan).map((job) => {
    const values = [1e9, 10 * job.point.number - (job.point.levels[1]!.label === 'true' ? 1 : 0)];
    return doneRun(job, { status: 'finished', values, digest: 'd', events: 1, wallSeconds: 0 });
  });
  return summarisePlan(plan, runs);
}

test('values hold within their tolerance, bounds to the last digit', () => {
  const verdict = (parts: Record<string, unknown>) => {
    const plan = planOf(about(parts));
    const [one] = judgeReferences(plan, measured(plan));
    return one!.samples.map(({ pass }) => pass);
  };
  // Without SACK the points are 1, 3 and 5.
  const samples = [
    { at: 0, value: 10 },
    { at: 0.02, value: 33 },
    { at: 0.05, value: 60 },
  ];
  expect(verdict({ samples, tolerance: { share: 0.1 } })).toEqual([true, true, false]);
  expect(verdict({ samples, tolerance: { value: 2 } })).toEqual([true, false, false]);
  expect(verdict({ samples, tolerance: { value: { below: 10, above: 0 } } })).toEqual([true, true, true]);
  expect(verdict({ samples, tolerance: { value: { below: 0, above: 10 } } })).toEqual([true, false, false]);
  const bounds = [
    { at: 0, to: 10 },
    { at: 0.02, to: 29.9 },
    { at: 0.05, from: 50, to: 50 },
  ];
  expect(verdict({ samples: bounds })).toEqual([true, false, true]);
});

test('a reference of the difference is judged by the change from the baseline', () => {
  const plan = planOf(
    about({ of: 'difference', where: { sack: true }, samples: [{ at: 0.02, value: 9 }], tolerance: { value: 0 } }),
  );
  const [verdict] = judgeReferences(plan, measured(plan));
  expect(verdict).toMatchObject({ pass: true, of: 'difference' });
  expect(verdict!.samples[0]!.measured.estimate).toBe(9);
});

test('what is not measured yet is neither held nor broken', () => {
  const plan = planOf(about({ samples: [{ at: 0, to: 10 }] }));
  expect(judgeReferences(plan, summarisePlan(plan, []))[0]!.pass).toBeUndefined();
});

test('a reference is drawn in the chart of its measure, and stands in a table', () => {
  const plan = planOf(about({ samples: [{ at: 0, value: 10 }], tolerance: { share: 0.5 } }));
  const summary = measured(plan);
  const drawn = judgedCharts(plan, summary).filter(({ figure }) =>
    figure.lines.some(({ label }) => label === 'Theory'),
  );
  expect(drawn.map(({ id }) => id)).toEqual(['retransmits']);
  const line = drawn[0]!.figure.lines.at(-1)!;
  expect([line.data.values[0], line.range?.low[0], line.range?.high[0]]).toEqual([10, 5, 15]);
  expect(verdictsCsv(plan, judgeReferences(plan, summary))!.split('\n')[1]).toBe(
    'Theory,retransmits,count,value,1,0,false,10,10,10,10,5,15,pass',
  );
});

test.each<[Record<string, unknown>, string]>([
  [
    { measure: 'retransmit', samples: [{ at: 0, to: 1 }] },
    'p: /reference/0/measure: there is no measure "retransmit"; there are completion, retransmits',
  ],
  [
    { factor: 'lost', samples: [{ at: 0, to: 1 }] },
    'p: /reference/0/factor: there is no factor "lost"; there are loss, sack',
  ],
  [
    { where: {}, samples: [{ at: 0, to: 1 }] },
    'p: /reference/0/samples/0: which "sack" it is for is not said; add "where": {"sack": "false"}',
  ],
  [
    { samples: [{ at: 0.03, to: 1 }] },
    'p: /reference/0/samples/0: "loss" has no level "0.03"; there are 0, 0.02, 0.05',
  ],
  [
    { samples: [{ at: 0 }] },
    'p: /reference/0/samples/0: a sample has a value or bounds; write {"at": 0.01, "value": 3.2} or {"at": 0.01, "to": 0}',
  ],
  [
    { samples: [{ at: 0, value: 3 }] },
    'p: /reference/0/samples/0: a value needs a tolerance; add "tolerance": {"share": 0.1} to the reference, as its source says',
  ],
  [
    { samples: [{ at: 0, value: 'three' }], tolerance: { share: 0.1 } },
    'p: /reference/0/samples/0/value: "three" is not a quantity; a number, or for example "1.2s"',
  ],
])('%j has its problem named', (parts, expected) => {
  expect(problems(about(parts))).toContain(expected);
});

test('without a comparison there is no difference to judge', () => {
  const { reference } = about({ of: 'difference', samples: [{ at: 0, to: 0 }] });
  expect(problems({ reference })[0]).toContain('/reference/0/of: nothing is compared');
});
