// The library as the window knows it: what is looked for, the pages that were scrolled to, what is chosen.

import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { Brought, KeptLab, Reply, Request, RunRecord } from '../../electron/ipc';
import { useRuns } from '../run';
import { attempt, call, comparedRuns, execute, on, tell } from '../shared';
import { broughtText, formatCount } from './model/format';

export type Order = Request<'runs.find'>['order'];
export type Status = RunRecord['status'];
type DiskUse = Reply<'runs.disk'>;

/** Runs that stand side by side at most. */
const SIDE_BY_SIDE_MAX = 4;
const PAGE_ROWS = 100;
/** Changes that come together are read together. */
const SETTLE_MS = 120;

export const useLibrary = defineStore('library', () => {
  const text = ref('');
  const tags = ref<readonly string[]>([]);
  const status = ref<Status>();
  const experiment = shallowRef<RunRecord>();
  const order = ref<Order>('started');
  const descending = ref(true);

  const state = ref<'loading' | 'ready' | 'failed'>('loading');
  const failure = ref('');
  const pages = shallowRef<ReadonlyMap<number, readonly RunRecord[]>>(new Map());
  const total = ref(0);
  const bytes = ref(0);
  const allTags = ref<readonly { tag: string; count: number }[]>([]);
  const disk = ref<DiskUse>();
  /** Titles of labs by their id, once one was needed. */
  const labTitles = shallowRef<ReadonlyMap<string, string>>(new Map());
  const chosen = ref<ReadonlySet<string>>(new Set());
  /** Records of what is chosen, as far as they were shown. */
  const known = shallowRef(new Map<string, RunRecord>());
  const busy = ref('');
  const asked = new Set<number>();
  let generation = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const isFiltered = computed(
    () =>
      text.value.trim() !== '' || tags.value.length > 0 || status.value !== undefined || experiment.value !== undefined,
  );
  const chosenRecords = computed(() =>
    [...chosen.value].flatMap((runId) => {
      const record = known.value.get(runId);
      return record === undefined ? [] : [record];
    }),
  );

  watch([text, tags, status, experiment, order, descending], () => refreshSoon());
  on('labs.changed', refreshSoon);
  on('labs.ended', refreshSoon);
  on('runs.changed', (record) => {
    replace(record);
    // A new run, or one that has ended, changes what is found, where, and how much it takes.
    refreshSoon();
  });

  function refreshSoon(): void {
    clearTimeout(timer);
    timer = setTimeout(() => void refresh(), SETTLE_MS);
  }

  function query(page: number): Request<'runs.find'> {
    return {
      ...(text.value.trim() === '' ? {} : { text: text.value }),
      ...(tags.value.length === 0 ? {} : { tags: [...tags.value] }),
      ...(status.value === undefined ? {} : { status: status.value }),
      ...(experiment.value === undefined ? {} : { experiment: experiment.value.runId }),
      order: order.value,
      descending: descending.value,
      offset: page * PAGE_ROWS,
      limit: PAGE_ROWS,
    };
  }

  /** Reads the first page and all that were in sight again; older answers are dropped. */
  async function refresh(): Promise<void> {
    generation += 1;
    const mine = generation;
    try {
      const first = await call('runs.find', query(0));
      const [tagList, use] = await Promise.all([call('runs.tags', undefined), call('runs.disk', undefined)]);
      if (mine !== generation) return;
      asked.clear();
      asked.add(0);
      pages.value = new Map([[0, first.rows]]);
      total.value = first.total;
      bytes.value = first.bytes;
      allTags.value = tagList;
      disk.value = use;
      if (use.offered.labs.length > 0) void readLabTitles();
      remember(first.rows);
      state.value = 'ready';
    } catch (error) {
      if (mine !== generation) return;
      failure.value = error instanceof Error ? error.message : String(error);
      state.value = 'failed';
    }
  }

  async function readLabTitles(): Promise<void> {
    if (labTitles.value.size > 0) return;
    const catalogue = await attempt(() => call('labs.catalogue', undefined));
    labTitles.value = new Map(catalogue?.labs.map(({ id, title }) => [id, title]));
  }

  /** Reads the pages of rows `from` to `to` unless they are there. */
  function need(from: number, to: number): void {
    for (let page = Math.floor(from / PAGE_ROWS); page * PAGE_ROWS < Math.min(to, total.value); page += 1)
      if (!asked.has(page)) void read(page);
  }

  async function read(page: number): Promise<void> {
    asked.add(page);
    const mine = generation;
    const reply = await attempt(() => call('runs.find', query(page)));
    if (mine !== generation || reply === undefined) return;
    pages.value = new Map(pages.value).set(page, reply.rows);
    remember(reply.rows);
  }

  function rowAt(index: number): RunRecord | undefined {
    return pages.value.get(Math.floor(index / PAGE_ROWS))?.[index % PAGE_ROWS];
  }

  function remember(rows: readonly RunRecord[]): void {
    const next = new Map(known.value);
    for (const row of rows) next.set(row.runId, row);
    known.value = next;
  }

  function replace(record: RunRecord): void {
    remember([record]);
    pages.value = new Map(
      [...pages.value].map(([page, rows]) => [page, rows.map((row) => (row.runId === record.runId ? record : row))]),
    );
  }

  function clearFilters(): void {
    text.value = '';
    tags.value = [];
    status.value = undefined;
    experiment.value = undefined;
  }

  function sortBy(column: Order): void {
    if (order.value === column) descending.value = !descending.value;
    else {
      order.value = column;
      descending.value = column === 'started' || column === 'disk' || column === 'duration';
    }
  }

  function choose(runIds: readonly string[]): void {
    chosen.value = new Set(runIds);
  }

  /** Why the chosen runs cannot stand side by side; undefined when they can. */
  const cannotCompare = computed(() => {
    if (chosen.value.size < 2 || chosen.value.size > SIDE_BY_SIDE_MAX) return 'Choose two to four runs';
    if (chosenRecords.value.length < chosen.value.size) return 'Some of the chosen runs are not known yet';
    if (chosenRecords.value.some(({ kind }) => kind !== 'run'))
      return 'Choose points of an experiment in the Compare place';
    return chosenRecords.value.some(({ status: how }) => how === 'running') ? 'A run is still going on' : undefined;
  });

  /** Shows the chosen runs side by side. */
  function compareChosen(): void {
    if (cannotCompare.value !== undefined) {
      tell('info', `These cannot be compared: ${cannotCompare.value.toLowerCase()}`);
      return;
    }
    comparedRuns.value = chosenRecords.value;
    execute('panel.compare');
  }

  async function annotate(runId: string, change: { name?: string; notes?: string; pinned?: boolean }): Promise<void> {
    await attempt(() => call('runs.annotate', { runId, ...change }));
  }

  async function tag(runIds: readonly string[], add: readonly string[], remove: readonly string[]): Promise<void> {
    await attempt(() => call('runs.tag', { runIds: [...runIds], add: [...add], remove: [...remove] }));
    refreshSoon();
  }

  /** Removes runs; for a while they can be taken back. */
  async function remove(runIds: readonly string[]): Promise<void> {
    const reply = await attempt(() => call('runs.remove', { runIds: [...runIds] }));
    if (reply === undefined) return;
    useRuns().forget(runIds);
    choose([...chosen.value].filter((runId) => !runIds.includes(runId)));
    await refresh();
    tell('info', `Removed ${formatCount(runIds.length, 'run')}`, undefined, {
      label: 'Undo',
      forMs: reply.keptMs,
      run: () => void restore(runIds),
    });
  }

  async function restore(runIds: readonly string[]): Promise<void> {
    const reply = await attempt(() => call('runs.restore', { runIds: [...runIds] }));
    if (reply === undefined) return;
    if (reply.runIds.length < runIds.length)
      tell('error', 'It was too late for some runs: they are gone', 'runs can be taken back for twenty seconds');
    choose(reply.runIds);
    await Promise.all([refresh(), useRuns().load()]);
  }

  /** Removes a lab's result; for a while it can be taken back. */
  async function removeLab({ id, quick }: KeptLab): Promise<void> {
    const reply = await attempt(() => call('labs.remove', { id, quick }));
    if (reply === undefined) return;
    tell('info', 'Removed the results of this lab', undefined, {
      label: 'Undo',
      forMs: reply.keptMs,
      run: () => void restoreLab(id, quick),
    });
  }

  async function restoreLab(id: string, quick: boolean): Promise<void> {
    const restored = await attempt(() => call('labs.restore', { id, quick }));
    if (restored === false) tell('error', 'It was too late: the results are gone', 'run the lab again');
  }

  async function exportRuns(runIds: readonly string[], suggestedName: string): Promise<void> {
    await work('Packing…', async () => {
      const saved = await call('runs.export', { runIds: [...runIds], suggestedName });
      if (saved !== undefined) tell('info', `Exported to ${saved.path}`, `odonata verify runs it again and compares`);
    });
  }

  /** Takes a bundle into the library; asks for one without `path`. Where what came is to be seen; undefined if nothing did. */
  async function importBundle(path?: string): Promise<'runs' | 'labs' | undefined> {
    const bundle = await work('Opening the bundle…', () => call('runs.import', path === undefined ? {} : { path }));
    return bundle === undefined ? undefined : noteImported(bundle);
  }

  /** Says what a bundle brought, and where it is to be seen. */
  function noteImported(brought: Brought): 'runs' | 'labs' {
    const { runIds, labs } = brought;
    clearFilters();
    choose(runIds);
    const { taken, stayed } = broughtText(brought);
    if (taken !== undefined) tell('info', taken);
    if (stayed !== undefined) tell('info', stayed, 'remove those in Labs, and open the bundle again');
    void Promise.all([refresh(), useRuns().load()]);
    return runIds.length === 0 && labs.length > 0 ? 'labs' : 'runs';
  }

  async function limitDisk(limitBytes: number): Promise<void> {
    await attempt(() => call('runs.limitDisk', { bytes: limitBytes }));
    await refresh();
  }

  async function work<T>(what: string, action: () => Promise<T>): Promise<T | undefined> {
    busy.value = what;
    const result = await attempt(action);
    busy.value = '';
    return result;
  }

  return {
    text,
    tags,
    status,
    experiment,
    order,
    descending,
    state,
    failure,
    pages,
    total,
    bytes,
    allTags,
    disk,
    labTitles,
    chosen,
    known,
    chosenRecords,
    cannotCompare,
    compareChosen,
    busy,
    isFiltered,
    refresh,
    need,
    rowAt,
    clearFilters,
    sortBy,
    choose,
    annotate,
    tag,
    remove,
    removeLab,
    exportRuns,
    importBundle,
    noteImported,
    limitDisk,
  };
});
