// Files that a person gives: scenarios and plans with all that they name in them, so that what is read runs anywhere. Paths count from the
// folder of the file that names them.

import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { BadInput, badInput, type Problem } from '../base';
import { readJson, SCENARIO_BYTES_MAX, tooLarge } from '../scenario';

const STDIN = '-';

/** Text of a file, or of standard input. @throws BadInput if there is none */
export function readText(file: string, example = 'scenarios/dumbbell.json'): string {
  try {
    if (file === STDIN) return readFileSync(0, 'utf8');
    const status = statSync(file);
    if (status.isDirectory()) throw badInput(file, 'this is a folder', `give a file, such as ${example}`);
    if (status.size > SCENARIO_BYTES_MAX) throw new BadInput([tooLarge(file, status.size)]);
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof BadInput) throw error;
    throw badInput(
      file,
      'the file cannot be read',
      `give the path of a file such as ${example}, or - for standard input`,
    );
  }
}

/** The document of a scenario, with the files that it names; what is wrong with it otherwise is not looked at. */
export function readDocument(file: string): { document: unknown; problems: Problem[] } {
  const { value, problems } = readJson(readText(file), file);
  return { document: value === undefined ? undefined : readReplayFiles(value, file, problems), problems };
}

/** Replays that name a CSV file get its text; paths count from the scenario's folder. */
export function readReplayFiles(document: unknown, file: string, problems: Problem[]): unknown {
  if (typeof document !== 'object' || document === null || !('traffic' in document) || !Array.isArray(document.traffic))
    return document;
  const base = file === STDIN ? process.cwd() : dirname(file);
  const traffic = document.traffic.map((flow: unknown, index: number): unknown => {
    if (typeof flow !== 'object' || flow === null || !('file' in flow) || typeof flow.file !== 'string') return flow;
    const { file: name, ...rest } = flow;
    const pointer = `/traffic/${String(index)}/file`;
    try {
      const path = resolve(base, name);
      const { size } = statSync(path);
      if (size <= SCENARIO_BYTES_MAX) return { ...rest, csv: readFileSync(path, 'utf8') };
      problems.push({ ...tooLarge(name, size), file, pointer });
    } catch {
      problems.push({
        file,
        pointer,
        message: `"${name}" cannot be read`,
        suggestion: 'the path counts from the folder of the scenario',
      });
    }
    return rest;
  });
  return { ...document, traffic };
}

export interface PlanInput {
  readonly document: unknown;
  /** Where its scenario came from, if that was a file of its own. */
  readonly scenarioFile?: string;
}

/** A plan with its scenario, and the files that the scenario names, in it. @throws BadInput with every problem of reading them */
export function readPlanInput(file: string, example = 'plans/limited-transmit.json'): PlanInput {
  const { value, problems } = readJson(readText(file, example), file);
  if (problems.length > 0) throw new BadInput(problems);
  return withScenario(value, file);
}

function withScenario(plan: unknown, file: string): PlanInput {
  if (typeof plan !== 'object' || plan === null || !('scenario' in plan)) return { document: plan };
  const { scenario } = plan;
  if (typeof scenario !== 'string') {
    const problems: Problem[] = [];
    const inlined = readReplayFiles(scenario, file, problems);
    if (problems.length > 0)
      throw new BadInput(problems.map((problem) => ({ ...problem, pointer: `/scenario${problem.pointer}` })));
    return { document: { ...plan, scenario: inlined } };
  }
  const scenarioFile = file === STDIN ? scenario : resolve(dirname(file), scenario);
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
