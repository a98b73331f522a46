// The guided lab that is worked at: its text, where the student stands, which step is open, and whose run is awaited.

import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { RunSummary } from '../../core/measure';
import type { AttemptCard, AttemptState, GivenAnswer, GuidedView } from '../../electron/ipc';
import { attempt, call, tell } from '../shared';

/** Places before the first step and behind the last one. */
export const INTRODUCTION = -1;

export const useGuide = defineStore('guide', () => {
  const attempts = shallowRef<readonly AttemptCard[]>([]);
  /** The lab that is looked at; without an attempt, its first page. */
  const lab = shallowRef<GuidedView>();
  const state = shallowRef<AttemptState>();
  const at = ref(INTRODUCTION);
  const busy = ref(false);
  /** The run whose end counts for a step. */
  const awaited = ref<{ runId: string; step: string }>();
  /** Scenario of the open step, as it was opened. */
  const opened = ref<{ step: string; text: string }>();

  /** What the runs of this sitting left, by step. */
  const summaries = shallowRef<ReadonlyMap<string, RunSummary>>(new Map());

  const step = computed(() => lab.value?.steps[at.value]);
  const isOver = computed(() => lab.value !== undefined && at.value >= lab.value.steps.length);
  const hasRun = computed(() => step.value !== undefined && state.value?.ran.includes(step.value.id) === true);
  /** A prediction of this step that is still to be made. */
  const unpredicted = computed(() =>
    step.value?.questions.find(({ id, prediction }) => prediction && state.value?.questions[id]?.tries === 0),
  );

  async function during<T>(action: () => Promise<T>): Promise<T | undefined> {
    busy.value = true;
    try {
      return await attempt(action);
    } finally {
      busy.value = false;
    }
  }

  async function loadAttempts(): Promise<void> {
    attempts.value = (await attempt(() => call('course.attempts', undefined))) ?? [];
  }

  /** Shows a lab's first page. */
  async function look(id: string): Promise<void> {
    if (lab.value?.id === id && state.value !== undefined) return;
    const view = await during(() => call('course.lab', { lab: id }));
    if (view !== undefined) lookAt(view);
    void loadAttempts();
  }

  function lookAt(view: GuidedView): void {
    lab.value = view;
    state.value = undefined;
    at.value = INTRODUCTION;
    opened.value = undefined;
    awaited.value = undefined;
    summaries.value = new Map();
  }

  function leave(): void {
    lab.value = undefined;
    state.value = undefined;
    opened.value = undefined;
    awaited.value = undefined;
    void loadAttempts();
  }

  async function begin(name: string, id: string, trial: boolean): Promise<void> {
    const view = lab.value;
    if (view === undefined) return;
    const begun = await during(() => call('course.begin', { lab: view.id, student: { name, id }, trial }));
    if (begun === undefined) return;
    state.value = begun;
    at.value = 0;
  }

  /** Goes on where it was left: at the first step with something to do. */
  async function resume(card: AttemptCard): Promise<void> {
    const view = await during(() => call('course.lab', { lab: card.lab }));
    if (view === undefined) return;
    const left = await during(() => call('course.continue', { attempt: card.attempt }));
    if (left === undefined) return;
    lookAt(view);
    state.value = left;
    const next = view.steps.findIndex(
      (one) =>
        (one.runs && !left.ran.includes(one.id)) ||
        one.questions.some(({ id }) => left.questions[id]?.settled !== true),
    );
    at.value = next < 0 ? view.steps.length : next;
  }

  /** Tells that the step is open; its scenario if it has one. */
  async function openStep(): Promise<{ text: string; name: string } | undefined> {
    const [own, there] = [state.value, step.value];
    if (own === undefined || there === undefined) return undefined;
    const reply = await during(() => call('course.step', { attempt: own.attempt, step: there.id }));
    return reply === undefined ? undefined : { text: reply.scenario, name: reply.name };
  }

  async function ran(stepId: string, summary: RunSummary): Promise<void> {
    summaries.value = new Map(summaries.value).set(stepId, summary);
    const own = state.value;
    if (own === undefined || own.finished) return;
    const next = await during(() => call('course.ran', { attempt: own.attempt, step: stepId, digest: summary.digest }));
    if (next !== undefined) state.value = next;
  }

  async function answer(question: string, given: GivenAnswer): Promise<void> {
    const own = state.value;
    if (own === undefined) return;
    const next = await during(() => call('course.answer', { attempt: own.attempt, question, answer: given }));
    if (next !== undefined) state.value = next;
  }

  async function hint(question: string): Promise<void> {
    const own = state.value;
    if (own === undefined) return;
    const next = await during(() => call('course.hint', { attempt: own.attempt, question }));
    if (next !== undefined) state.value = next;
  }

  async function handIn(key: string): Promise<void> {
    const own = state.value;
    if (own === undefined) return;
    const saved = await during(() =>
      call('course.handIn', { attempt: own.attempt, ...(key.trim() === '' ? {} : { key: key.trim() }) }),
    );
    if (saved === undefined) return;
    tell('info', `Handed in: ${saved.path}`);
    const next = await attempt(() => call('course.continue', { attempt: own.attempt }));
    if (next !== undefined) state.value = next;
  }

  async function print(format: 'html' | 'pdf', answers: boolean): Promise<void> {
    const view = lab.value;
    if (view === undefined) return;
    const saved = await during(() => call('course.print', { lab: view.id, format, answers }));
    if (saved !== undefined) tell('info', `Handout saved to ${saved.path}`);
  }

  return {
    attempts,
    lab,
    state,
    at,
    busy,
    awaited,
    opened,
    summaries,
    step,
    isOver,
    hasRun,
    unpredicted,
    loadAttempts,
    look,
    lookAt,
    leave,
    begin,
    resume,
    openStep,
    ran,
    answer,
    hint,
    handIn,
    print,
  };
});
