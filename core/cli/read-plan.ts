// A plan from a file, with its scenario beside it or in it; judged as a whole before anything runs.

import { dirname, resolve } from 'node:path';
import { BadInput } from '../base';
import { checkPlan, type Plan, resolvedAt, summaryProblems } from '../experiment';
import { readJson } from '../scenario';
import { World } from '../world';
import { readDocument, readReplayFiles, readText } from './read-scenario';

const EXAMPLE = 'plans/limited-transmit.json';

/** @throws BadInput with every problem */
export function readPlanFile(file: string): Plan {
  const { value, problems } = readJson(readText(file, EXAMPLE), file);
  if (problems.length > 0) throw new BadInput(problems);
  const { document, scenarioFile } = withScenario(value, file);
  const checked = checkPlan(document, { file, ...(scenarioFile === undefined ? {} : { scenarioFile }) });
  if (!checked.ok) throw new BadInput(checked.problems);
  checkPaths(checked.value, file);
  return checked.value;
}

/** The plan with its scenario, and the files that the scenario names, in it; paths count from their own folders. */
function withScenario(plan: unknown, file: string): { document: unknown; scenarioFile?: string } {
  if (typeof plan !== 'object' || plan === null || !('scenario' in plan)) return { document: plan };
  const { scenario } = plan;
  if (typeof scenario !== 'string') {
    const problems: BadInput['problems'][number][] = [];
    const inlined = readReplayFiles(scenario, file, problems);
    if (problems.length > 0)
      throw new BadInput(problems.map((problem) => ({ ...problem, pointer: `/scenario${problem.pointer}` })));
    return { document: { ...plan, scenario: inlined } };
  }
  const scenarioFile = file === '-' ? scenario : resolve(dirname(file), scenario);
  const { document, problems } = readScenarioOf(scenarioFile, scenario, file);
  if (problems.length > 0) throw new BadInput(problems);
  return { document: { ...plan, scenario: document }, scenarioFile };
}

function readScenarioOf(path: string, name: string, file: string): ReturnType<typeof readDocument> {
  try {
    return readDocument(path);
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    const message = `the scenario "${name}" cannot be read`;
    const suggestion = 'the path counts from the folder of the plan, such as "../scenarios/dumbbell.json"';
    throw new BadInput([{ file, pointer: '/scenario', message, suggestion }]);
  }
}

/** Whether runs will have the numbers that the plan measures: a world that has not run yet has all of their names. */
function checkPaths(plan: Plan, file: string): void {
  const resolved = resolvedAt(plan, plan.points[0]!);
  if (!resolved.ok) throw new BadInput(resolved.problems);
  const world = new World({ ...resolved.value, probes: [] });
  const problems = summaryProblems(plan, world.summary('finished', 0), file);
  if (problems.length > 0) throw new BadInput(problems);
}
