// The script that is open, how it ended, and how far the reader has stepped.

import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { ScriptProfile, ScriptVerdict } from '../../electron/ipc';
import { attempt, call } from '../shared';

export const useScripts = defineStore('scripts', () => {
  const name = ref('');
  const text = ref('');
  const profile = ref<ScriptProfile>('auto');
  const verdict = shallowRef<ScriptVerdict>();
  const running = ref(false);
  /** Rows that are shown as happened; the reader is behind the last of them. */
  const reached = ref(0);

  const lines = computed(() => text.value.trimEnd().split('\n'));
  const current = computed(() => verdict.value?.rows[reached.value - 1]);

  /** Asks for a file; whether one was chosen. */
  async function open(): Promise<boolean> {
    const file = await attempt(() => call('scripts.open', undefined));
    if (file === undefined) return false;
    await show(file.name, file.text);
    return true;
  }

  async function show(newName: string, newText: string): Promise<void> {
    name.value = newName;
    text.value = newText;
    await run();
  }

  async function run(): Promise<void> {
    running.value = true;
    const answer = await attempt(() => call('scripts.run', { text: text.value, profile: profile.value }));
    running.value = false;
    if (answer === undefined) return;
    verdict.value = answer;
    reached.value = answer.rows.length;
  }

  function step(by: number): void {
    stepTo(reached.value + by);
  }

  function stepTo(row: number): void {
    reached.value = Math.max(0, Math.min(verdict.value?.rows.length ?? 0, row));
  }

  return { name, text, lines, profile, verdict, running, reached, current, open, show, run, step, stepTo };
});
