// A plan from a file, with its scenario beside it or in it; judged as a whole before anything runs.

import { BadInput } from '../base';
import { checkPlan, type Plan, resolvedAt, summaryProblems } from '../experiment';
import { readPlanInput } from '../store';
import { World } from '../world';

/** @throws BadInput with every problem */
export function readPlanFile(file: string): Plan {
  const { document, scenarioFile } = readPlanInput(file);
  const checked = checkPlan(document, { file, ...(scenarioFile === undefined ? {} : { scenarioFile }) });
  if (!checked.ok) throw new BadInput(checked.problems);
  checkPaths(checked.value, file);
  return checked.value;
}

/** Whether runs will have the numbers that the plan measures: a world that has not run yet has all of their names. */
function checkPaths(plan: Plan, file: string): void {
  const resolved = resolvedAt(plan, plan.points[0]!);
  if (!resolved.ok) throw new BadInput(resolved.problems);
  const world = new World({ ...resolved.value, probes: [] });
  const problems = summaryProblems(plan, world.summary('finished', 0), file);
  if (problems.length > 0) throw new BadInput(problems);
}
