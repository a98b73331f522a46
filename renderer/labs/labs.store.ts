// The catalogue of labs, which of them is open, and the runs of labs: how far they are, and what the last of each left.

import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { FigureSpec } from '../../core/export';
import { GALLERY, type GalleryEntry } from '../../core/scenario';
import type { GuidedCard, LabCard, LabOutcome } from '../../electron/ipc';
import { attempt, call, on } from '../shared';
import { SearchIndex } from './model/search';

export interface LabRun {
  readonly state: 'running' | 'finished' | 'stopped' | 'failed';
  readonly quick: boolean;
  readonly seeds: number;
  readonly done: number;
  readonly all: number;
  readonly leftSeconds: number | undefined;
  readonly reason: string | undefined;
  /** Of what is known so far. */
  readonly figure: FigureSpec | undefined;
  readonly outcome: LabOutcome | undefined;
}

export type Found =
  | { readonly kind: 'lab'; readonly lab: LabCard }
  | { readonly kind: 'guided'; readonly guided: GuidedCard }
  | { readonly kind: 'scenario'; readonly entry: GalleryEntry };

export const useLabs = defineStore('labs', () => {
  const labs = shallowRef<readonly LabCard[]>([]);
  const topics = shallowRef<readonly string[]>([]);
  const guided = shallowRef<readonly GuidedCard[]>([]);
  const state = ref<'none' | 'loading' | 'ready' | 'failed'>('none');
  const chosen = ref<string>();
  const runs = shallowRef<ReadonlyMap<string, LabRun>>(new Map());

  const index = computed(() => {
    const all: Found[] = [
      ...labs.value.map((lab) => ({ kind: 'lab' as const, lab })),
      ...guided.value.map((one) => ({ kind: 'guided' as const, guided: one })),
      ...GALLERY.map((entry) => ({ kind: 'scenario' as const, entry })),
    ];
    return new SearchIndex(all, describe);
  });

  async function load(): Promise<void> {
    if (state.value === 'loading' || state.value === 'ready') return;
    state.value = 'loading';
    const catalogue = await attempt(() => call('labs.catalogue', undefined));
    state.value = catalogue === undefined ? 'failed' : 'ready';
    if (catalogue === undefined) return;
    labs.value = catalogue.labs;
    topics.value = catalogue.topics;
    guided.value = catalogue.guided;
  }

  function update(id: string, change: Partial<LabRun>): void {
    const before = runs.value.get(id);
    if (before !== undefined) runs.value = new Map(runs.value).set(id, { ...before, ...change });
  }

  on('labs.progress', ({ id, done, all, leftSeconds, figure }) => {
    update(id, { done, all, leftSeconds, figure });
  });
  on('labs.ended', ({ id, outcome, reason }) => {
    void finish(id, outcome, reason);
  });

  async function finish(id: string, outcome: 'finished' | 'stopped' | 'failed', reason?: string): Promise<void> {
    const left = outcome === 'finished' ? await attempt(() => call('labs.result', { id })) : undefined;
    update(id, { state: outcome, reason, leftSeconds: undefined, outcome: left });
  }

  async function run(lab: LabCard, quick: boolean, seeds: number): Promise<void> {
    const planned = quick ? lab.replications.quick : lab.replications.full;
    const all = (quick ? lab.points.quick : lab.points.full) * seeds;
    const begun: LabRun = {
      state: 'running',
      quick,
      seeds,
      done: 0,
      all,
      leftSeconds: undefined,
      reason: undefined,
      figure: undefined,
      outcome: undefined,
    };
    const before = runs.value.get(lab.id);
    runs.value = new Map(runs.value).set(lab.id, begun);
    const request = { id: lab.id, quick, ...(seeds === planned ? {} : { replications: seeds }) };
    const started = await attempt(async () => {
      await call('labs.run', request);
      return true;
    });
    if (started === true) return;
    const next = new Map(runs.value);
    if (before === undefined) next.delete(lab.id);
    else next.set(lab.id, before);
    runs.value = next;
  }

  function stop(id: string): void {
    void attempt(() => call('labs.stop', { id }));
  }

  /** Other labs about the same mechanisms, those that share most first. */
  function related(lab: LabCard): LabCard[] {
    const shared = (other: LabCard): number => other.mechanisms.filter((one) => lab.mechanisms.includes(one)).length;
    return labs.value
      .filter((other) => other.id !== lab.id && shared(other) > 0)
      .sort((a, b) => shared(b) - shared(a))
      .slice(0, 4);
  }

  return {
    labs,
    topics,
    guided,
    state,
    chosen,
    runs,
    load,
    run,
    stop,
    related,
    find: (question: string): readonly Found[] => index.value.find(question),
  };
});

function describe(found: Found) {
  if (found.kind === 'lab') {
    const { title, mechanisms, topics, slide, question, expected, lookFor, sources, factors, measures } = found.lab;
    const labels = [...factors, ...measures].map(({ label }) => label);
    return {
      name: title,
      subjects: [...mechanisms, ...topics, slide],
      text: [question, expected, lookFor, ...sources, ...labels].join(' '),
    };
  }
  if (found.kind === 'guided') {
    const { title, topic, slides, goals, literature } = found.guided;
    const plain = (html: string): string => html.replaceAll(/<[^>]*>/g, ' ');
    return {
      name: plain(title),
      subjects: [topic, ...slides],
      text: [...goals, ...literature].map(plain).join(' '),
    };
  }
  const { name, description = '' } = found.entry.document;
  return { name, subjects: [], text: description };
}

/** Whether its runs differ from seed to seed, so that there is something to be confident about. */
export function hasChance({ replications }: LabCard): boolean {
  return replications.full > 1;
}
