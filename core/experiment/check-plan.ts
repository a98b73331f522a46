// From a document to a plan, with every problem at once: what the schema refuses hides nothing that can be told without it.

import { type Checked, type Problem, Streams } from '../base';
import { nearest, NOWHERE, type Places, readJson, reporter, schemaProblems, soundPart } from '../scenario';
import { partProblems, type PlanSource, scenarioProblems } from './check-points';
import { DEFAULT_RESOLUTION, designPoints } from './design';
import { type Complain, readFactor } from './levels';
import { readMeasures } from './measures';
import type { Factor, Plan, WarmUp } from './plan';
import { DEFAULT_CONFIDENCE } from './study';
import { type PlanDocument, planSchema, type ReadPlan } from './plan-schema';
import { readReferences } from './reference';

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
  const { plan, part, problems } = readWhatIsRight(value, source.file);
  const all =
    plan === undefined ? [...problems, ...partProblems(part, problems, source)] : scenarioProblems(plan, source);
  return plan === undefined || all.length > 0
    ? { ok: false, problems: limited(all, source.file) }
    : { ok: true, value: plan, problems: [] };
}

/** Reads a plan whose scenario has been checked already. */
export function readPlan(value: unknown, file: string): Checked<Plan> {
  const { plan, problems } = readWhatIsRight(value, file);
  return plan === undefined
    ? { ok: false, problems: limited(problems, file) }
    : { ok: true, value: plan, problems: [] };
}

interface WhatIsRight {
  /** Undefined when anything is wrong. */
  readonly plan: Plan | undefined;
  /** What could be read; undefined when nothing could. */
  readonly part: ReadPlan | undefined;
  readonly problems: readonly Problem[];
}

function readWhatIsRight(value: unknown, file: string): WhatIsRight {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const suggestion = 'begin with {"format": "odonata-plan", "version": 1, …';
    const problem = { file, pointer: '', message: 'a plan is a JSON object', suggestion };
    return { plan: undefined, part: undefined, problems: [problem] };
  }
  const parsed = planSchema.safeParse(value);
  const problems = parsed.success ? [] : schemaProblems(parsed.error, value, file, planSchema);
  const sound = parsed.success ? { value: parsed.data, broken: NOWHERE } : soundPart(planSchema, value);
  if (sound === undefined) return { plan: undefined, part: undefined, problems };
  const { broken } = sound;
  const report = reporter(problems, file, broken);
  const plan = resolve(sound.value, value as PlanDocument, broken, (pointer, message, suggestion) => {
    report(pointer, message, suggestion, ...reliesOn(pointer));
  });
  return { plan: problems.length > 0 ? undefined : plan, part: sound.value, problems };
}

/** The other places that a problem of this place may follow from. */
function reliesOn(pointer: string): string[] {
  const [, key = '', index] = pointer.split('/');
  switch (key) {
    case 'factors':
      return index === undefined ? ['/factors', '/replications', '/stop', '/design'] : [`/factors/${index}`];
    case 'measures':
      return index === undefined ? [] : [`/measures/${index}`];
    case 'design':
      return ['/factors'];
    case 'replications':
      return ['/stop'];
    case 'stop':
      return ['/measures', '/stop'];
    case 'compare':
      return ['/factors', '/design', '/compare'];
    case 'reference':
      return index === undefined
        ? ['/design']
        : ['/factors', '/measures', '/compare', '/design', `/reference/${index}`];
    default:
      return [];
  }
}

function limited(problems: readonly Problem[], file: string): readonly Problem[] {
  if (problems.length <= PROBLEMS_MAX) return problems;
  const rest = problems.length - PROBLEMS_MAX;
  return [...problems.slice(0, PROBLEMS_MAX), { file, pointer: '', message: `and ${String(rest)} problems more` }];
}

/** @param broken what is not known of the plan */
function resolve(read: ReadPlan, document: PlanDocument, broken: Places, complain: Complain): Plan | undefined {
  const design = read.design ?? { kind: 'full' as const };
  const sampled = design.kind === 'latin-hypercube';
  const wrong = new Set<string>();
  const note: Complain = (pointer, ...problem) => {
    wrong.add(pointer.split('/')[1] ?? '');
    complain(pointer, ...problem);
  };
  const settled = (...keys: string[]): boolean => !keys.some((key) => wrong.has(key) || broken.touch(`/${key}`));
  if (typeof read.scenario === 'string')
    note(
      '/scenario',
      `the file "${read.scenario}" was not read`,
      'run the plan from its own file, or put the scenario in it',
    );
  const factors = read.factors.map((factor, index) => readFactor(factor, `/factors/${String(index)}`, note, sampled));
  uniqueNames(read, broken, note);
  pointersApart(factors, broken, note);
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
  if (sampled && read.reference !== undefined)
    note('/reference', 'the points of a Latin hypercube have no levels to name', 'a full design, or leave it out');
  if (!settled('factors', 'design')) return undefined;
  const designed = designPoints(factors, design, new Streams(seed));
  const references =
    sampled || !settled('measures', 'compare')
      ? []
      : readReferences(read.reference ?? [], { factors, points: designed.points, measures, compare }, note);
  if (wrong.size > 0) return undefined;
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

function uniqueNames({ factors, measures }: ReadPlan, broken: Places, complain: Complain): void {
  const seen = new Set(RESERVED);
  const look = (name: string, pointer: string): void => {
    if (broken.hold(pointer)) return;
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
function pointersApart(factors: readonly Factor[], broken: Places, complain: Complain): void {
  const before: { pointer: string; name: string }[] = [];
  factors.forEach(({ name, pointers }, index) => {
    const where = `/factors/${String(index)}`;
    if (broken.touch(where)) return;
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
