// The open step of a guided lab and the workbench around it: the step's scenario is opened when it is come to, what it points at is marked,
// and a run of that scenario counts, whoever started it.

import { nextTick, onScopeDispose, watch } from 'vue';
import { useRuns } from '../run';
import { pointedAt } from '../shared';
import { useGuide } from './guide.store';
import type { Workbench } from './workbench';

const NOTHING = { links: new Set<string>(), nodes: new Set<string>() };

export function useStepRun(workbench: Workbench) {
  const guide = useGuide();
  const runs = useRuns();

  /** The scenario of the open step, untouched, is what the workbench has. */
  const isOpen = (): boolean =>
    guide.step !== undefined && guide.opened?.step === guide.step.id && workbench.text() === guide.opened.text;

  async function openStep(): Promise<void> {
    const opened = await guide.openStep();
    const { step } = guide;
    if (opened === undefined || step === undefined) return;
    if (!workbench.open(opened.text, opened.name)) return;
    guide.opened = { step: step.id, text: workbench.text() };
    if (step.look.panel !== undefined) workbench.show(step.look.panel);
  }

  async function runStep(): Promise<void> {
    const { step } = guide;
    if (step === undefined) return;
    // Somebody may have opened another scenario, or changed this one.
    if (!isOpen()) await openStep();
    if (!isOpen()) return;
    const runId = await workbench.run({ show: step.show, records: step.records });
    if (runId !== undefined) guide.awaited = { runId, step: step.id };
  }

  watch(
    () => [guide.state?.attempt, guide.step?.id],
    async ([attempt, step]) => {
      await nextTick();
      if (attempt !== undefined && step !== undefined && guide.opened?.step !== step) await openStep();
    },
    { immediate: true },
  );
  // Marked as long as the step's scenario is there, changed or not.
  watch(
    () => guide.state !== undefined && guide.opened?.step === guide.step?.id && guide.step?.look,
    (look) => {
      pointedAt.value = look ? { links: new Set(look.links), nodes: new Set(look.nodes) } : NOTHING;
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    pointedAt.value = NOTHING;
  });
  watch(
    () => runs.feed?.runId,
    (runId) => {
      if (runId !== undefined && guide.step !== undefined && isOpen()) guide.awaited = { runId, step: guide.step.id };
    },
  );
  watch(
    () => [guide.awaited?.runId, runs.feed?.runId, runs.status?.state] as const,
    ([awaited, runId, state]) => {
      const summary = runs.status?.summary;
      if (awaited === undefined || awaited !== runId || state !== 'finished' || summary === undefined) return;
      const { step } = guide.awaited!;
      guide.awaited = undefined;
      void guide.ran(step, summary);
    },
  );
  return { openStep, runStep };
}
