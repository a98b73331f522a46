// A parameter of the open scenario that a person wants an experiment to vary. The inspector names it; whoever makes plans takes it.

import { shallowRef } from 'vue';

export interface Parameter {
  /** Items by their id: `/links/bottleneck/rate`. */
  readonly pointer: string;
  /** `bottleneck: rate`. */
  readonly label: string;
  readonly control: 'text' | 'number' | 'flag' | 'choice' | 'whole' | 'presence';
  /** What the scenario says, or what holds where it says nothing, or an example of what it could say. */
  readonly value: unknown;
  readonly choices: readonly string[];
  /** Of a whole part, such as a queue: what it could be instead. */
  readonly wholes?: readonly object[];
}

/** What the present plan varies, by pointer. */
export const variedPointers = shallowRef<ReadonlySet<string>>(new Set());

let taker: ((parameter: Parameter) => void) | undefined;

/** Says who takes parameters; call once. */
export function onVary(take: (parameter: Parameter) => void): void {
  taker = take;
}

/** Makes a parameter vary, or no more. */
export function vary(parameter: Parameter): void {
  taker?.(parameter);
}
