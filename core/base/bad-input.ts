// Bad input where a caller can go on in no way: thrown, and caught where a person is told.

import { formatProblem, type Problem } from './problem';

/** Carries every problem of the input; the command line ends with exit code 2. */
export class BadInput extends Error {
  constructor(readonly problems: readonly Problem[]) {
    super(problems.map(formatProblem).join('\n'));
  }
}

/** A single problem without a pointer. */
export function badInput(file: string, message: string, suggestion?: string): BadInput {
  return new BadInput([{ file, pointer: '', message, suggestion }]);
}
