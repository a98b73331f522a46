// From a document to a plan, with every problem at once. The scenario is judged as it is at every point, first one factor at a
// time, so that a bad level is named by its place.

import { type Checked, formatProblem, type Problem, Streams } from '../base';
import { applySettings, checkScenario, nearest, readJson, schemaProblems } from '../scenario';
import { DEFAULT_RESOLUTION, designPoints } from './design';
import { scenarioAt, settingsAt } from './jobs';
import { type Complain, readFactor } from './levels';
import { probesOf, readMeasures } from './measures';
import { type Factor, type Level, type Plan, type Point, pointName, type WarmUp } from './plan';
import { resolvedAt } from './point-scenarios';
import { DEFAULT_CONFIDENCE } from './study';
import { type PlanDocument, planSchema, type ReadPlan } from './plan-schema';
import { readReferences } from './reference';

export interface PlanSource {
  /** For the problems. */
  readonly file: string;
  /** Where the scenario came from, if it was a file of its own. */
  readonly scenarioFile?: string;
}

const RUNS_MAX = 1_000_000;
const PROBLEMS_MAX = 100;
const DEFAULT_REPLICATIONS = 10;
/** Columns that results have besides factors and measures. */
const RESERVED = ['job', 'point', 'replication', 'seed', 'status', 'digest', 'measure', 'unit', 'value'];

/** Reads a plan's text; the scenario has to be in it. */
export function parsePlan(text: string, file: string): Checked<Plan> {
  const { value, problems } = readJson(text, file);
  if (value === undefined || problems.length > 0) return { ok: false, problems };
  return checkPlan(value, { file });
}

/** Checks a plan and its scenario at every point. */
export function checkPlan(value: unknown, source: PlanSource): Checked<Plan> {
  const read = readPlan(value, source.file);
  if (!read.ok) return read;
  const problems = scenarioProblems(read.value, source);
  return problems.length === 0 ? read : { ok: false, problems: limited(problems, source.file) };
}

/** Reads a plan whose scenario has been checked already. */
export function readPlan(value: unknown, file: string): Checked<Plan> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const suggestion = 'begin with {"format": "odonata-plan", "version": 1, …';
    return { ok: false, problems: [{ file, pointer: '', message: 'a plan is a JSON object', suggestion }] };
  }
  const parsed = planSchema.safeParse(value);
  if (!parsed.success)
    return { ok: false, problems: limited(schemaProblems(parsed.error, value, file, planSchema), file) };
  const problems: Problem[] = [];
  const plan = resolve(parsed.data, value as PlanDocument, (pointer, message, suggestion) => {
    problems.push({ file, pointer, message, suggestion });
  });
  return plan === undefined || problems.length > 0
    ? { ok: false, problems: limited(problems, file) }
    : { ok: true, value: plan, problems: [] };
}

function limited(problems: Problem[], file: string): Problem[] {
  if (problems.length <= PROBLEMS_MAX) return problems;
  const rest = problems.length - PROBLEMS_MAX;
  return [...problems.slice(0, PROBLEMS_MAX), { file, pointer: '', message: `and ${String(rest)} problems more` }];
}

function resolve(read: ReadPlan, document: PlanDocument, complain: Complain): Plan | undefined {
  const design = read.design ?? { kind: 'full' as const };
  const sampled = design.kind === 'latin-hypercube';
  let problems = 0;
  const note: Complain = (...problem) => {
    problems += 1;
    complain(...problem);
  };
  if (typeof read.scenario === 'string')
    note(
      '/scenario',
      `the file "${read.scenario}" was not read`,
      'run the plan from its own file, or put the scenario in it',
    );
  const factors = read.factors.map((factor, index) => readFactor(factor, `/factors/${String(index)}`, note, sampled));
  uniqueNames(read, note);
  pointersApart(factors, note);
  const seed = read.seed ?? 1;
  if (design.kind === 'fractional') fractionProblems(factors, design.resolution ?? DEFAULT_RESOLUTION, note);
  if (sampled && factors.length === 0)
    note(
      '/factors',
      'a Latin hypercube needs a factor',
      'write {"name": "loss", "pointer": …, "range": {"from": 0, "to": 0.1}}',
    );
  const measures = readMeasures(read.measures, note);
  const replications = replicationsOf(read, note);
  const runs =
    replications * (sampled ? design.samples : factors.reduce((product, { levels }) => product * levels.length, 1));
  if (runs > RUNS_MAX)
    note(
      '/factors',
      `the plan has ${String(runs)} runs; the most is ${String(RUNS_MAX)}`,
      'fewer levels, a fraction, or a Latin hypercube',
    );
  const compare = compareOf(read, factors, sampled, note);
  const stop = stopOf(read, note);
  const timeoutNs = timeoutOf(read, note);
  if (problems > 0) return undefined;
  const designed = designPoints(factors, design, new Streams(seed));
  if (sampled && read.reference !== undefined)
    note('/reference', 'the points of a Latin hypercube have no levels to name', 'a full design, or leave it out');
  const references = sampled
    ? []
    : readReferences(read.reference ?? [], { factors, points: designed.points, measures, compare }, note);
  if (problems > 0) return undefined;
  return {
    document,
    name: read.name,
    seed,
    seeds: read.seeds ?? 'common',
    factors,
    ...designed,
    measures,
    warmUp: warmUpOf(read),
    timeoutNs,
    replications,
    stop,
    confidence: read.confidence ?? DEFAULT_CONFIDENCE,
    compare,
    references,
  };
}

function uniqueNames({ factors, measures }: ReadPlan, complain: Complain): void {
  const seen = new Set(RESERVED);
  const look = (name: string, pointer: string): void => {
    if (seen.has(name))
      complain(pointer, `the name "${name}" is taken`, 'factors and measures are columns; give each its own name');
    seen.add(name);
  };
  factors.forEach(({ name }, index) => {
    look(name, `/factors/${String(index)}/name`);
  });
  measures.forEach(({ name }, index) => {
    look(name, `/measures/${String(index)}/name`);
  });
}

/** Two factors that set the same parameter would undo each other; the seed is the plan's. */
function pointersApart(factors: readonly Factor[], complain: Complain): void {
  const before: { pointer: string; name: string }[] = [];
  factors.forEach(({ name, pointers }, index) => {
    const where = `/factors/${String(index)}`;
    for (const pointer of pointers) {
      if (pointer === '/seed')
        complain(where, 'the seed is what replications vary', 'leave the factor out, and set "replications"');
      const same = before.find((other) => other.pointer === pointer);
      if (same !== undefined)
        complain(where, `"${pointer}" is also set by "${same.name}"`, 'one factor for each parameter');
      // The other way round it holds: first the whole, then a part of it.
      const part = before.find((other) => other.pointer.startsWith(`${pointer}/`));
      if (part !== undefined)
        complain(
          where,
          `"${pointer}" would undo "${part.pointer}" of "${part.name}"`,
          `write it before "${part.name}"`,
        );
      before.push({ pointer, name });
    }
  });
}

function fractionProblems(factors: readonly Factor[], resolution: number, complain: Complain): void {
  factors.forEach(({ levels }, index) => {
    if (levels.length === 2) return;
    complain(
      `/factors/${String(index)}/levels`,
      `a fraction needs two levels, not ${String(levels.length)}`,
      'for example [false, true]',
    );
  });
  const most = 11;
  if (factors.length < 3 || factors.length > most)
    complain(
      '/design',
      `a fraction has 3 to ${String(most)} factors, not ${String(factors.length)}`,
      'write "design": {"kind": "full"}',
    );
  else if (resolution > factors.length)
    complain(
      '/design/resolution',
      `${String(factors.length)} factors have at most resolution ${String(factors.length)}`,
      'write "resolution": 3',
    );
}

function replicationsOf({ replications, stop }: ReadPlan, complain: Complain): number {
  if (stop === undefined) return replications ?? DEFAULT_REPLICATIONS;
  if (replications !== undefined)
    complain(
      '/replications',
      'a stopping rule decides on the replications',
      'leave one of "replications" and "stop" out',
    );
  if (stop.min > stop.max) complain('/stop/min', '"min" is above "max"', 'for example "min": 3, "max": 30');
  return stop.max;
}

function stopOf({ stop, measures, confidence }: ReadPlan, complain: Complain): Plan['stop'] {
  if (stop === undefined) return undefined;
  const names = measures.map(({ name }) => name);
  const measure = names.indexOf(stop.measure);
  if (measure < 0) complain('/stop/measure', `there is no measure "${stop.measure}"`, didYouMean(stop.measure, names));
  return {
    measure,
    relativeHalfWidth: stop.relativeHalfWidth,
    confidence: stop.confidence ?? confidence ?? DEFAULT_CONFIDENCE,
    min: stop.min,
    max: stop.max,
  };
}

function compareOf(
  { compare }: ReadPlan,
  factors: readonly Factor[],
  sampled: boolean,
  complain: Complain,
): Plan['compare'] {
  if (compare === undefined) return undefined;
  const names = factors.map(({ name }) => name);
  const factor = names.indexOf(compare.factor);
  if (factor < 0) {
    complain('/compare/factor', `there is no factor "${compare.factor}"`, didYouMean(compare.factor, names));
    return undefined;
  }
  if (sampled)
    complain('/compare', 'the points of a Latin hypercube differ in everything', 'a full design, or leave it out');
  const labels = factors[factor]!.levels.map(({ label }) => label);
  const wanted = compare.baseline === undefined ? labels[0] : String(compare.baseline);
  const baseline = labels.indexOf(wanted ?? '');
  if (baseline < 0)
    complain(
      '/compare/baseline',
      `"${compare.factor}" has no level "${wanted ?? ''}"`,
      didYouMean(wanted ?? '', labels),
    );
  return { factor, baseline };
}

function didYouMean(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  return near === undefined ? `there are ${known.join(', ')}` : `did you mean "${near}"?`;
}

/** A process takes a part of a second to begin; less would end good runs. */
const TIMEOUT_MIN_NS = 1e9;

function timeoutOf({ timeout }: ReadPlan, complain: Complain): number | undefined {
  if (timeout !== undefined && timeout < TIMEOUT_MIN_NS)
    complain('/timeout', 'a run has at least a second of wall time', 'write for example "60s"');
  return timeout;
}

function warmUpOf({ warmUp }: ReadPlan): WarmUp {
  if (warmUp === undefined) return { kind: 'fixed', removeNs: 0 };
  return 'remove' in warmUp ? { kind: 'fixed', removeNs: warmUp.remove } : { kind: 'mser-5', probe: warmUp.probe };
}

/** What is wrong with the scenario at any point. */
function scenarioProblems(plan: Plan, source: PlanSource): Problem[] {
  const { file, scenarioFile = file } = source;
  const first = plan.points[0]!;
  const own = levelProblems(plan, first.levels, '/factors', source);
  if (plan.factors.length === 0 || own.length > 0) {
    const inScenario = checkScenario(plan.document.scenario, scenarioFile).problems;
    // What is wrong with the scenario itself is told at its own place.
    if (inScenario.length > 0 && own.length > 0)
      return scenarioFile === file
        ? inScenario.map((problem) => ({ ...problem, pointer: `/scenario${problem.pointer}` }))
        : [...inScenario];
  }
  const single = plan.factors.flatMap(({ levels }, factor) =>
    levels.flatMap((level, index) => {
      const changed = first.levels.map((base, place): Level => (place === factor ? level : base));
      return levelProblems(plan, changed, `/factors/${String(factor)}/levels/${String(index)}`, source);
    }),
  );
  if (single.length > 0) return distinct(single);
  const joint = own.length > 0 ? own : pointProblems(plan, source);
  return distinct(joint.length > 0 ? joint : probeProblems(plan, source));
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
function levelProblems(plan: Plan, levels: Point['levels'], pointer: string, { file }: PlanSource): Problem[] {
  const settings = settingsAt(plan, levels);
  const { value, problems } = applySettings(plan.document.scenario, settings);
  const all = problems.length > 0 ? problems : checkScenario(value, '').problems;
  return told(plan, levels, all, { pointer, file });
}

/** Problems of the scenario as problems of the plan. */
function told(
  plan: Plan,
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
