// Packet filters as text (docs/packets.md): terms joined by `and`, `or`, `not` and parentheses. A problem says where it is, what is
// wrong, and what would be right.

import { nearest, parseQuantity } from '../../../core/scenario';
import {
  type Field,
  type FieldName,
  FIELDS,
  type NameList,
  type Names,
  namesOf,
  WORD_ALIASES,
  type WordName,
  WORDS,
} from './filter-words';

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';

export type Filter =
  | { readonly type: 'all' }
  | { readonly type: 'and' | 'or'; readonly left: Filter; readonly right: Filter }
  | { readonly type: 'not'; readonly of: Filter }
  | { readonly type: 'word'; readonly word: WordName }
  /** A field's name is one of a list's, given by its places there. */
  | { readonly type: 'name'; readonly field: FieldName; readonly list: NameList; readonly places: ReadonlySet<number> }
  | { readonly type: 'number'; readonly field: FieldName; readonly is: Comparison; readonly value: number }
  /** Both ends belong to it. */
  | { readonly type: 'range'; readonly field: FieldName; readonly from: number; readonly to: number };

export interface FilterProblem {
  /** Where in the text, from 0. */
  readonly at: number;
  readonly length: number;
  readonly message: string;
  readonly example: string;
}

export type ParsedFilter =
  { readonly ok: true; readonly filter: Filter } | { readonly ok: false; readonly problem: FilterProblem };

export interface Token {
  readonly text: string;
  readonly at: number;
  readonly kind: 'word' | 'quoted' | 'operator' | 'open' | 'close' | 'bad';
}

const TOKEN = /\s*(?:(\()|(\))|(==|!=|<=|>=|<|>|=)|"([^"]*)"|([^\s()"=!<>]+)|(\S))/gu;

export function tokensOf(text: string): Token[] {
  return [...text.matchAll(TOKEN)].map((match) => {
    const [all, open, close, operator, quoted, word, bad] = match;
    const at = match.index + all.length - all.trimStart().length;
    if (open !== undefined) return { text: '(', at, kind: 'open' };
    if (close !== undefined) return { text: ')', at, kind: 'close' };
    if (operator !== undefined) return { text: operator, at, kind: 'operator' };
    if (quoted !== undefined) return { text: quoted, at, kind: 'quoted' };
    return word === undefined ? { text: bad ?? '', at, kind: 'bad' } : { text: word, at, kind: 'word' };
  });
}

/** Carries a problem out of the parser; never leaves this file. */
class Stop extends Error {
  constructor(readonly problem: FilterProblem) {
    super(problem.message);
  }
}

export function parseFilter(text: string, names: Names): ParsedFilter {
  if (text.trim() === '') return { ok: true, filter: { type: 'all' } };
  try {
    return { ok: true, filter: new Parser(text, names).whole() };
  } catch (error) {
    if (error instanceof Stop) return { ok: false, problem: error.problem };
    throw error;
  }
}

const isField = (text: string): text is FieldName => Object.hasOwn(FIELDS, text);
const JOINERS: readonly string[] = ['and', 'or', 'not'];

class Parser {
  private readonly tokens: readonly Token[];
  private next = 0;

  constructor(
    private readonly text: string,
    private readonly names: Names,
  ) {
    this.tokens = tokensOf(text);
  }

  whole(): Filter {
    const filter = this.either();
    const token = this.tokens[this.next];
    if (token === undefined) return filter;
    if (token.kind === 'close') this.fail(token, '“)” has no “(” before it', '(syn or fin) and flow == f1');
    return this.fail(token, `“and” or “or” is missing before “${token.text}”`, `drop and ${token.text}`);
  }

  private either(): Filter {
    let left = this.both();
    while (this.takes('or')) left = { type: 'or', left, right: this.both() };
    return left;
  }

  private both(): Filter {
    let left = this.single();
    while (this.takes('and')) left = { type: 'and', left, right: this.single() };
    return left;
  }

  private single(): Filter {
    if (this.takes('not')) return { type: 'not', of: this.single() };
    const token = this.take('a term is missing here', 'flow == f1 and retransmit');
    if (token.kind === 'open') {
      const inner = this.either();
      const close = this.tokens[this.next];
      if (close?.kind !== 'close')
        this.fail(
          close ?? token,
          close === undefined ? '“(” is never closed' : `“)” is missing before “${close.text}”`,
          '(syn or fin) and flow == f1',
        );
      this.next += 1;
      return inner;
    }
    if (token.kind !== 'word') this.fail(token, `“${token.text}” cannot begin a term`, 'seq >= 10000');
    if (JOINERS.includes(token.text))
      this.fail(token, `a term is missing before “${token.text}”`, `drop ${token.text} retransmit`);
    return this.term(token);
  }

  private term(token: Token): Filter {
    const name = token.text.toLowerCase();
    const word = WORD_ALIASES[name] ?? name;
    const isWord = Object.hasOwn(WORDS, word);
    if (isField(name) && (!isWord || this.isCompared())) return this.comparison(name, token);
    if (isWord) return { type: 'word', word: word as WordName };
    const known = [...Object.keys(FIELDS), ...Object.keys(WORDS)];
    const near = known.find((one) => one.startsWith(name)) ?? nearest(name, known);
    return this.fail(
      token,
      `“${token.text}” is neither a field nor a word`,
      near === undefined
        ? `flow, src, dst, host, link, reason, time, seq, ack, length, drop, retransmit`
        : isField(near)
          ? FIELDS[near].example
          : near,
    );
  }

  /** Whether what follows makes a comparison of a name that is a word, too (`ack`). */
  private isCompared(): boolean {
    const token = this.tokens[this.next];
    return token !== undefined && (token.kind === 'operator' || (token.kind === 'word' && /^[\d.]/u.test(token.text)));
  }

  private comparison(name: FieldName, at: Token): Filter {
    const field: Field = FIELDS[name];
    const following = this.tokens[this.next];
    const hasOperator = following?.kind === 'operator';
    if (hasOperator) this.next += 1;
    const is = hasOperator ? (following.text === '=' ? '==' : (following.text as Comparison)) : '==';
    const value = this.tokens[this.next];
    if (value === undefined || (value.kind !== 'word' && value.kind !== 'quoted') || JOINERS.includes(value.text))
      this.fail(value ?? following ?? at, `“${name}” needs something to compare with`, field.example);
    this.next += 1;
    if (field.list !== undefined) return this.named(name, field.list, is, value, following!);
    if (value.text.includes('..')) {
      if (hasOperator && is !== '==') this.fail(following, `a range follows “${name}” directly`, field.example);
      return this.range(name, field, value);
    }
    return { type: 'number', field: name, is, value: this.number(field, value.text, value) };
  }

  private named(field: FieldName, list: NameList, is: Comparison, value: Token, operator: Token): Filter {
    if (is !== '==' && is !== '!=')
      this.fail(operator, `names are equal or not; “${is}” is for numbers`, FIELDS[field].example);
    const known = namesOf(list, this.names);
    const matches = matcher(value);
    const places = new Set(known.flatMap((name, place) => (matches(name) ? [place] : [])));
    if (places.size === 0) {
      const near = nearest(value.text, known);
      const some = [...new Set(known)].slice(0, 6).join(', ');
      this.fail(
        value,
        `there is no ${field === 'host' || field === 'src' || field === 'dst' ? 'node' : field} “${value.text}” in this run`,
        near === undefined ? `one of ${some === '' ? '(none yet)' : some}` : `${field} == ${near}`,
      );
    }
    const found: Filter = { type: 'name', field, list, places };
    return is === '!=' ? { type: 'not', of: found } : found;
  }

  private range(name: FieldName, field: Field, value: Token): Filter {
    const [first = '', last = ''] = value.text.split('..');
    if (first === '' && last === '') this.fail(value, 'a range needs a beginning or an end', field.example);
    const from = first === '' ? -Infinity : this.number(field, first, value);
    const to = last === '' ? Infinity : this.number(field, last, value);
    if (from > to) this.fail(value, `the range ends before it begins`, `${name} ${last}..${first}`);
    return { type: 'range', field: name, from, to };
  }

  private number(field: Field, text: string, token: Token): number {
    if (field.kind === 'time') {
      if (/^\d+$/u.test(text)) this.fail(token, `“${text}” has no unit: ns, us, ms or s`, field.example);
      const parsed = parseQuantity('duration', text);
      return parsed.ok ? parsed.value : this.fail(token, parsed.error, field.example);
    }
    const plain = /^\d+$/u.test(text) ? Number(text) : undefined;
    if (plain !== undefined) return plain;
    const parsed = field.kind === 'bytes' ? parseQuantity('bytes', text) : undefined;
    if (parsed?.ok === true) return parsed.value;
    return this.fail(
      token,
      /^\d/u.test(text) && parsed !== undefined
        ? parsed.error
        : `“${text}” is not a ${field.kind === 'bytes' ? 'number of bytes' : 'whole number'}`,
      field.example,
    );
  }

  private takes(word: string): boolean {
    const token = this.tokens[this.next];
    if (token?.kind !== 'word' || token.text.toLowerCase() !== word) return false;
    this.next += 1;
    return true;
  }

  private take(missing: string, example: string): Token {
    const token = this.tokens[this.next];
    if (token === undefined) this.fail({ text: '', at: this.text.trimEnd().length, kind: 'bad' }, missing, example);
    this.next += 1;
    return token;
  }

  private fail(token: Token, message: string, example: string): never {
    throw new Stop({ at: token.at, length: Math.max(1, token.text.length), message, example });
  }
}

/** Names that a value stands for: itself, whatever case, or with `*` for anything; in quotes exactly itself. */
function matcher({ text, kind }: Token): (name: string) => boolean {
  if (kind === 'quoted') return (name) => name === text;
  const lower = text.toLowerCase();
  if (!lower.includes('*')) return (name) => name.toLowerCase() === lower;
  const parts = lower.split('*').map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/gu, '\\$&'));
  const pattern = new RegExp(`^${parts.join('.*')}$`, 'u');
  return (name) => pattern.test(name.toLowerCase());
}
