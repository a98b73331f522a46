// Where a result comes from: the scenario in full, the version, the seed and the command that repeats it.

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
