// The experiment that is shown, going on or not: what its process tells over its port. Runs stay outside of reactive state.

import { defineStore } from 'pinia';
import { computed, nextTick, ref, shallowRef } from 'vue';
import type { Problem } from '../../core/base';
import { type Plan, type PlanDocument, pointName, readPlan } from '../../core/experiment';
import {
  EXPERIMENT_PORT_MESSAGE,
  type ExperimentCommand,
  type ExperimentMessage,
  type ExperimentProgress,
  type RepeatableRun,
  type ResultTable,
  type RunPlace,
  type ShownResults,
} from '../../electron/ipc';
import { useRuns } from '../run';
import { attempt, call, tell } from '../shared';
import { RunRows } from './model/run-rows';

export interface ShownExperiment {
  readonly runId: string;
  readonly plan: Plan | undefined;
  readonly document: PlanDocument | undefined;
  /** Grow without being reactive; `version` tells. */
  readonly rows: RunRows;
  readonly progress: ExperimentProgress | undefined;
  readonly results: ShownResults | undefined;
}

export const useExperiment = defineStore('experiment', () => {
  const shown = shallowRef<ShownExperiment>();
  const busy = ref(false);
  let port: MessagePort | undefined;
  /** Who waits until the files of the folder are up to date. */
  let written: (() => void)[] = [];

  /** Who waits for what a run ran. */
  let asked: { readonly place: RunPlace; readonly answer: (run: RepeatableRun | undefined) => void } | undefined;

  const state = computed(() => shown.value?.progress?.state);
  const goesOn = computed(() => state.value === 'running' || state.value === 'paused');

  window.addEventListener('message', (event: MessageEvent<{ kind?: string; runId?: string }>) => {
    const given = event.ports[0];
    if (event.source !== window || event.data.kind !== EXPERIMENT_PORT_MESSAGE || given === undefined) return;
    const { runId } = event.data;
    if (runId === undefined) return;
    port?.close();
    port = given;
    shown.value = {
      runId,
      plan: undefined,
      document: undefined,
      rows: new RunRows(0, 1, 0),
      progress: undefined,
      results: undefined,
    };
    given.onmessage = ({ data }: MessageEvent<ExperimentMessage>) => {
      receive(data);
    };
  });

  function receive(message: ExperimentMessage): void {
    const experiment = shown.value;
    if (experiment === undefined) return;
    switch (message.type) {
      case 'opened': {
        const document = JSON.parse(message.plan) as PlanDocument;
        const read = readPlan(document, 'plan');
        if (!read.ok) {
          tell('error', 'The plan of this experiment cannot be read', read.problems[0]?.message);
          return;
        }
        const { points, replications, measures } = read.value;
        const rows = new RunRows(points.length, replications, measures.length);
        shown.value = { ...experiment, plan: read.value, document, rows };
        return;
      }
      case 'news': {
        const { progress, runs, results = experiment.results } = message;
        if (runs !== undefined) experiment.rows.add(runs.rows, runs.reasons);
        shown.value = { ...experiment, progress, results };
        // Only a window that has drawn them wants more.
        void nextTick(() => {
          command({ type: 'heard' });
        });
        return;
      }
      case 'written':
        for (const resolve of written.splice(0)) resolve();
        return;
      case 'told-run':
        if (asked?.place.point === message.point && asked.place.replication === message.replication)
          asked.answer(message.run);
        if (message.run === undefined)
          tell('error', 'This run cannot be repeated to its end', 'choose one that ended well');
        return;
      case 'broken':
        tell('error', message.reason, message.advice);
    }
  }

  function command(what: ExperimentCommand): void {
    port?.postMessage(what);
  }

  /** Starts a plan; returns the problems that kept it from starting. */
  async function start(plan: string): Promise<readonly Problem[]> {
    busy.value = true;
    await letGo();
    const reply = await attempt(() => call('experiments.start', { plan }));
    busy.value = false;
    return reply === undefined || reply.ok ? [] : reply.problems;
  }

  async function open(runId: string): Promise<void> {
    if (shown.value?.runId === runId) return;
    await letGo();
    await attempt(() => call('experiments.open', { runId }));
  }

  /** Shows no experiment any more; one that goes on goes on. */
  async function letGo(): Promise<void> {
    const runId = shown.value?.runId;
    if (runId === undefined) return;
    asked?.answer(undefined);
    shown.value = undefined;
    port?.close();
    port = undefined;
    await attempt(() => call('experiments.close', { runId }));
  }

  /** Repeats one of the runs with its packets recorded, in the place of the present run; whether it began. */
  async function repeat(place: RunPlace): Promise<boolean> {
    const plan = shown.value?.plan;
    const point = plan?.points[place.point - 1];
    if (plan === undefined || point === undefined) return false;
    const run = await new Promise<RepeatableRun | undefined>((answer) => {
      asked?.answer(undefined);
      asked = { place, answer };
      command({ type: 'tell-run', ...place });
    });
    if (run === undefined) return false;
    const { scenario, seed, digest, madeBy } = run;
    const reply = await attempt(() => call('experiments.repeat', { scenario }));
    if (reply === undefined) return false;
    const levels = point.levels.length === 0 ? '' : ` (${pointName(plan, point)})`;
    const which = `point ${String(place.point)}${levels}, replication ${String(place.replication)}, seed ${String(seed)}`;
    useRuns().showRepetition(reply.repeatId, scenario, { name: plan.name, which, digest, madeBy });
    return true;
  }

  async function saveTable(table: ResultTable): Promise<void> {
    const experiment = shown.value;
    if (experiment?.plan === undefined) return;
    await new Promise<void>((resolve) => {
      written = [...written, resolve];
      command({ type: 'write' });
    });
    const { runId, plan } = experiment;
    const suggestedName = `${plan.name.replace(/[^\w-]+/g, '-').toLowerCase()}-${table}.csv`;
    const saved = await attempt(() => call('experiments.saveTable', { runId, table, suggestedName }));
    if (saved !== undefined) tell('info', `Saved to ${saved.path}`);
  }

  return { shown, busy, state, goesOn, start, open, letGo, command, repeat, saveTable };
});
