// Whether a call ended as the script says: its value and its error (packetdrill.md §3).

import { Arguments, showExpression } from './arguments';
import type { Outcome } from './calls';
import type { CallAction, Expression } from './script';

export interface ComparedOutcome {
  readonly wanted: string;
  readonly actual: string;
  /** What was expected, and what was there instead. */
  readonly problem: string | undefined;
}

export function compareOutcome(
  { name, args, result, errno }: CallAction,
  outcome: Exclude<Outcome, 'blocks'>,
  line: number,
): ComparedOutcome {
  const actual = outcome.errno === undefined ? String(outcome.value) : `-1 ${outcome.errno}`;
  const value = wantedValue(result, line);
  return {
    wanted: `${name}(${args.map(showExpression).join(', ')}) = ${showExpression(result)}${errno === undefined ? '' : ` ${errno}`}`,
    actual,
    problem:
      value !== undefined && value !== outcome.value
        ? `result ${showExpression(result)} but got ${actual}`
        : errno !== undefined && outcome.errno !== undefined && !isSameError(errno, outcome.errno)
          ? `errno ${errno} but got ${outcome.errno}`
          : undefined,
  };
}

function wantedValue(result: Expression, line: number): number | undefined {
  return result.kind === 'any' ? undefined : new Arguments([result], line, {}).number(0);
}

/** Systems call some errors by two names. */
function isSameError(wanted: string, found: string): boolean {
  return (
    wanted === found ||
    (wanted === 'EWOULDBLOCK' && found === 'EAGAIN') ||
    (wanted === 'EAGAIN' && found === 'EWOULDBLOCK')
  );
}
