// The runs that questions are judged by: a step's scenario, run without a window.

import { BadInput } from '../base';
import {
  type Evidence,
  type EvidenceOf,
  type GuidedLab,
  needsRecords,
  pickRecords,
  runs,
  type Step,
  stepScenario,
} from '../course';
import { World } from '../world';

/** Runs a step. @param file for the problems of its scenario; @throws BadInput with them */
export function runStep(lab: GuidedLab, step: Step, file: string): Evidence {
  const scenario = stepScenario(lab, step, file);
  if (!scenario.ok) throw new BadInput(scenario.problems);
  const world = new World(scenario.value.resolved, { causes: needsRecords(lab, step) });
  const startedAt = performance.now();
  world.run(world.endAt);
  world.finishSeries();
  const { causes } = world.engine;
  return {
    summary: world.summary('finished', (performance.now() - startedAt) / 1000),
    series: world.series,
    records: causes === undefined ? [] : pickRecords(causes, world.causeNames()),
  };
}

/** Evidence of a lab's steps, each run once, when first asked for. */
export function evidenceOfLab(lab: GuidedLab, file = lab.id): EvidenceOf {
  const kept = new Map<string, Evidence>();
  return (id) => {
    const step = lab.steps.find((candidate) => candidate.id === id);
    if (step === undefined || !runs(step)) return undefined;
    const evidence = kept.get(id) ?? runStep(lab, step, file);
    kept.set(id, evidence);
    return evidence;
  };
}
