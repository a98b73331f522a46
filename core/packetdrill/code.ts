// The Python sections of scripts, `%{ assert tcpi_snd_cwnd == 10, tcpi_snd_cwnd }%`: assertions and prints over tcp_info.
// A small expression language is all that the public suites use; anything else is reported as unsupported.

import { ScriptError } from './script';

export type CodeValue = number | string | boolean | readonly CodeValue[];

/** Names that a section may use; undefined for a name that does not exist here. */
export type CodeNames = (name: string) => CodeValue | undefined;

interface Token {
  readonly kind: 'number' | 'text' | 'name' | 'sign' | 'end';
  readonly text: string;
  readonly line: number;
}

const TOKEN =
  /[^\S\n]*(?:#[^\n]*)?(?:(0x[\da-fA-F]+|\d+(?:\.\d+)?(?:e-?\d+)?)|("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|([A-Za-z_]\w*)|(\/\/|\*\*|<<|>>|[=!<>]=|[-+*/%()[\],<>|&~^=;:.])|(\n))/uy;

/** Binary operators from weakest to strongest; comparisons chain and are handled apart. */
const LEVELS: readonly (readonly string[])[] = [['|'], ['^'], ['&'], ['<<', '>>'], ['+', '-'], ['*', '/', '//', '%']];
const COMPARISONS = new Set(['==', '!=', '<', '>', '<=', '>=']);

/**
 * Runs a section.
 * @param line where the section begins
 * @returns what it printed
 * @throws ScriptError when an assertion does not hold or something is not understood
 */
export function runCode(text: string, line: number, names: CodeNames): readonly string[] {
  return new CodeRunner(tokenize(text, line), names).run();
}

function tokenize(text: string, line: number): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let here = line;
  let depth = 0;
  const source = `${text.replaceAll('\\\n', ' \n')}\n`;
  while (at < source.length) {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(source);
    if (found === null)
      throw new ScriptError(here, `Python not understood: ${source.slice(at).trim().slice(0, 40)}`, 'unsupported');
    at += found[0].length;
    const [, number, quoted, name, sign, newline] = found;
    if (newline !== undefined) {
      if (depth === 0) tokens.push({ kind: 'end', text: '', line: here });
      here += 1;
    } else if (number !== undefined) tokens.push({ kind: 'number', text: number, line: here });
    else if (quoted !== undefined) tokens.push({ kind: 'text', text: quoted.slice(1, -1), line: here });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name, line: here });
    else {
      if (sign === '(' || sign === '[') depth += 1;
      if (sign === ')' || sign === ']') depth -= 1;
      tokens.push({ kind: sign === ';' ? 'end' : 'sign', text: sign!, line: here });
    }
  }
  tokens.push({ kind: 'end', text: '', line: here });
  return tokens;
}

class CodeRunner {
  private at = 0;
  private readonly printed: string[] = [];
  private readonly assigned = new Map<string, CodeValue>();

  constructor(
    private readonly tokens: readonly Token[],
    private readonly names: CodeNames,
  ) {}

  run(): readonly string[] {
    while (this.at < this.tokens.length) this.statement();
    return this.printed;
  }

  private get token(): Token {
    return this.tokens[Math.min(this.at, this.tokens.length - 1)]!;
  }

  private takes(text: string): boolean {
    const { token } = this;
    if (token.kind === 'text' || token.kind === 'end' || token.text !== text) return false;
    this.at += 1;
    return true;
  }

  private statement(): void {
    const first = this.token;
    if (first.kind === 'end') {
      this.at += 1;
      return;
    }
    if (this.takes('assert')) this.assertion(first);
    else if (this.takes('print')) this.printed.push(show(this.tuple()));
    else if (this.takes('import') || this.takes('from')) this.skipStatement();
    else if (this.takes('pass')) return;
    else if (first.kind === 'name' && this.tokens[this.at + 1]?.text === '=') {
      this.at += 2;
      this.assigned.set(first.text, this.expression());
    } else this.tuple();
    if (this.token.kind !== 'end')
      throw new ScriptError(this.token.line, `Python not understood: "${this.token.text}"`, 'unsupported');
  }

  private skipStatement(): void {
    while (this.token.kind !== 'end') this.at += 1;
  }

  private assertion(word: Token): void {
    const from = this.at;
    const holds = this.expression();
    const until = this.at;
    const told = this.takes(',') ? `: ${show(this.expression())}` : '';
    if (truth(holds)) return;
    throw new ScriptError(
      word.line,
      `assertion does not hold: ${this.source(from, until)}${told}${this.values(from, until)}`,
    );
  }

  private source(from: number, until: number): string {
    return this.tokens
      .slice(from, until)
      .map(({ text }) => text)
      .join(' ');
  }

  /** The names of a failed assertion and what they were. */
  private values(from: number, until: number): string {
    const used = new Set(this.tokens.slice(from, until).flatMap(({ kind, text }) => (kind === 'name' ? [text] : [])));
    const parts = [...used].flatMap((name) => {
      const value = this.assigned.get(name) ?? this.names(name);
      return value === undefined || !name.startsWith('tcpi_') ? [] : [`${name} is ${show(value)}`];
    });
    return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
  }

  private tuple(): CodeValue {
    if (this.token.kind === 'end') return '';
    const items = [this.expression()];
    while (this.takes(',')) items.push(this.expression());
    return items.length === 1 ? items[0]! : items;
  }

  private expression(): CodeValue {
    let value = this.conjunction();
    while (this.takes('or')) {
      const right = this.conjunction();
      value = truth(value) ? value : right;
    }
    return value;
  }

  private conjunction(): CodeValue {
    let value = this.negation();
    while (this.takes('and')) {
      const right = this.negation();
      value = truth(value) ? right : value;
    }
    return value;
  }

  private negation(): CodeValue {
    return this.takes('not') ? !truth(this.negation()) : this.comparison();
  }

  /** Comparisons chain: `1 < x < 3`. */
  private comparison(): CodeValue {
    let left = this.binary(0);
    let result: CodeValue | undefined;
    for (;;) {
      const { token } = this;
      const isIn = token.kind === 'name' && token.text === 'in';
      if (!isIn && !(token.kind === 'sign' && COMPARISONS.has(token.text))) return result ?? left;
      this.at += 1;
      const right = this.binary(0);
      const holds = isIn ? Array.isArray(right) && right.includes(left) : compare(token.text, left, right);
      result = holds && (result === undefined || truth(result));
      left = right;
    }
  }

  private binary(level: number): CodeValue {
    const signs = LEVELS[level];
    if (signs === undefined) return this.unary();
    let value = this.binary(level + 1);
    for (;;) {
      const { token } = this;
      if (token.kind !== 'sign' || !signs.includes(token.text)) return value;
      this.at += 1;
      value = arithmetic(token, value, this.binary(level + 1));
    }
  }

  private unary(): CodeValue {
    const { token } = this;
    if (this.takes('-')) return -toNumber(this.unary(), token.line);
    if (this.takes('+')) return this.unary();
    if (this.takes('~')) return ~toNumber(this.unary(), token.line);
    return this.primary();
  }

  private primary(): CodeValue {
    const { token } = this;
    this.at += 1;
    if (token.kind === 'number') return Number(token.text);
    if (token.kind === 'text') return token.text;
    if (token.kind === 'sign' && (token.text === '(' || token.text === '[')) return this.bracket(token.text);
    if (token.kind === 'name') return this.takes('(') ? this.call(token) : this.lookUp(token);
    throw new ScriptError(token.line, `Python not understood: "${token.text}"`, 'unsupported');
  }

  private bracket(open: string): CodeValue {
    const close = open === '(' ? ')' : ']';
    const items: CodeValue[] = [];
    let isTuple = open === '[';
    while (!this.takes(close)) {
      items.push(this.expression());
      if (this.takes(',')) isTuple = true;
    }
    return isTuple || items.length !== 1 ? items : items[0]!;
  }

  private call(name: Token): CodeValue {
    const args = this.arguments();
    const numbers = args.map((value) => toNumber(value, name.line));
    switch (name.text) {
      case 'abs':
        return Math.abs(numbers[0] ?? 0);
      case 'int':
        return Math.trunc(numbers[0] ?? 0);
      case 'min':
        return Math.min(...numbers);
      case 'max':
        return Math.max(...numbers);
      default:
        throw new ScriptError(name.line, `Python function ${name.text} is not understood`, 'unsupported');
    }
  }

  private arguments(): CodeValue[] {
    const args: CodeValue[] = [];
    while (!this.takes(')')) {
      args.push(this.expression());
      this.takes(',');
    }
    return args;
  }

  private lookUp({ text, line }: Token): CodeValue {
    if (text === 'True') return true;
    if (text === 'False') return false;
    const value = this.assigned.get(text) ?? this.names(text);
    if (value === undefined) throw new ScriptError(line, `${text} is not known here`, 'unsupported');
    return value;
  }
}

function compare(sign: string, left: CodeValue, right: CodeValue): boolean {
  const a = plain(left);
  const b = plain(right);
  switch (sign) {
    case '==':
      return a === b;
    case '!=':
      return a !== b;
    case '<':
      return a < b;
    case '>':
      return a > b;
    case '<=':
      return a <= b;
    default:
      return a >= b;
  }
}

function arithmetic({ text, line }: Token, left: CodeValue, right: CodeValue): CodeValue {
  if (text === '+' && typeof left === 'string') return left + show(right);
  if (text === '%' && typeof left === 'string') return `${left} ${show(right)}`;
  const a = toNumber(left, line);
  const b = toNumber(right, line);
  switch (text) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '//':
      return Math.floor(a / b);
    case '%':
      return a % b;
    case '<<':
      return a << b;
    case '>>':
      return a >> b;
    case '&':
      return a & b;
    case '^':
      return a ^ b;
    default:
      return a | b;
  }
}

function plain(value: CodeValue): number | string {
  return typeof value === 'object' ? value.map(show).join(',') : typeof value === 'boolean' ? Number(value) : value;
}

function toNumber(value: CodeValue, line: number): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return Number(value);
  throw new ScriptError(line, `Python: a number is needed, not ${show(value)}`, 'unsupported');
}

function truth(value: CodeValue): boolean {
  return typeof value === 'object' ? value.length > 0 : Boolean(value);
}

function show(value: CodeValue): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'object' ? value.map(show).join(' ') : String(value);
}
