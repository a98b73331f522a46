// What is wrong with a plan, what it costs and what it could measure: in a process that stays, because a person who edits a plan asks
// with every change, and a large plan takes a while. Builds a world of its first point, and runs nothing.

import { cpus, freemem } from 'node:os';
import { checkPlan, type Plan, scenarioAt, summaryProblems } from '../../core/experiment';
import type { RunSummary } from '../../core/measure';
import { checkScenario, estimateCost, readJson, type ResolvedScenario } from '../../core/scenario';
import { World } from '../../core/world';
import type { PlanJudgement } from '../ipc';

/** Points whose cost is looked at; of more, those are taken for the rest. */
const COSTED_MAX = 200;
/** Names that are proposed. */
const NAMES_MAX = 2000;

const NOTHING: Omit<PlanJudgement, 'problems'> = {
  points: 0,
  runs: 0,
  seconds: 0,
  memoryBytes: 0,
  processes: 1,
  paths: [],
  probes: [],
};

export function judgePlan(text: string): PlanJudgement {
  const { value, problems } = readJson(text, '');
  if (problems.length > 0) return { ...NOTHING, problems: [...problems] };
  const names = namesIn((value as { scenario?: unknown } | undefined)?.scenario);
  const checked = checkPlan(value, { file: '' });
  if (!checked.ok) return { ...NOTHING, ...names, problems: [...checked.problems] };
  const plan = checked.value;
  const first = resolvedAt(plan, 0);
  if (first === undefined) return { ...NOTHING, ...names, problems: [] };
  const wrong = summaryProblems(plan, summaryOf(first), '');
  const { seconds, memoryBytes } = costOf(plan);
  const fitting = Math.max(1, Math.floor(freemem() / Math.max(1, memoryBytes)));
  return {
    problems: wrong,
    points: plan.points.length,
    runs: plan.points.length * plan.replications,
    seconds,
    memoryBytes,
    processes: Math.min(Math.max(1, cpus().length), fitting),
    ...names,
  };
}

function resolvedAt(plan: Plan, index: number): ResolvedScenario | undefined {
  const checked = checkScenario(scenarioAt(plan, plan.points[index]!), '');
  return checked.ok ? { ...checked.value.resolved, probes: [] } : undefined;
}

function summaryOf(scenario: ResolvedScenario): RunSummary {
  return new World(scenario).summary('finished', 0);
}

/** Of all runs one after another, and the memory of the largest. */
function costOf(plan: Plan): { seconds: number; memoryBytes: number } {
  const stride = Math.ceil(plan.points.length / COSTED_MAX);
  let [seconds, memoryBytes, looked] = [0, 0, 0];
  for (let index = 0; index < plan.points.length; index += stride) {
    const scenario = resolvedAt(plan, index);
    if (scenario === undefined) continue;
    const cost = estimateCost(scenario);
    seconds += cost.seconds;
    memoryBytes = Math.max(memoryBytes, cost.memoryBytes);
    looked += 1;
  }
  return { seconds: (seconds / Math.max(1, looked)) * plan.points.length * plan.replications, memoryBytes };
}

/** What a scenario could be measured by, whatever is wrong with the plan around it. */
function namesIn(scenario: unknown): Pick<PlanJudgement, 'paths' | 'probes'> {
  const checked = checkScenario(scenario, '');
  if (!checked.ok) return { paths: [], probes: [] };
  const world = new World({ ...checked.value.resolved, probes: [] });
  const paths = new Set<string>();
  numbersIn(world.summary('finished', 0), '', paths);
  const probes = world.probes.match('*/*/*').map(({ name }) => name);
  return { paths: [...paths].slice(0, NAMES_MAX), probes: probes.slice(0, NAMES_MAX) };
}

/** Parts of a summary that say nothing of the scenario. */
const LEFT_OUT = new Set(['format', 'version', 'seed', 'wallSeconds', 'rssBytes']);

/** Paths of all numbers; items of lists by what names them. */
function numbersIn(value: unknown, path: string, found: Set<string>): void {
  if (found.size >= NAMES_MAX) return;
  if (typeof value === 'number') found.add(path);
  else if (Array.isArray(value)) for (const item of value as unknown[]) numbersIn(item, path + itemName(item), found);
  else if (typeof value === 'object' && value !== null)
    for (const [key, inner] of Object.entries(value)) if (!LEFT_OUT.has(key)) numbersIn(inner, `${path}/${key}`, found);
}

/** As measures.ts reads them: `/bottleneck/forward`, `/web/0`. */
function itemName(item: unknown): string {
  if (typeof item !== 'object' || item === null) return '';
  const { id, direction, host, cpu, link, name, thread } = item as Record<string, string | number | undefined>;
  const parts = [id, direction, host, cpu ?? link, name, thread].filter((part) => part !== undefined);
  return parts.map((part) => `/${String(part)}`).join('');
}
