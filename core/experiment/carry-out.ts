// One run of a plan in whatever builds worlds: observes the probes that the plan asks for, runs to the end, and says what was measured.
// Observing changes nothing: the digest is that of the scenario run by itself.

import { type Nanos, nanos } from '../base';
import { type RunSummary, Series } from '../measure';
import type { ResolvedScenario } from '../scenario';
import type { Job } from './jobs';
import { combine, probesOf, summaryValue } from './measures';
import { settledAt, statisticOf } from './over-time';
import type { Plan } from './plan';
import { resolvedFor } from './point-scenarios';

/** What a run needs of a world. */
export interface RunnableWorld {
  readonly endAt: Nanos;
  readonly finished: boolean;
  readonly probes: { match(pattern: string): readonly { readonly name: string; readonly unit: string }[] };
  listen(name: string, listener: (timeNs: number, value: number) => void): () => void;
  run(until: Nanos): unknown;
  finishSeries(): void;
  summary(outcome: 'finished', wallSeconds: number): RunSummary;
}

export type Outcome =
  | {
      readonly status: 'finished';
      /** By measure; null where the run has no such value. */
      readonly values: readonly (number | null)[];
      readonly digest: string;
      readonly events: number;
      readonly wallSeconds: number;
    }
  | { readonly status: 'failed'; readonly reason: string; readonly wallSeconds: number };

interface Surroundings {
  readonly build: (scenario: ResolvedScenario) => RunnableWorld;
  /** Wall time, seconds. */
  readonly now: () => number;
  /** Called now and then; throws to give the run up. */
  readonly look: () => void;
}

/** Samples kept of a probe; beyond that it is thinned as series are. */
const SAMPLES_MAX = 1_000_000;
const SLICES = 50;

export function carryOut(plan: Plan, job: Job, { build, now, look }: Surroundings): Outcome {
  const startedAt = now();
  const wallSeconds = (): number => now() - startedAt;
  try {
    const world = build(resolvedFor(plan, job));
    const recorded = observe(plan, world);
    for (let slice = 1; slice <= SLICES && !world.finished; slice += 1) {
      world.run(nanos(Math.ceil((world.endAt * slice) / SLICES)));
      look();
    }
    world.finishSeries();
    for (const series of recorded.values()) series.flush();
    const summary = world.summary('finished', 0);
    const values = valuesOf(plan, summary, recorded, world);
    return {
      status: 'finished',
      values,
      digest: summary.digest,
      events: summary.totals.events,
      wallSeconds: wallSeconds(),
    };
  } catch (error) {
    if (error instanceof GivenUp) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    return { status: 'failed', reason, wallSeconds: wallSeconds() };
  }
}

/** Thrown by `look` when nobody waits for the run any more. */
export class GivenUp extends Error {
  override readonly name = 'GivenUp';
}

function observe(plan: Plan, world: RunnableWorld): Map<string, Series> {
  const recorded = new Map<string, Series>();
  for (const { name, unit } of probesOf(plan).flatMap(({ probe }) => world.probes.match(probe))) {
    if (recorded.has(name)) continue;
    const series = new Series(name, unit, { intervalNs: 0, samplesMax: SAMPLES_MAX });
    recorded.set(name, series);
    world.listen(name, (timeNs, value) => {
      series.add(timeNs, value);
    });
  }
  return recorded;
}

function valuesOf(
  plan: Plan,
  summary: RunSummary,
  recorded: ReadonlyMap<string, Series>,
  world: RunnableWorld,
): (number | null)[] {
  const fromNs = warmUpEnd(plan, recorded, world.endAt);
  return plan.measures.map((measure) => {
    const { source, over } = measure;
    if (source.kind === 'summary') return known(summaryValue(summary, measure));
    const { statistic } = source;
    if (fromNs === undefined) return null;
    const each = world.probes
      .match(source.probe)
      .map(({ name }) => statisticOf(recorded.get(name)!, statistic, fromNs, world.endAt))
      .filter((value) => !Number.isNaN(value));
    return known(combine(each, over ?? 'last'));
  });
}

/** Undefined when the rule says that the run never settled: its statistics would be those of the start-up. */
function warmUpEnd({ warmUp }: Plan, recorded: ReadonlyMap<string, Series>, endNs: number): number | undefined {
  if (warmUp.kind === 'fixed') return warmUp.removeNs;
  const series = recorded.get(warmUp.probe);
  return series === undefined ? undefined : settledAt(series, endNs);
}

function known(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
