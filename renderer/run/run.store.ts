// Runs: the one that goes on, those that are compared with it, and the latest ones.

import { defineStore } from 'pinia';
import { computed, ref, shallowRef, triggerRef } from 'vue';
import type { Problem } from '../../core/base';
import { partsOf } from '../../core/export';
import { parseScenario } from '../../core/scenario';
import { type RunnerCommand, RUN_PORT_MESSAGE, type RunRecord } from '../../electron/ipc';
import { attempt, call, chosenRecord, on, recordsPackets, Trail } from '../shared';
import { LIVE_CHARTS } from './chart-specs';
import type { FeedState } from './feed-status';
import { type Repetition, repetitionOf } from './repetition';
import { RunFeed } from './run-feed';
import { scenarioProbes } from './scenario-probes';

/** Trails of a stored run that is laid over the present one. */
export interface ComparedRun {
  readonly runId: string;
  readonly name: string;
  readonly trails: ReadonlyMap<string, Trail>;
}

/** As many as main lists. */
const LATEST_MAX = 200;
const ACTIVE: readonly FeedState[] = ['starting', 'running', 'paused'];

export const useRuns = defineStore('runs', () => {
  const feed = shallowRef<RunFeed>();
  const records = ref<readonly RunRecord[]>([]);
  const compared = shallowRef<readonly ComparedRun[]>([]);
  const patterns = ref<readonly string[]>([]);
  /** Probes that have charts of their own. */
  const added = shallowRef<readonly string[]>([]);
  const feeds = new Map<string, RunFeed>();
  const ports = new Map<string, MessagePort>();
  const loaded = ref(false);

  const status = computed(() => feed.value?.status);
  const isActive = computed(() => status.value !== undefined && ACTIVE.includes(status.value.state));

  window.addEventListener('message', (event: MessageEvent<{ kind?: string; runId?: string }>) => {
    const port = event.ports[0];
    if (
      event.source !== window ||
      event.data.kind !== RUN_PORT_MESSAGE ||
      event.data.runId === undefined ||
      port === undefined
    )
      return;
    const known = feeds.get(event.data.runId);
    if (known === undefined) ports.set(event.data.runId, port);
    else known.attach(port);
  });

  on('runs.changed', (record) => {
    const others = records.value.filter(({ runId }) => runId !== record.runId);
    records.value = [record, ...others].sort((a, b) => b.startedAt - a.startedAt).slice(0, LATEST_MAX);
    if (record.status === 'failed') feeds.get(record.runId)?.lost(record.reason ?? 'the run failed');
  });

  on('runs.repeatLost', ({ repeatId, reason }) => feeds.get(repeatId)?.lost(reason));

  async function load(): Promise<void> {
    records.value = (await attempt(() => call('runs.list', undefined))) ?? [];
    loaded.value = true;
  }

  /** Starts a run; returns the problems that kept it from starting. */
  async function start(scenario: string, name: string, seed: number | undefined): Promise<readonly Problem[]> {
    const packets = recordsPackets.value;
    const reply = await attempt(() =>
      call('runs.start', { scenario, packets, ...(seed === undefined ? {} : { seed }) }),
    );
    if (reply === undefined) return [];
    if (!reply.ok) return reply.problems;
    begin(reply.runId, name, patterns.value);
    return [];
  }

  /** Repeats a stored run with its packets recorded, in the place of the present run; whether it began. */
  async function repeat(record: RunRecord): Promise<boolean> {
    const { runId } = record;
    const reply = await attempt(() => call('runs.repeat', { runId }));
    if (reply === undefined) return false;
    showRepetition(reply.repeatId, reply.scenario, repetitionOf(record, reply.madeBy, reply.stoppedAt));
    return true;
  }

  /** Shows the repetition of a stored run in the place of the present run. */
  function showRepetition(repeatId: string, scenario: string, repetition: Repetition): void {
    const parsed = parseScenario(scenario, '');
    const probes = parsed.ok ? scenarioProbes(parsed.value.resolved) : [];
    begin(repeatId, repetition.name, [...patterns.value, ...probes], repetition);
  }

  /** What comes over the port of this id is shown from now on. */
  function begin(runId: string, name: string, probes: readonly string[], repetition?: Repetition): void {
    const changed = (): void => {
      if (feed.value === next) triggerRef(feed);
    };
    const next = new RunFeed(runId, name, changed, repetition);
    chosenRecord.value = undefined;
    feeds.clear();
    feeds.set(runId, next);
    feed.value = next;
    const port = ports.get(runId);
    if (port !== undefined) next.attach(port);
    ports.delete(runId);
    next.command({ type: 'subscribe', patterns: [...new Set(probes)] });
  }

  function command(what: RunnerCommand): void {
    feed.value?.command(what);
  }

  function toggle(): void {
    if (status.value?.state === 'running') command({ type: 'pause' });
    else if (status.value?.state === 'paused') command({ type: 'resume' });
  }

  /** Adds probes to the charts of this and later runs. */
  function watchProbes(names: readonly string[]): void {
    patterns.value = [...new Set([...patterns.value, ...names])];
    if (isActive.value) command({ type: 'subscribe', patterns: [...names] });
  }

  /** Watches probes, and gives those a chart that no chart has. */
  function showProbes(names: readonly string[]): void {
    watchProbes(names);
    added.value = names.filter(
      (name) =>
        !LIVE_CHARTS.some(({ family = '', fields }) => name.startsWith(family) && fields.includes(partsOf(name).field)),
    );
  }

  /** Lays a stored run over the charts, or takes it away. */
  async function compare(record: RunRecord): Promise<void> {
    if (compared.value.some(({ runId }) => runId === record.runId)) {
      compared.value = compared.value.filter(({ runId }) => runId !== record.runId);
      return;
    }
    const series = await attempt(() => call('runs.series', { runId: record.runId }));
    if (series === undefined) return;
    const trails = new Map(series.map(({ name, unit, times, values }) => [name, filled(name, unit, times, values)]));
    const started = new Date(record.startedAt).toLocaleTimeString();
    compared.value = [...compared.value, { runId: record.runId, name: `${record.name}, ${started}`, trails }];
  }

  /** Runs that are in the library no more. */
  function forget(runIds: readonly string[]): void {
    const gone = new Set(runIds);
    compared.value = compared.value.filter(({ runId }) => !gone.has(runId));
    records.value = records.value.filter(({ runId }) => !gone.has(runId));
  }

  return {
    feed,
    status,
    isActive,
    records,
    loaded,
    compared,
    load,
    start,
    repeat,
    showRepetition,
    command,
    toggle,
    watchProbes,
    added,
    showProbes,
    compare,
    forget,
  };
});

function filled(name: string, unit: string, times: Float64Array, values: Float64Array): Trail {
  const trail = new Trail(name, unit);
  for (let i = 0; i < times.length; i += 1) trail.add(times[i]!, values[i]!);
  return trail;
}
