// A place in a script's text, and the small steps over it. Comments are gone already (see preprocess.ts).

import { ScriptError } from './script';

export class Scanner {
  private at = 0;
  private lineStarts: readonly number[];

  constructor(readonly text: string) {
    const starts = [0];
    for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
    this.lineStarts = starts;
  }

  /** Line of the present place, from 1. */
  get line(): number {
    let low = 0;
    let high = this.lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.lineStarts[middle]! <= this.at) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }

  skipSpace(): void {
    while (this.at < this.text.length && /\s/u.test(this.text[this.at]!)) this.at += 1;
  }

  atEnd(): boolean {
    this.skipSpace();
    return this.at >= this.text.length;
  }

  /** Whether `word` stands next, after space. */
  peeks(word: string): boolean {
    this.skipSpace();
    return this.text.startsWith(word, this.at);
  }

  /** Takes `word` if it stands next. */
  takes(word: string): boolean {
    if (!this.peeks(word)) return false;
    this.at += word.length;
    return true;
  }

  /** Takes what a sticky pattern matches, after space. */
  match(pattern: RegExp): RegExpExecArray | undefined {
    this.skipSpace();
    return this.matchHere(pattern);
  }

  /** Takes what a sticky pattern matches right here. */
  matchHere(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found === null) return undefined;
    this.at += found[0].length;
    return found;
  }

  expect(word: string, example: string): void {
    if (!this.takes(word)) throw this.error(`expected ${word}`, example);
  }

  /** Everything up to `end`, which is taken too. */
  until(end: string, what: string): string {
    const stop = this.text.indexOf(end, this.at);
    if (stop < 0) throw this.error(`${what} has no end`, end);
    const found = this.text.slice(this.at, stop);
    this.at = stop + end.length;
    return found;
  }

  error(problem: string, example: string): ScriptError {
    const rest = this.text.slice(this.at).split('\n', 1)[0]!.trim();
    const shown = rest.slice(0, 60).replaceAll(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '.');
    const found = rest === '' ? 'the end of the line' : `"${shown}"`;
    return new ScriptError(this.line, `syntax error: ${problem}, found ${found}; for example: ${example}`, 'syntax');
  }
}
