// The process that a class works with: what the window learns, and when.

import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { evidenceOfLab, runStep } from '../../../core/classroom';
import { guidedLabById, guidedLabs, needsRecords, pickRecords, runs, stepScenario } from '../../../core/course';
import { World } from '../../../core/world';
import type { AttemptState, GivenAnswer, GuidedView, Reply } from '../../../electron/ipc';
import { CourseHost } from '../../../electron/runner/course-host';
import { rightAnswer } from '../course/student';

const newHost = (): CourseHost => new CourseHost(mkdtempSync(join(tmpdir(), 'odonata-class-')));
const STUDENT = { name: 'Ada Lovelace', id: '1815' };

class Class {
  state!: AttemptState;
  constructor(
    readonly host: CourseHost,
    readonly lab: string,
  ) {}

  async begin(): Promise<this> {
    this.state = (await this.host.answer('course.begin', {
      lab: this.lab,
      student: STUDENT,
      trial: false,
    })) as AttemptState;
    return this;
  }

  async give(question: string, answer: GivenAnswer): Promise<AttemptState['questions'][string]> {
    const { attempt } = this.state;
    this.state = (await this.host.answer('course.answer', { attempt, question, answer })) as AttemptState;
    return this.state.questions[question]!;
  }

  async ran(step: string, digest = 'd'): Promise<void> {
    this.state = (await this.host.answer('course.ran', { attempt: this.state.attempt, step, digest })) as AttemptState;
  }
}

const number = (value: number): GivenAnswer => ({ kind: 'number', value });

/** All that a question may show before it is answered. */
const SHOWN = [
  'id',
  'kind',
  'prediction',
  'points',
  'ask',
  'unit',
  'options',
  'several',
  'hints',
  'series',
  'fromSeconds',
];

test('what the window is told of a lab has neither right answers nor explanations nor hints', async () => {
  for (const lab of guidedLabs()) {
    const view = (await newHost().answer('course.lab', { lab: lab.id })) as GuidedView;
    for (const question of view.steps.flatMap(({ questions }) => questions)) {
      expect([...SHOWN, 'toSeconds']).toEqual(expect.arrayContaining(Object.keys(question)));
      // How many there are, not what they say.
      expect(typeof question.hints).toBe('number');
    }
    const text = JSON.stringify(view);
    for (const { explain } of lab.steps.flatMap(({ questions }) => questions))
      expect(text).not.toContain(JSON.stringify(explain).slice(1, -1));
  }
});

test('a prediction is judged when its step has run, and not before', async () => {
  const own = await new Class(newHost(), 'small-windows').begin();
  await expect(own.ran('plain')).rejects.toThrow('predict "duplicates" before the run');
  const predicted = await own.give('duplicates', number(7));
  expect(predicted).toMatchObject({ settled: false, tries: 1 });
  expect(predicted.right).toBeUndefined();
  expect(predicted.explain).toBeUndefined();
  await expect(own.give('duplicates', number(2))).rejects.toThrow('a prediction stands');
  await own.ran('plain');
  expect(own.state.questions['duplicates']).toMatchObject({ settled: true, right: false });
  expect(own.state.questions['duplicates']!.explain).toContain('fast retransmit');
});

test('a wrong answer costs a quarter and tells nothing; four leave no points, and the explanation', async () => {
  const own = await new Class(newHost(), 'small-windows').begin();
  await own.give('duplicates', number(2));
  await expect(own.give('time-plain', number(1))).rejects.toThrow('run step "plain" first');
  await own.ran('plain');
  for (const worth of [0.75, 0.5, 0.25]) {
    const state = await own.give('time-plain', number(1));
    expect(state).toMatchObject({ right: false, settled: false, worth });
    expect(state.expected).toBeUndefined();
    expect(state.explain).toBeUndefined();
  }
  const last = await own.give('time-plain', number(1));
  expect(last).toMatchObject({ right: false, settled: true, worth: 0 });
  expect(last.expected).toContain('ms');
  await expect(own.give('time-plain', number(1))).rejects.toThrow('settled');
});

test('an answer that cannot be judged is no try', async () => {
  const own = await new Class(newHost(), 'small-windows').begin();
  await own.give('duplicates', number(2));
  await own.ran('plain');
  await expect(own.give('timer', { kind: 'pick', record: 1_000_000 })).rejects.toThrow('no record');
  expect(own.state.questions['timer']).toMatchObject({ tries: 0 });
});

test('another process goes on where one was killed, and its hand-in has all of it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'odonata-class-'));
  const own = await new Class(new CourseHost(folder), 'small-windows').begin();
  await own.give('duplicates', number(2));
  await own.ran('plain');
  const second = new CourseHost(folder);
  const { attempt } = own.state;
  expect(await second.answer('course.continue', { attempt })).toEqual(own.state);
  const path = join(folder, 'x.odonata-handin');
  await second.answer('course.handIn', { attempt, path });
  const deeds = (JSON.parse(readFileSync(path, 'utf8')) as { entries: { deed: { do: string } }[] }).entries;
  expect(deeds.map(({ deed }) => deed.do)).toEqual(['begin', 'predict', 'run', 'finish']);
  await expect(second.answer('course.hint', { attempt, question: 'helpless' })).rejects.toThrow('handed in');
});

describe('what is picked in the window is what grading looks at', () => {
  const steps = guidedLabs().flatMap((lab) =>
    lab.steps.filter((step) => runs(step) && needsRecords(lab, step)).map((step) => ({ lab, step })),
  );

  // The window's runs record packets as well, and keep a bounded log.
  test.each(steps.map(({ lab, step }) => [lab.id, step.id] as const))('%s, %s', (labId, stepId) => {
    const lab = guidedLabById(labId)!;
    const step = lab.steps.find(({ id }) => id === stepId)!;
    const checked = stepScenario(lab, step, labId);
    if (!checked.ok) throw new Error('the step has problems');
    const world = new World(checked.value.resolved, { causes: true, packetsMax: 1_000_000, causesMax: 1 << 22 });
    world.run(world.endAt);
    const shown = pickRecords(world.engine.causes!, world.causeNames());
    expect(shown).toEqual(runStep(lab, step, labId).records);
  });
});

test('right answers of each kind, given through the process, are right', async () => {
  const lab = guidedLabById('loss-recovery')!;
  const evidenceOf = evidenceOfLab(lab);
  const own = await new Class(newHost(), lab.id).begin();
  for (const step of lab.steps) {
    const opened = (await own.host.answer('course.step', {
      attempt: own.state.attempt,
      step: step.id,
    })) as Reply<'course.step'>;
    expect(JSON.parse(opened!.scenario)).toMatchObject({ format: 'odonata-scenario' });
    const ordered = [...step.questions].sort((a, b) => Number(b.when === 'before') - Number(a.when === 'before'));
    const predictions = ordered.filter(({ when }) => when === 'before');
    for (const question of predictions) await own.give(question.id, rightAnswer(question, step.id, evidenceOf));
    await own.ran(step.id, evidenceOf(step.id)!.summary.digest);
    for (const question of ordered.filter(({ when }) => when !== 'before'))
      await own.give(question.id, rightAnswer(question, step.id, evidenceOf));
  }
  for (const [id, state] of Object.entries(own.state.questions))
    expect({ id, right: state.right, worth: state.worth }).toEqual({ id, right: true, worth: 1 });
  expect(own.state.questions['halved']!.curve!.x.length).toBeGreaterThan(100);
});
