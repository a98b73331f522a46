// The plan that is made: its edits with undo, where its file is, and what is wrong with it. Its scenario is the open one.

import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { Problem } from '../../core/base';
import type { PlanDocument } from '../../core/experiment';
import type { Scenario } from '../../core/scenario';
import type { PlanJudgement } from '../../electron/ipc';
import { attempt, call, History, onVary, type Parameter, tell, variedPointers } from '../shared';
import { commonMeasures } from './model/common-measures';
import { documentOf, draftOf, newDraft, type PlanDraft, pointersOf, toggleFactor } from './model/draft';

/** Edits that come together are judged together. */
const SETTLE_MS = 150;
const FIRST_MEASURES = 3;

export const usePlan = defineStore('plan', () => {
  /** The open scenario; undefined while none is. */
  const base = shallowRef<Scenario>();
  const draft = shallowRef<PlanDraft>();
  const path = ref<string>();
  const fileName = ref<string>();
  const judgement = shallowRef<PlanJudgement>();
  const judging = ref(false);
  const steps = ref(0);
  const history = new History<PlanDraft | undefined>();
  /** As it is in a file, or as it was taken. */
  const saved = shallowRef<PlanDraft>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = 0;

  const text = computed(() =>
    draft.value === undefined || base.value === undefined
      ? undefined
      : `${JSON.stringify(documentOf(draft.value, base.value), undefined, 2)}\n`,
  );
  const isDirty = computed(() => draft.value !== undefined && draft.value !== saved.value);
  const problems = computed((): readonly Problem[] => judgement.value?.problems ?? []);
  const undoLabel = computed(() => (steps.value >= 0 ? history.undoLabel : undefined));
  const redoLabel = computed(() => (steps.value >= 0 ? history.redoLabel : undefined));
  const ready = computed(() => (base.value === undefined ? [] : commonMeasures(base.value)));

  watch(text, (now) => {
    clearTimeout(timer);
    judging.value = now !== undefined;
    if (now === undefined) judgement.value = undefined;
    else timer = setTimeout(() => void judge(now), SETTLE_MS);
  });
  watch(draft, (now) => {
    variedPointers.value = new Set((now?.factors ?? []).flatMap(pointersOf));
  });
  onVary(vary);

  async function judge(plan: string): Promise<void> {
    const mine = (asked += 1);
    const reply = await attempt(() => call('experiments.judge', { plan }));
    if (mine !== asked) return;
    judgement.value = reply;
    judging.value = false;
  }

  /** Makes an edit. @param key edits in a row with the same key are one step of undo */
  function edit(label: string, next: PlanDraft | undefined, key?: string): void {
    history.note({ label, key, before: draft.value, after: next });
    draft.value = next;
    steps.value += 1;
  }

  function restore(step: 'undo' | 'redo'): void {
    const label = step === 'undo' ? history.undoLabel : history.redoLabel;
    if (label === undefined) return;
    draft.value = step === 'undo' ? history.undo() : history.redo();
    steps.value += 1;
  }

  function begin(): PlanDraft {
    return newDraft(base.value?.name ?? 'Experiment', ready.value.slice(0, FIRST_MEASURES));
  }

  function vary(parameter: Parameter): void {
    const before = draft.value ?? begin();
    const isVaried = variedPointers.value.has(parameter.pointer);
    edit(`${isVaried ? 'Keep' : 'Vary'} ${parameter.label}`, toggleFactor(before, parameter));
  }

  /** Takes a plan's edits over; whoever calls opens its scenario. */
  function take(document: PlanDocument, origin: { path?: string; name?: string }): void {
    recover(document);
    saved.value = draft.value;
    path.value = origin.path;
    fileName.value = origin.name;
  }

  /** Takes the plan of a session that ended before it was saved. */
  function recover(document: PlanDocument): void {
    history.clear();
    draft.value = draftOf(document);
    steps.value += 1;
  }

  /** Lays the plan aside; can be undone. */
  function close(): void {
    edit('Close plan', undefined);
    path.value = undefined;
    fileName.value = undefined;
  }

  async function save(): Promise<void> {
    if (text.value === undefined || draft.value === undefined) return;
    const suggestedName = fileName.value ?? `${draft.value.name.replace(/[^\w-]+/g, '-').toLowerCase()}.json`;
    const known = path.value === undefined ? {} : { path: path.value };
    const plan = text.value;
    const written = draft.value;
    const file = await attempt(() => call('experiments.savePlan', { suggestedName, text: plan, ...known }));
    if (file === undefined) return;
    path.value = file.path;
    fileName.value = file.name;
    saved.value = written;
    tell('info', `Saved ${file.name}`, `odonata sweep ${file.name} --out results/ runs it`);
  }

  return {
    base,
    draft,
    fileName,
    text,
    isDirty,
    problems,
    judgement,
    judging,
    ready,
    undoLabel,
    redoLabel,
    edit,
    undo: () => {
      restore('undo');
    },
    redo: () => {
      restore('redo');
    },
    begin,
    take,
    recover,
    close,
    save,
  };
});
