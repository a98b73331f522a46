// What is compared: up to four runs, or points of an experiment, with their scenarios, series, numbers and replications.

import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import { summaryNumbers } from '../../core/experiment';
import type { SeriesData } from '../../core/measure';
import type { RunRecord } from '../../electron/ipc';
import { attempt, call, comparedRuns, on } from '../shared';
import { differences, furtherRuns, type Sample, type Side } from './model/differences';
import { labelsOf } from './model/labels';
import { replicatedText } from './model/replicated';
import { parameterDifferences } from './model/scenario-diff';

export const RUNS_MAX = 4;
/** Replications of a run that are looked at. */
const REPLICATIONS_MAX = 200;
const REFRESH_MS = 400;

export type Source =
  | { readonly kind: 'run'; readonly record: RunRecord }
  | { readonly kind: 'point'; readonly record: RunRecord; readonly number: number; readonly label: string };

/** One of what is compared. */
export interface Entry extends Side {
  readonly key: string;
  readonly source: Source;
  readonly state: 'loading' | 'ready';
  readonly scenario: unknown;
  readonly series: readonly SeriesData[];
}

export const keyOf = (source: Source): string =>
  source.kind === 'run' ? source.record.runId : `${source.record.runId}/${String(source.number)}`;

export const useCompare = defineStore('compare', () => {
  const entries = shallowRef<readonly Entry[]>([]);
  const baselineKey = ref<string>();
  const ownLabels = ref<Readonly<Record<string, string>>>({});
  const confidence = ref(0.95);
  const withReplications = ref(true);
  const progress = ref<{ done: number; total: number; isStopping: boolean }>();
  /** What became of the last replications; nothing when all of them finished. */
  const replicated = ref<string>();
  const units = new Map<string, string>();
  const numbersByRun = new Map<string, ReadonlyMap<string, number> | undefined>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const isLoading = computed(() => entries.value.some(({ state }) => state === 'loading'));
  const parameters = computed(() => parameterDifferences(entries.value.map(({ scenario }) => scenario)));
  const labels = computed(() => {
    const own = labelsOf(
      isLoading.value ? [] : parameters.value,
      entries.value.map(({ source }) => nameOf(source)),
    );
    return entries.value.map(({ key }, index) => ownLabels.value[key] ?? own[index]!);
  });
  const baseline = computed(() =>
    Math.max(
      0,
      entries.value.findIndex(({ key }) => key === baselineKey.value),
    ),
  );
  const numbers = computed(() =>
    differences(entries.value, {
      baseline: baseline.value,
      confidence: confidence.value,
      units,
      replications: withReplications.value,
    }),
  );
  /** Why these cannot be run with other seeds; undefined when they can. */
  const cannotReplicate = computed(() => {
    if (entries.value.length < 2) return 'Choose a second run first';
    if (entries.value.some(({ source }) => source.kind === 'point'))
      return 'Points of an experiment have the replications of its plan';
    return entries.value.some(({ source }) => source.record.status !== 'finished')
      ? 'A run that did not end well has no replications'
      : undefined;
  });

  watch(
    comparedRuns,
    (records) => {
      if (records.length === 0) return;
      comparedRuns.value = [];
      void choose(records.map((record) => ({ kind: 'run', record })));
    },
    { immediate: true },
  );
  on('runs.changed', (record) => {
    const mine = entries.value.find(({ key }) => key === record.runId);
    if (mine?.source.kind === 'run') update(mine.key, { source: { kind: 'run', record } });
    if (record.status === 'finished' && cannotReplicate.value === undefined) refreshSoon();
  });
  on('compare.progress', (value) => {
    if (progress.value !== undefined) progress.value = { ...progress.value, ...value };
  });

  function update(key: string, change: Partial<Entry>): void {
    entries.value = entries.value.map((entry) => (entry.key === key ? { ...entry, ...change } : entry));
  }

  /** Compares these and nothing else. */
  async function choose(sources: readonly Source[]): Promise<void> {
    const wanted = sources.slice(0, RUNS_MAX);
    const kept = new Map(entries.value.map((entry) => [entry.key, entry]));
    replicated.value = undefined;
    entries.value = wanted.map((source) => kept.get(keyOf(source)) ?? empty(source));
    await Promise.all(
      entries.value.filter(({ state }) => state === 'loading').map(({ key, source }) => load(key, source)),
    );
  }

  function add(sources: readonly Source[]): Promise<void> {
    const present = new Set(entries.value.map(({ key }) => key));
    const news = sources.filter((source) => !present.has(keyOf(source)));
    return choose([...entries.value.map(({ source }) => source), ...news]);
  }

  function remove(key: string): void {
    entries.value = entries.value.filter((entry) => entry.key !== key);
  }

  function move(key: string, by: number): void {
    const from = entries.value.findIndex((entry) => entry.key === key);
    const to = from + by;
    if (from < 0 || to < 0 || to >= entries.value.length) return;
    const next = [...entries.value];
    next.splice(to, 0, ...next.splice(from, 1));
    entries.value = next;
  }

  function rename(key: string, label: string): void {
    const others = Object.entries(ownLabels.value).filter(([other]) => other !== key);
    ownLabels.value = Object.fromEntries(label.trim() === '' ? others : [...others, [key, label.trim()]]);
  }

  async function load(key: string, source: Source): Promise<void> {
    const loaded = await attempt(() => (source.kind === 'run' ? loadRun(source.record) : loadPoint(source)));
    update(key, { ...loaded, state: 'ready' });
  }

  async function loadRun(record: RunRecord): Promise<Partial<Entry>> {
    const { runId } = record;
    const [text, series] = await Promise.all([call('runs.scenario', { runId }), call('runs.series', { runId })]);
    return {
      scenario: text === undefined ? undefined : parsed(text),
      series: series.map((one) => ({ ...one, length: one.times.length })),
      ...(await samplesOf(record)),
    };
  }

  /** The run's own numbers and those of the same scenario with other seeds; a run that failed has none of those. */
  async function samplesOf({ runId, seed }: RunRecord): Promise<Side> {
    const found = await call('compare.replications', { runId });
    const own = found.find((one) => one.runId === runId) ?? { runId, seed };
    // What did not end well is compared as it is, and with nothing beside it.
    const others = found.includes(own) ? found.filter((one) => one !== own) : [];
    const wanted = [own, ...others].slice(0, REPLICATIONS_MAX);
    await Promise.all(wanted.map((one) => readNumbers(one.runId)));
    const samples = wanted.flatMap(({ runId: id, seed: itsSeed }): Sample[] => {
      const values = numbersByRun.get(id);
      return values === undefined ? [] : [{ seed: itsSeed, numbers: values }];
    });
    return { samples, own: numbersByRun.get(runId) === undefined ? -1 : 0 };
  }

  async function readNumbers(runId: string): Promise<void> {
    if (numbersByRun.has(runId)) return;
    const summary = await call('runs.summary', { runId });
    const found = summary === undefined ? undefined : summaryNumbers(summary);
    for (const { pointer, unit } of found ?? []) units.set(pointer, unit);
    numbersByRun.set(runId, found && new Map(found.map(({ pointer, value }) => [pointer, value])));
  }

  async function loadPoint({ record, number }: Source & { kind: 'point' }): Promise<Partial<Entry>> {
    const { measures, asked } = await call('compare.points', { runId: record.runId, numbers: [number] });
    const pointers = measures.map(({ name }) => `/measures/${name}`);
    measures.forEach(({ unit }, index) => units.set(pointers[index]!, unit));
    const samples = (asked[0]?.samples ?? []).map(({ seed, values }): Sample => {
      const known = pointers.map((pointer, index) => [pointer, values[index] ?? undefined] as const);
      return { seed, numbers: new Map(known.filter((pair): pair is [string, number] => pair[1] !== undefined)) };
    });
    return { scenario: parsed(asked[0]?.scenario ?? ''), samples, own: samples.length > 0 ? 0 : -1 };
  }

  function refreshSoon(): void {
    clearTimeout(timer);
    timer = setTimeout(() => void refresh(), REFRESH_MS);
  }

  async function refresh(): Promise<void> {
    for (const { key, source } of entries.value) {
      if (source.kind !== 'run') continue;
      const side = await attempt(() => samplesOf(source.record));
      if (side !== undefined) update(key, side);
    }
  }

  /** Runs each compared scenario with further seeds, the same ones for all. */
  async function replicate(more: number): Promise<void> {
    const jobs = furtherRuns(entries.value, more).map(({ side, seed }) => {
      const { source } = entries.value[side]!;
      return { runId: source.record.runId, seed };
    });
    progress.value = { done: 0, total: jobs.length, isStopping: false };
    replicated.value = undefined;
    const reply = await attempt(() => call('compare.replicate', { jobs }));
    progress.value = undefined;
    replicated.value = reply && replicatedText(reply);
    await refresh();
  }

  /** Begins no more of them, and ends those that go on. */
  function stopReplicating(): void {
    if (progress.value !== undefined) progress.value = { ...progress.value, isStopping: true };
    void attempt(() => call('compare.stop', undefined));
  }

  return {
    entries,
    labels,
    parameters,
    numbers,
    baseline,
    baselineKey,
    confidence,
    withReplications,
    progress,
    replicated,
    isLoading,
    cannotReplicate,
    choose,
    add,
    remove,
    move,
    rename,
    replicate,
    stopReplicating,
  };
});

function empty(source: Source): Entry {
  return { key: keyOf(source), source, state: 'loading', scenario: undefined, series: [], samples: [], own: -1 };
}

function nameOf(source: Source): { name: string; seed: number | undefined } {
  return source.kind === 'run'
    ? { name: source.record.name, seed: source.record.seed }
    : { name: source.label, seed: undefined };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
