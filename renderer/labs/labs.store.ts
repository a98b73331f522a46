// The catalogue of labs, which of them is open, the runs of labs and how far they are, and what is kept of earlier ones.

import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { FigureSpec } from '../../core/export';
import { GALLERY } from '../../core/scenario';
import type { GuidedCard, KeptLab, LabCard, LabOutcome } from '../../electron/ipc';
import { attempt, call, on, tell } from '../shared';
import { type Found, indexOf } from './model/findable';

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
}

/** One lab's quick or full run. */
type LabKey = Pick<KeptLab, 'id' | 'quick'>;
const keyOf = ({ id, quick }: LabKey): string => `${id} ${quick ? 'quick' : 'full'}`;

export const useLabs = defineStore('labs', () => {
  const labs = shallowRef<readonly LabCard[]>([]);
  const topics = shallowRef<readonly string[]>([]);
  const guided = shallowRef<readonly GuidedCard[]>([]);
  const state = ref<'none' | 'loading' | 'ready' | 'failed'>('none');
  const chosen = ref<string>();
  const runs = shallowRef<ReadonlyMap<string, LabRun>>(new Map());
  const results = shallowRef<ReadonlyMap<string, KeptLab>>(new Map());
  /** This program's version. */
  const version = ref('');
  /** What the last result that was looked at left; only one is held. */
  const outcome = shallowRef<LabOutcome>();
  let looked: KeptLab | undefined;

  const index = computed(() => {
    return indexOf(labs.value, guided.value, GALLERY);
  });

  async function load(): Promise<void> {
    if (state.value === 'loading' || state.value === 'ready') return;
    state.value = 'loading';
    const read = await attempt(() =>
      Promise.all([call('labs.catalogue', undefined), call('labs.kept', undefined), call('app.info', undefined)]),
    );
    state.value = read === undefined ? 'failed' : 'ready';
    if (read === undefined) return;
    const [catalogue, kept, info] = read;
    labs.value = catalogue.labs;
    topics.value = catalogue.topics;
    guided.value = catalogue.guided;
    results.value = new Map(kept.map((one) => [keyOf(one), one]));
    version.value = info.version;
  }

  /** Reads what is kept once more: somebody else removed some of it, or brought some. */
  async function readKept(): Promise<void> {
    if (state.value !== 'ready') return;
    const kept = await attempt(() => call('labs.kept', undefined));
    if (kept !== undefined) results.value = new Map(kept.map((one) => [keyOf(one), one]));
  }

  /** What is kept of a lab, the latest first. */
  function keptOf(id: string): readonly KeptLab[] {
    return [true, false]
      .flatMap((quick) => results.value.get(keyOf({ id, quick })) ?? [])
      .sort((a, b) => b.ranAt - a.ranAt);
  }

  /** Reads what a result left, to be shown. */
  async function look(result: KeptLab): Promise<void> {
    const { id, quick, ranAt } = result;
    if (outcome.value?.id === id && outcome.value.ranAt === ranAt) return;
    looked = result;
    outcome.value = undefined;
    const left = await attempt(() => call('labs.result', { id, quick }));
    // Somebody may look at another one by now.
    if (looked === result) outcome.value = left;
  }

  /** Removes a result; for a while it can be taken back. */
  async function remove(result: KeptLab): Promise<void> {
    const { id, quick } = result;
    const reply = await attempt(() => call('labs.remove', { id, quick }));
    if (reply === undefined) return;
    const left = new Map(results.value);
    left.delete(keyOf(result));
    results.value = left;
    tell('info', 'Removed the results of this lab', undefined, {
      label: 'Undo',
      forMs: reply.keptMs,
      run: () => void restore(result),
    });
  }

  /** Packs a result into a bundle. */
  async function exportResult({ id, quick }: KeptLab): Promise<void> {
    const suggestedName = `${id}-${quick ? 'quick' : 'full'}`;
    const saved = await attempt(() => call('runs.export', { runIds: [], labs: [{ id, quick }], suggestedName }));
    if (saved !== undefined)
      tell('info', `Exported to ${saved.path}`, 'odonata verify runs the lab again and compares every figure');
  }

  async function restore(result: KeptLab): Promise<void> {
    const { id, quick } = result;
    const restored = await attempt(() => call('labs.restore', { id, quick }));
    if (restored === true) keep(result);
    else if (restored === false) tell('error', 'It was too late: the results are gone', 'run the lab again');
  }

  function keep(result: KeptLab): void {
    results.value = new Map(results.value).set(keyOf(result), result);
  }

  function update(id: string, change: Partial<LabRun>): void {
    const before = runs.value.get(id);
    if (before !== undefined) runs.value = new Map(runs.value).set(id, { ...before, ...change });
  }

  on('labs.changed', () => {
    void readKept();
  });
  on('labs.progress', ({ id, done, all, leftSeconds, figure }) => {
    update(id, { done, all, leftSeconds, figure });
  });
  on('labs.ended', ({ id, outcome: end, reason, kept }) => {
    if (kept !== undefined) keep(kept);
    update(id, { state: end, reason, leftSeconds: undefined });
  });

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
    results,
    version,
    outcome,
    load,
    keptOf,
    look,
    remove,
    exportResult,
    run,
    stop,
    related,
    find: (question: string): readonly Found[] => index.value.find(question),
  };
});

/** Whether its runs differ from seed to seed, so that there is something to be confident about. */
export function hasChance({ replications }: LabCard): boolean {
  return replications.full > 1;
}
