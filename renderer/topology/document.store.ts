// The open scenario: its document, where it came from, what is wrong with it, and how to go back.

import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { Problem } from '../../core/base';
import { checkScenario, parseScenario, type Scenario } from '../../core/scenario';
import { History, selection } from '../shared';
import { emptyScenario } from './edit';

export const useDocument = defineStore('document', () => {
  const document = shallowRef<Scenario>(emptyScenario());
  const path = ref<string>();
  const fileName = ref<string>();
  const isOpen = ref(false);
  const savedText = ref('');
  const steps = ref(0);
  const history = new History<Scenario>();

  const text = computed(() => `${JSON.stringify(document.value, undefined, 2)}\n`);
  const isDirty = computed(() => isOpen.value && text.value !== savedText.value);
  const problems = computed((): readonly Problem[] => (isOpen.value ? checkScenario(document.value, '').problems : []));
  const undoLabel = computed(() => (steps.value >= 0 ? history.undoLabel : undefined));
  const redoLabel = computed(() => (steps.value >= 0 ? history.redoLabel : undefined));

  /** Makes an edit. @param key edits in a row with the same key are one step of undo */
  function edit(label: string, next: Scenario, key?: string): void {
    if (next === document.value) return;
    history.note({ label, key, before: document.value, after: next });
    document.value = next;
    steps.value += 1;
  }

  function undo(): void {
    restore(history.undo());
  }

  function redo(): void {
    restore(history.redo());
  }

  function restore(before: Scenario | undefined): void {
    if (before === undefined) return;
    document.value = before;
    steps.value += 1;
  }

  /** Opens a document as the whole scenario. */
  function open(
    next: Scenario,
    origin: { path?: string | undefined; name?: string | undefined },
    saved: boolean,
  ): void {
    document.value = next;
    path.value = origin.path;
    fileName.value = origin.name;
    isOpen.value = true;
    history.clear();
    steps.value += 1;
    savedText.value = saved ? text.value : '';
    selection.value = { kind: 'scenario' };
  }

  /** Opens a file's text; problems that keep it from being shown at all are returned. */
  function openText(source: string, origin: { path?: string; name?: string }, saved = true): readonly Problem[] {
    const parsed = parseScenario(source, origin.name ?? '');
    if (parsed.ok) {
      open(parsed.value.document, origin, saved);
      return [];
    }
    const loose = looseDocument(source);
    if (loose === undefined) return parsed.problems;
    open(loose, origin, saved);
    return [];
  }

  function noteSaved(origin: { path: string; name: string }): void {
    path.value = origin.path;
    fileName.value = origin.name;
    savedText.value = text.value;
  }

  return {
    document,
    path,
    fileName,
    isOpen,
    isDirty,
    text,
    problems,
    undoLabel,
    redoLabel,
    edit,
    undo,
    redo,
    open,
    openText,
    noteSaved,
  };
});

/** A document with problems can still be drawn if its lists are lists of things with ids. */
function looseDocument(source: string): Scenario | undefined {
  try {
    const value = JSON.parse(source) as Partial<Scenario>;
    const lists = [value.nodes, value.links, value.traffic];
    const drawable = lists.every(
      (list) =>
        Array.isArray(list) && list.every((item: unknown) => typeof item === 'object' && item !== null && 'id' in item),
    );
    return drawable ? (value as Scenario) : undefined;
  } catch {
    return undefined;
  }
}
