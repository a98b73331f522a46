// The scenarios of a plan's points, checked: replications of a point differ in their seed only, and are not checked again. What is
// remembered goes with the plan. Of a plan with more points than there is room for, the first to be asked for are remembered.

import { type Checked, formatProblem } from '../base';
import { checkScenario, type ResolvedScenario } from '../scenario';
import { type Job, scenarioAt } from './jobs';
import type { Plan, Point } from './plan';

/** Characters of scenarios that are remembered; resolved they are some ten times larger. */
const ROOM_CHARACTERS = 8_000_000;

interface Remembered {
  readonly byPoint: Map<number, Checked<ResolvedScenario>>;
  readonly most: number;
}

const remembered = new WeakMap<Plan, Remembered>();

/** What the scenario is at a point, still with the seed of the plan's scenario. */
export function resolvedAt(plan: Plan, point: Point): Checked<ResolvedScenario> {
  const { byPoint, most } = memoryOf(plan);
  const known = byPoint.get(point.number);
  if (known !== undefined) return known;
  const checked = checkScenario(scenarioAt(plan, point), `point ${String(point.number)}`);
  const resolved: Checked<ResolvedScenario> = checked.ok ? { ...checked, value: checked.value.resolved } : checked;
  if (byPoint.size < most) byPoint.set(point.number, resolved);
  return resolved;
}

/** What a run builds its world of. @throws Error with all problems */
export function resolvedFor(plan: Plan, { point, seed }: Pick<Job, 'point' | 'seed'>): ResolvedScenario {
  const resolved = resolvedAt(plan, point);
  if (!resolved.ok) throw new Error(resolved.problems.map(formatProblem).join('; '));
  // What the scenario itself would record is nobody's in a plan.
  return { ...resolved.value, seed, probes: [] };
}

function memoryOf(plan: Plan): Remembered {
  const before = remembered.get(plan);
  if (before !== undefined) return before;
  const most = Math.floor(ROOM_CHARACTERS / JSON.stringify(plan.document.scenario).length);
  const memory = { byPoint: new Map<number, Checked<ResolvedScenario>>(), most };
  remembered.set(plan, memory);
  return memory;
}
