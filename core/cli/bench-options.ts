// What benchmarks may be told, for all suites together: each looks at what it knows.

import { badInput } from '../base';

export interface BenchOptions {
  readonly flows?: string;
  readonly rate: string;
  readonly delay: string;
  readonly duration?: string;
  readonly sack?: boolean;
  readonly seed: string;
  /** Of each host, for pmp. */
  readonly cpus: string;
  readonly json?: boolean;
  /** Of sweep: its runs, their points, and processes. */
  readonly runs: string;
  readonly points: string;
  readonly jobs?: string;
  /** Of labs: those whose ids begin so; all when none is named. */
  readonly lab?: readonly string[];
}

/** @throws BadInput */
export function count(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw badInput(option, `"${text}" is not a count`, `for example ${option} 100`);
  return value;
}
