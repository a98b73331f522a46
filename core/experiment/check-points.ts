// What is wrong with the scenario of a plan: it is judged as it is at every point, first one factor at a time, so that a bad level is
// named by its place.

import { formatProblem, type Problem } from '../base';
import { applySettings, checkScenario } from '../scenario';
import { scenarioAt, settingsAt } from './jobs';
import { readFactor } from './levels';
import { probesOf } from './measures';
import { type Factor, type Level, type Plan, type Point, pointName } from './plan';
import type { ReadPlan } from './plan-schema';
import { resolvedAt } from './point-scenarios';

export interface PlanSource {
  /** For the problems. */
  readonly file: string;
  /** Where the scenario came from, if it was a file of its own. */
  readonly scenarioFile?: string;
}

const PROBLEMS_MAX = 100;

/** Of a plan, what makes scenarios. */
interface Varied {
  readonly document: { readonly scenario: unknown };
  readonly factors: readonly Factor[];
}

/** What is wrong with the scenario at any point. */
export function scenarioProblems(plan: Plan, source: PlanSource): Problem[] {
  const { file, scenarioFile = file } = source;
  const first = plan.points[0]!;
  const own = levelProblems(plan, first.levels, '/factors', source);
  if (plan.factors.length === 0 || own.length > 0) {
    const inScenario = checkScenario(plan.document.scenario, scenarioFile).problems;
    // What is wrong with the scenario itself is told at its own place.
    if (inScenario.length > 0 && own.length > 0)
      return [...atHome(inScenario, source), ...lostPointers(plan.document.scenario, plan.factors, inScenario, source)];
  }
  const single = plan.factors.flatMap(({ levels }, factor) =>
    levels.flatMap((level, index) => {
      const changed = first.levels.map((base, place): Level => (place === factor ? level : base));
      return levelProblems(plan, changed, `/factors/${String(factor)}/levels/${String(index)}`, source);
    }),
  );
  // At the first point the scenario is right, so that it says which probes there are.
  const probes = own.length > 0 ? [] : probeProblems(plan, source);
  if (single.length > 0) return distinct([...single, ...probes]);
  return distinct([...(own.length > 0 ? own : pointProblems(plan, source)), ...probes]);
}

/** What can be told of the scenario and of how factors change it, though the plan has these problems. */
export function partProblems(part: ReadPlan | undefined, problems: readonly Problem[], source: PlanSource): Problem[] {
  if (part === undefined || typeof part.scenario === 'string') return [];
  if (problems.some(({ pointer }) => pointer === '/scenario' || pointer === '/factors')) return [];
  const { file, scenarioFile = file } = source;
  const inScenario = checkScenario(part.scenario, scenarioFile).problems;
  const factors = judgeable(part, problems);
  if (inScenario.length > 0)
    return [...atHome(inScenario, source), ...lostPointers(part.scenario, factors, inScenario, source)];
  return factors.flatMap((factor, index) =>
    (factor?.levels ?? []).flatMap((level, place) => {
      const plan = { document: { scenario: part.scenario }, factors: [factor!] };
      return levelProblems(plan, [level], `/factors/${String(index)}/levels/${String(place)}`, source);
    }),
  );
}

/** The factors of a plan that has these problems; undefined for those that cannot be judged. */
function judgeable(part: ReadPlan, problems: readonly Problem[]): (Factor | undefined)[] {
  const sampled = part.design?.kind === 'latin-hypercube';
  const before: string[] = [];
  return part.factors.map((factor, index) => {
    const where = `/factors/${String(index)}`;
    const { pointers } = readFactor(factor, where, () => undefined, sampled);
    const wrong = problems.filter(({ pointer }) => pointer === where || pointer.startsWith(`${where}/`));
    // What a wrong one puts somewhere is not known, and a later one may be about a part of it.
    const covered = pointers.some((pointer) => before.some((other) => `${pointer}/`.startsWith(`${other}/`)));
    if (wrong.length === 0) return covered ? undefined : readFactor(factor, where, () => undefined, sampled);
    const isPlain = wrong.every(({ pointer }) => /^\/factors\/\d+\/(?:name|label|levels|range|logRange)/.test(pointer));
    before.push(...(isPlain && pointers.length > 0 ? pointers : ['']));
    return undefined;
  });
}

/** Which factors point at nothing in a scenario that is wrong in other places too. */
function lostPointers(
  scenario: unknown,
  factors: readonly (Factor | undefined)[],
  inScenario: readonly Problem[],
  { file }: PlanSource,
): Problem[] {
  // What has a problem may have another name, or lack what is asked for.
  const isWhole = (pointer: string): boolean => {
    const [, list = '', item] = pointer.split('/');
    const items = (scenario as Record<string, unknown>)[list];
    const ids = Array.isArray(items) ? items.map((one: { id?: unknown } | null) => one?.id) : [];
    const index = ids.indexOf(item);
    return !inScenario.some((problem) => {
      const [, where = '', place] = problem.pointer.split('/');
      if (problem.pointer === '' || problem.pointer === `/${list}`) return true;
      return where === list && (index < 0 ? ids.some((id) => typeof id !== 'string') : place === String(index));
    });
  };
  return factors.flatMap((factor, index) =>
    (factor?.pointers ?? [])
      .filter(isWhole)
      .flatMap((pointer) => applySettings(scenario, [{ pointer, value: 0 }]).problems)
      .map(({ pointer, message, suggestion }) => ({
        file,
        pointer: `/factors/${String(index)}`,
        message: `${pointer}: ${message}`,
        suggestion,
      })),
  );
}

/** Problems of the scenario where a person finds them: in its own file, or in the plan. */
function atHome(inScenario: readonly Problem[], { file, scenarioFile = file }: PlanSource): Problem[] {
  if (scenarioFile !== file) return [...inScenario];
  return inScenario.map((problem) => ({ ...problem, pointer: `/scenario${problem.pointer}` }));
}

function pointProblems(plan: Plan, source: PlanSource): Problem[] {
  const problems: Problem[] = [];
  for (const point of plan.points) {
    problems.push(...told(plan, point.levels, resolvedAt(plan, point).problems, { pointer: '/factors', ...source }));
    if (problems.length > PROBLEMS_MAX) break;
  }
  return problems;
}

/** What these levels make of the scenario. */
function levelProblems(plan: Varied, levels: Point['levels'], pointer: string, { file }: PlanSource): Problem[] {
  const settings = settingsAt(plan, levels);
  const { value, problems } = applySettings(plan.document.scenario, settings);
  const all = problems.length > 0 ? problems : checkScenario(value, '').problems;
  return told(plan, levels, all, { pointer, file });
}

/** Problems of the scenario as problems of the plan. */
function told(
  plan: Varied,
  levels: Point['levels'],
  all: readonly Problem[],
  { pointer, file }: { readonly pointer: string; readonly file: string },
): Problem[] {
  const which = levels.length === 0 ? '' : `with ${pointName(plan, { levels })}: `;
  return all.map((problem) => ({
    file,
    pointer,
    message: `${which}${formatProblem({ ...problem, file: '', suggestion: undefined })}`,
    suggestion: problem.suggestion,
  }));
}

/** A probe is right if the scenario could record it; a duration may end before the warm-up does. */
function probeProblems(plan: Plan, { file }: PlanSource): Problem[] {
  const scenario = scenarioAt(plan, plan.points[0]!);
  const asked = probesOf(plan);
  const checked = checkScenario({ ...scenario, probes: asked.map(({ probe }) => probe) }, file);
  const wrong = checked.problems.map((problem) => {
    const index = Number(problem.pointer.split('/')[2]);
    return { ...problem, pointer: asked[index]?.pointer ?? problem.pointer };
  });
  if (wrong.length > 0 || plan.warmUp.kind === 'mser-5') return wrong;
  const { removeNs } = plan.warmUp;
  const tooShort = plan.points.find((point) => {
    const read = resolvedAt(plan, point);
    return removeNs > 0 && read.ok && read.value.durationNs <= removeNs;
  });
  if (tooShort === undefined) return [];
  return [
    {
      file,
      pointer: '/warmUp/remove',
      message: 'the warm-up is longer than the run',
      suggestion: 'a shorter one, or a longer "duration"',
    },
  ];
}

function distinct(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems.filter((problem) => {
    const key = formatProblem(problem);
    return !seen.has(key) && seen.add(key);
  });
}
