// Where a result comes from: the scenario in full, the version, the seed and the command that repeats it.

import type { Plan, PlanSummary } from '../experiment';

/** The shape of `provenance.json`. */
export interface Provenance {
  readonly format: 'odonata-provenance';
  readonly version: 1;
  readonly program: { readonly name: 'Odonata'; readonly version: string };
  readonly scenario: unknown;
  readonly seed: number;
  readonly digest: string;
  readonly command: string;
}

export function provenance(input: {
  readonly programVersion: string;
  /** The document that ran, overrides applied. */
  readonly scenario: unknown;
  readonly seed: number;
  readonly digest: string;
  readonly command: string;
}): Provenance {
  return {
    format: 'odonata-provenance',
    version: 1,
    program: { name: 'Odonata', version: input.programVersion },
    scenario: input.scenario,
    seed: input.seed,
    digest: input.digest,
    command: input.command,
  };
}

/** Where the results of a plan come from: the plan with its scenario in it, how its fraction was made, and the hash of all runs. */
export function planProvenance(input: {
  readonly plan: Plan;
  readonly summary: PlanSummary;
  readonly programVersion: string;
  readonly command: string;
}): object {
  const { plan, summary } = input;
  return {
    format: 'odonata-provenance',
    version: 1,
    program: { name: 'Odonata', version: input.programVersion },
    plan: plan.document,
    seed: plan.seed,
    design: plan.design,
    generators: plan.generators,
    points: plan.points.length,
    runs: summary.runs.length,
    failed: summary.failures.length,
    digest: summary.digest,
    command: input.command,
  };
}
