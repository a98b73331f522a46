// Levels that are whole parts of a scenario, a queue or a loss: what may stand at their place, and the levels to begin with.

import type { z } from 'zod';
import { wordOf } from '../../../core/experiment';
import { type Scenario, scenarioSchema, schemaAt, startOf, variantsOf } from '../../../core/scenario';
import type { FactorDraft, LevelDraft } from './draft';

type JsonObject = Record<string, unknown>;

export interface Place {
  readonly schema: z.ZodType;
  /** The scenario may have nothing there. */
  readonly optional: boolean;
}

/** The object that a level is; undefined if it is something else. */
export function wholeIn(level: LevelDraft): JsonObject | undefined {
  if (typeof level !== 'object' || !('value' in level)) return undefined;
  const { value } = level;
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

/** Whether a factor's levels are wholes, which a line of text cannot hold. */
export function hasWholes({ levels = [] }: FactorDraft): boolean {
  return levels.some((level) => wholeIn(level) !== undefined);
}

/** Whether a factor's levels are all that there is: both states of a switch, or a part that is there or not. */
export function isSwitch({ levels = [] }: FactorDraft): boolean {
  return (
    levels.length > 0 &&
    levels.every((level) => {
      if (typeof level !== 'object') return typeof level === 'boolean';
      return 'value' in level ? typeof level.value === 'boolean' : !('values' in level);
    })
  );
}

/** What may stand at a pointer, items by their id; undefined if the scenario has no such place. */
export function placeAt(scenario: Scenario, pointer: string): Place | undefined {
  const parts = pointer.split('/').slice(1);
  const path: (string | number)[] = [];
  let here: unknown = scenario;
  for (const part of parts) {
    const index = Array.isArray(here) ? here.findIndex((item: { id?: unknown }) => item.id === part) : -1;
    path.push(index >= 0 ? index : part);
    here = (here as Record<string | number, unknown> | undefined)?.[path.at(-1)!];
  }
  const key = String(path.pop() ?? '');
  const parent = schemaAt(scenarioSchema, scenario, path);
  const shape = (parent as z.ZodObject | undefined)?.shape as Record<string, z.ZodType> | undefined;
  const schema = shape?.[key];
  return schema === undefined ? undefined : { schema, optional: schema.safeParse(undefined).success };
}

/** What is there, and each other kind that there is; where there is nothing, nothing and each kind. */
export function wholeLevels(value: JsonObject | undefined, wholes: readonly object[]): LevelDraft[] {
  const nameOf = (whole: object): string => wordOf(whole as JsonObject) ?? 'with';
  // A list to be filled in says nothing yet.
  const complete = wholes.filter((whole) => Object.values(whole).every((field) => !Array.isArray(field)));
  const others = complete.filter((whole) => value === undefined || nameOf(whole) !== nameOf(value));
  const none: LevelDraft = { label: 'none', absent: true };
  const first: LevelDraft = value === undefined ? none : { label: nameOf(value), value };
  const rest = others.map((whole): LevelDraft => ({ label: nameOf(whole), value: whole }));
  return [first, ...(rest.length === 0 ? [none] : rest)];
}

export type Choice = 'none' | 'unchanged' | `is ${string}`;

/** What a level is, as it is chosen. */
export function choiceOf(level: LevelDraft): Choice {
  const whole = wholeIn(level);
  if (whole !== undefined) return `is ${wordOf(whole) ?? ''}`;
  return typeof level === 'object' && 'absent' in level ? 'none' : 'unchanged';
}

/** Kinds that may be chosen at a place, with what they are called. */
export function choicesAt({ schema, optional }: Place): { choice: Choice; title: string }[] {
  const kinds = variantsOf(schema).options.map(({ value }) => ({ choice: `is ${value}` as const, title: value }));
  return [
    ...(kinds.length === 0 ? [{ choice: 'is ' as const, title: 'with' }] : kinds),
    ...(optional ? [{ choice: 'none' as const, title: 'none' }] : []),
    { choice: 'unchanged', title: 'as in the scenario' },
  ];
}

/** A level made another one. A name that was that of its kind becomes that of the new one; fields that both kinds have stay. */
export function chosen(level: LevelDraft, choice: Choice, { schema }: Place): LevelDraft {
  const before = choiceOf(level);
  const label = typeof level === 'object' ? level.label : String(level);
  const isOwn = label !== undefined && label !== nameOfChoice(before);
  const named = { label: isOwn ? label : nameOfChoice(choice) };
  if (choice === 'none') return { ...named, absent: true };
  if (choice === 'unchanged') return { ...named, unchanged: true };
  const variant = variantsOf(schema).options.find(({ value }) => value === choice.slice(3))?.schema ?? schema;
  return { ...named, value: startOf(variant as z.ZodObject, wholeIn(level) ?? {}) };
}

function nameOfChoice(choice: Choice): string {
  if (choice === 'none' || choice === 'unchanged') return choice;
  return choice === 'is ' ? 'with' : choice.slice(3);
}

/** One level more: like the last one, with a name of its own. */
export function oneMore(levels: readonly LevelDraft[], labels: readonly string[]): LevelDraft[] {
  const last = levels.at(-1);
  if (last === undefined) return [];
  const base = labels.at(-1)!.replace(/ \d+$/, '');
  let number = 2;
  while (labels.includes(`${base} ${String(number)}`)) number += 1;
  const copy = typeof last === 'object' ? last : { value: last };
  return [...levels, { ...copy, label: `${base} ${String(number)}` }];
}
