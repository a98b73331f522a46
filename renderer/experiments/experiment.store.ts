// The experiment that is shown, going on or not: what its process tells over its port. Runs stay outside of reactive state.

import { defineStore } from 'pinia';
import { computed, nextTick, ref, shallowRef } from 'vue';
import type { Problem } from '../../core/base';
import { type Plan, type PlanDocument, readPlan } from '../../core/experiment';
import {
  EXPERIMENT_PORT_MESSAGE,
  type ExperimentCommand,
  type ExperimentMessage,
  type ExperimentProgress,
  type ResultTable,
  type ShownResults,
} from '../../electron/ipc';
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
          command('heard');
        });
        return;
      }
      case 'written':
        for (const resolve of written.splice(0)) resolve();
        return;
      case 'broken':
        tell('error', message.reason, message.advice);
    }
  }

  function command(type: ExperimentCommand['type']): void {
    port?.postMessage({ type });
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
    shown.value = undefined;
    port?.close();
    port = undefined;
    await attempt(() => call('experiments.close', { runId }));
  }

  async function saveTable(table: ResultTable): Promise<void> {
    const experiment = shown.value;
    if (experiment?.plan === undefined) return;
    await new Promise<void>((resolve) => {
      written = [...written, resolve];
      command('write');
    });
    const { runId, plan } = experiment;
    const suggestedName = `${plan.name.replace(/[^\w-]+/g, '-').toLowerCase()}-${table}.csv`;
    const saved = await attempt(() => call('experiments.saveTable', { runId, table, suggestedName }));
    if (saved !== undefined) tell('info', `Saved to ${saved.path}`);
  }

  return { shown, busy, state, goesOn, start, open, letGo, command, saveTable };
});
