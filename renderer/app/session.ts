// Opening, saving, recovering and running the scenario: what several panels and menus start.

import { ref, watch } from 'vue';
import { formatProblem, type Problem } from '../../core/base';
import { checkScenario, type GalleryEntry } from '../../core/scenario';
import type { PlanDocument } from '../../core/experiment';
import { usePlan } from '../experiments';
import type { StepSetting } from '../labs';
import { scenarioProbes, useRuns } from '../run';
import { attempt, call, recordsPackets, tell } from '../shared';
import { emptyScenario, useDocument } from '../topology';

const DRAFT_DELAY_MS = 1000;

/** @param show brings a panel to the front */
export function useSession(show: (panel: string) => void) {
  const store = useDocument();
  const runs = useRuns();
  const plan = usePlan();
  const seed = ref('');
  let draftTimer: ReturnType<typeof setTimeout> | undefined;
  let planTimer: ReturnType<typeof setTimeout> | undefined;

  // Every edit is kept for recovery a moment later; a saved document needs none.
  watch(
    () => [store.text, store.isDirty] as const,
    ([text, isDirty]) => {
      clearTimeout(draftTimer);
      draftTimer = setTimeout(() => void attempt(() => call('drafts.keep', isDirty ? { text } : {})), DRAFT_DELAY_MS);
    },
  );

  // So is the plan, with the scenario that it was made for.
  watch(
    () => [plan.text, plan.isDirty] as const,
    ([text, isDirty]) => {
      clearTimeout(planTimer);
      const kept = isDirty && text !== undefined ? { text } : {};
      planTimer = setTimeout(() => void attempt(() => call('experiments.keepDraft', kept)), DRAFT_DELAY_MS);
    },
  );

  function complain(what: string, problems: readonly Problem[]): void {
    const [first] = problems;
    if (first !== undefined)
      tell(
        'error',
        `${what}: ${formatProblem(first)}`,
        problems.length > 1 ? `and ${String(problems.length - 1)} problems more` : undefined,
      );
  }

  /** Asks before unsaved changes are lost. */
  function mayLeave(): boolean {
    return !store.isDirty || window.confirm('The scenario has unsaved changes. Leave it without saving?');
  }

  function openGallery(entry: GalleryEntry): void {
    if (!mayLeave()) return;
    store.open(entry.document, {}, true);
    show('topology');
  }

  /** @param saved it can be had again from where it came; what cannot is kept for recovery until it is saved */
  function openText(text: string, origin: { path?: string; name?: string }, saved = true): void {
    const problems = store.openText(text, origin, saved);
    if (problems.length > 0) complain(`${origin.name ?? 'The scenario'} cannot be opened`, problems);
    else show('topology');
  }

  async function openFile(): Promise<void> {
    if (!mayLeave()) return;
    const file = await attempt(() => call('files.open', undefined));
    if (file !== undefined) openText(file.text, file);
  }

  async function openRecent(path: string): Promise<void> {
    if (!mayLeave()) return;
    const file = await attempt(() => call('files.openRecent', { path }));
    if (file !== undefined) openText(file.text, file);
  }

  /** Opens a file that the system gave, unless unsaved changes would be lost. */
  function openGiven(file: { path: string; name: string; text: string }): void {
    if (mayLeave()) openText(file.text, file);
  }

  async function importCapture(): Promise<void> {
    if (!mayLeave()) return;
    const imported = await attempt(() => call('files.importCapture', undefined));
    if (imported === undefined) return;
    openText(imported.text, { name: imported.name });
    tell('info', imported.report.slice(0, 3).join('\n'));
  }

  async function save(as: boolean): Promise<void> {
    const suggestedName = store.fileName ?? `${store.document.name.replace(/[^\w-]+/g, '-').toLowerCase()}.json`;
    const path = as ? undefined : store.path;
    const saved = await attempt(() =>
      call('files.save', { suggestedName, text: store.text, ...(path === undefined ? {} : { path }) }),
    );
    if (saved === undefined) return;
    store.noteSaved(saved);
    tell('info', `Saved ${saved.name}`);
  }

  function create(): void {
    if (!mayLeave()) return;
    store.open(emptyScenario(), {}, true);
    show('topology');
  }

  /** Opens a scenario that comes out of the library, unless unsaved changes would be lost. */
  function openStored(text: string, name: string): boolean {
    if (!mayLeave()) return false;
    openText(text, { name });
    return true;
  }

  async function runAgain(text: string, name: string, otherSeed: number | undefined): Promise<void> {
    if (openStored(text, name)) await run(otherSeed);
  }

  /** @param otherSeed instead of what the run bar says */
  async function run(otherSeed?: number): Promise<void> {
    const checked = checkScenario(store.document, '');
    if (!checked.ok) {
      complain('The scenario cannot run yet', checked.problems);
      show('problems');
      return;
    }
    runs.watchProbes(scenarioProbes(checked.value.resolved));
    show('charts');
    const number = otherSeed ?? (seed.value.trim() === '' ? undefined : Number(seed.value));
    if (number !== undefined && (!Number.isSafeInteger(number) || number < 0)) {
      tell('error', `“${seed.value}” is not a seed`, 'write a whole number, such as 7');
      return;
    }
    complain('The scenario cannot run', await runs.start(store.text, store.document.name, number));
  }

  /** Runs what is open for a step of a guided lab; the run's id, or undefined if it did not start. */
  async function runStep({ show: probes, records }: StepSetting): Promise<string | undefined> {
    const [before, recorded] = [runs.feed?.runId, recordsPackets.value];
    runs.showProbes(probes);
    if (records) recordsPackets.value = 'always';
    await run();
    recordsPackets.value = recorded;
    return runs.feed?.runId === before ? undefined : runs.feed?.runId;
  }

  async function recover(): Promise<void> {
    const draft = await attempt(() => call('drafts.recover', undefined));
    const planned = await attempt(() => call('experiments.recoverDraft', undefined));
    if (draft !== undefined) {
      openText(draft.text, { name: 'recovered scenario' }, false);
      tell('info', 'Unsaved changes from the last session were recovered');
    }
    if (planned !== undefined) recoverPlan(JSON.parse(planned.text) as PlanDocument, draft === undefined);
  }

  /** @param withScenario opens the scenario that the plan was made for: it had no changes of its own */
  function recoverPlan(document: PlanDocument, withScenario: boolean): void {
    const { name, scenario } = document;
    if (withScenario) openText(JSON.stringify(scenario), {});
    plan.recover(document);
    show('experiments');
    tell('info', `The plan “${name}” of the last session was recovered`);
  }

  return {
    seed,
    openGallery,
    openGiven,
    openFile,
    openRecent,
    importCapture,
    save,
    create,
    run,
    openStored,
    runAgain,
    runStep,
    recover,
  };
}
