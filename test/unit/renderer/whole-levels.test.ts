// Whole queues and losses as levels in the window: what picking one makes of it, and each level's kind, fields and name.

import { describe, expect, test } from 'vitest';
import { formatProblem } from '../../../core/base';
import { checkPlan, levelLabels } from '../../../core/experiment';
import { type Scenario, wholesOf } from '../../../core/scenario';
import {
  changeFactor,
  documentOf,
  type LevelDraft,
  newDraft,
  type PlanDraft,
  toggleFactor,
} from '../../../renderer/experiments/model/draft';
import {
  choicesAt,
  chosen,
  hasWholes,
  isSwitch,
  oneMore,
  type Place,
  placeAt,
  wholeLevels,
} from '../../../renderer/experiments/model/whole-levels';
import { smallScenario } from '../../plans';

const scenario = smallScenario() as unknown as Scenario;
const QUEUE = { discipline: 'droptail', limit: '20p' };
const place = (pointer: string): Place => placeAt(scenario, pointer)!;
const wholesAt = (pointer: string, value?: Record<string, unknown>): object[] => wholesOf(place(pointer).schema, value);
const queueLevels = (): LevelDraft[] => wholeLevels(QUEUE, wholesAt('/links/l/queue', QUEUE));

/** A plan with a whole part of the link picked. */
function picked(draft: PlanDraft, pointer: string, value: Record<string, unknown> | undefined): PlanDraft {
  const wholes = wholesAt(pointer, value);
  return toggleFactor(draft, { pointer, label: 'l: queue', control: 'whole', value, choices: [], wholes });
}
const pickedQueue = (draft: PlanDraft): PlanDraft => picked(draft, '/links/l/queue', QUEUE);

const measures = [{ name: 'retransmits', summary: '/flows/f/retransmits' }];

test('a picked queue begins with what is there and every other discipline, with the limit that it has', () => {
  const draft = pickedQueue(newDraft('q', measures));
  expect(draft.factors[0]!.levels).toEqual([
    { label: 'droptail', value: QUEUE },
    { label: 'red', value: { discipline: 'red', limit: '20p' } },
    { label: 'codel', value: { discipline: 'codel', limit: '20p' } },
  ]);
  const checked = checkPlan(documentOf(draft, scenario), { file: '' });
  expect(checked.problems.map(formatProblem)).toEqual([]);
});

test('where there is no loss, none is the first level, and kinds that have to be filled in are left out', () => {
  const draft = picked(newDraft('q', measures), '/links/l/reverse/loss', undefined);
  expect(levelLabels(draft.factors[0]!.levels!)).toEqual(['none', 'bernoulli', 'gilbert-elliott']);
  expect(checkPlan(documentOf(draft, scenario), { file: '' }).problems.map(formatProblem)).toEqual([]);
});

test('a whole that is picked after one of its parts stands before it', () => {
  const limit = {
    pointer: '/links/l/queue/limit',
    label: 'limit',
    control: 'text',
    value: '20p',
    choices: [],
  } as const;
  const draft = pickedQueue(toggleFactor(newDraft('q', measures), limit));
  expect(draft.factors.map(({ pointer }) => pointer)).toEqual(['/links/l/queue', '/links/l/queue/limit']);
  expect(checkPlan(documentOf(draft, scenario), { file: '' }).problems.map(formatProblem)).toEqual([]);
});

test('whether a flow is there is a switch', () => {
  const draft = toggleFactor(newDraft('q', measures), {
    pointer: '/traffic/f',
    label: 'f',
    control: 'presence',
    value: undefined,
    choices: [],
  });
  expect(isSwitch(draft.factors[0]!)).toBe(true);
  expect(hasWholes(draft.factors[0]!)).toBe(false);
  expect(levelLabels(draft.factors[0]!.levels!)).toEqual(['with', 'without']);
});

describe('what may be chosen at a place', () => {
  test('comes from the schema of the scenario there', () => {
    expect(choicesAt(place('/links/l/loss')).map(({ choice }) => choice)).toEqual([
      'is bernoulli',
      'is gilbert-elliott',
      'is list',
      'none',
      'unchanged',
    ]);
    expect(choicesAt(place('/links/l/reorder')).map(({ title }) => title)).toEqual([
      'with',
      'none',
      'as in the scenario',
    ]);
    expect(placeAt(scenario, '/links/l/nothing')).toBeUndefined();
  });

  test('the name of a kind follows the kind, one of a person stays; fields that both have stay', () => {
    const [, red] = queueLevels();
    expect(chosen(red!, 'is codel', place('/links/l/queue'))).toEqual({
      label: 'codel',
      value: { discipline: 'codel', limit: '20p' },
    });
    expect(chosen({ label: 'mine', value: QUEUE }, 'none', place('/links/l/queue'))).toEqual({
      label: 'mine',
      absent: true,
    });
    expect(chosen({ label: 'none', absent: true }, 'is bernoulli', place('/links/l/loss'))).toEqual({
      label: 'bernoulli',
      value: { model: 'bernoulli', probability: 0.01 },
    });
  });
});

test('one level more has a name of its own, however often', () => {
  const twice = [1, 2].reduce((levels) => oneMore(levels, levelLabels(levels)), queueLevels());
  expect(levelLabels(twice)).toEqual(['droptail', 'red', 'codel', 'codel 2', 'codel 3']);
});

test('what is said of a level elsewhere follows its new name', () => {
  const draft: PlanDraft = {
    ...pickedQueue(newDraft('q', measures)),
    compare: { factor: 'queue', baseline: 'red' },
    reference: [
      { label: 'r', source: 's', measure: 'retransmits', factor: 'queue', samples: [{ at: 'red', to: 3 }] },
      { label: 'r', source: 's', measure: 'retransmits', factor: 'x', where: { queue: 'red' }, samples: [{ at: 1 }] },
    ],
  };
  const factor = draft.factors[0]!;
  const levels = factor.levels!.with(1, { label: 'RED', value: { discipline: 'red' } });
  const next = changeFactor(draft, 0, { ...factor, levels });
  expect(next.compare).toEqual({ factor: 'queue', baseline: 'RED' });
  expect(next.reference![0]!.samples).toEqual([{ at: 'RED', to: 3 }]);
  expect(next.reference![1]!.where).toEqual({ queue: 'RED' });
});
