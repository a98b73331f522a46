// What may follow where the caret stands in a filter.

import { tokensOf } from './filter-parse';
import { type Field, type FieldName, FIELDS, type Names, namesOf, WORDS } from './filter-words';

export interface Proposal {
  readonly text: string;
  readonly help: string;
}

export interface Completion {
  /** The part of the text that a proposal takes the place of. */
  readonly from: number;
  readonly to: number;
  readonly proposals: readonly Proposal[];
}

const PROPOSALS_MAX = 12;

export function complete(text: string, caret: number, names: Names): Completion {
  const tokens = tokensOf(text.slice(0, caret));
  const last = tokens.at(-1);
  const isTyping = last?.kind === 'word' && last.at + last.text.length === caret;
  const before = isTyping ? tokens.slice(0, -1) : tokens;
  const typed = isTyping ? last.text.toLowerCase() : '';
  const from = isTyping ? last.at : caret;
  const proposals = following(before.at(-1)?.text.toLowerCase(), before.at(-2)?.text.toLowerCase(), names);
  const fitting = proposals.filter(
    (one) => one.text.toLowerCase().startsWith(typed) && one.text.toLowerCase() !== typed,
  );
  return { from, to: caret, proposals: fitting.slice(0, PROPOSALS_MAX) };
}

function fieldOf(text: string | undefined): Field | undefined {
  return text !== undefined && Object.hasOwn(FIELDS, text) ? FIELDS[text as FieldName] : undefined;
}

const TERMS: readonly Proposal[] = [
  ...Object.entries(FIELDS).map(([text, { help }]) => ({ text, help })),
  ...Object.entries(WORDS)
    .filter(([text]) => !Object.hasOwn(FIELDS, text))
    .map(([text, help]) => ({ text, help })),
  { text: 'not', help: 'the opposite of what follows' },
];
const JOINERS: readonly Proposal[] = [
  { text: 'and', help: 'both must hold' },
  { text: 'or', help: 'one must hold' },
];

function following(before: string | undefined, earlier: string | undefined, names: Names): readonly Proposal[] {
  const isOperator = before !== undefined && /^[=!<>]+$/u.test(before);
  const field = fieldOf(isOperator ? earlier : before);
  if (before === undefined || ['and', 'or', 'not', '('].includes(before)) return TERMS;
  if (field !== undefined && (isOperator || !Object.hasOwn(WORDS, before))) {
    const values = field.list === undefined ? [] : [...new Set(namesOf(field.list, names))];
    const named = values.map((text) => ({ text: /[\s()"=!<>]/u.test(text) ? `"${text}"` : text, help: '' }));
    if (isOperator) return named;
    return field.list === undefined
      ? ['==', '>=', '<='].map((text) => ({ text, help: field.example }))
      : [{ text: '==', help: field.example }, ...named];
  }
  return JOINERS;
}
