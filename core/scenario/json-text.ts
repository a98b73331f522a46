// JSON text to a value, with problems that say line and column, and duplicate keys reported.

import { parse, type ParseError, printParseErrorCode, visit } from 'jsonc-parser';
import type { Problem } from '../base';

const STRICT = { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false };

/** Longest text that is read; larger files are refused by their size before they are read. */
export const SCENARIO_BYTES_MAX = 64 * 1024 * 1024;
const PROBLEMS_MAX = 20;

const WHAT_IS_WRONG: Readonly<Record<string, string>> = {
  InvalidSymbol: 'this word means nothing in JSON',
  InvalidNumberFormat: 'this is not a number',
  PropertyNameExpected: 'a key in double quotes is expected here',
  ValueExpected: 'a value is expected here',
  ColonExpected: 'a colon is expected here',
  CommaExpected: 'a comma is expected here',
  CloseBraceExpected: 'a closing brace "}" is missing',
  CloseBracketExpected: 'a closing bracket "]" is missing',
  EndOfFileExpected: 'the document has ended before this',
  InvalidCommentToken: 'JSON has no comments',
  UnexpectedEndOfString: 'a string is not closed',
  InvalidCharacter: 'this character cannot stand in JSON',
  InvalidEscapeCharacter: 'this is not an escape; write \\\\ for a backslash',
};

/** The problem of a file that is too large to read. */
export function tooLarge(file: string, bytes: number): Problem {
  const mib = (size: number): string => `${String(Math.round(size / 1024 / 1024))} MiB`;
  return {
    file,
    pointer: '',
    message: `the file has ${mib(bytes)}; a scenario has at most ${mib(SCENARIO_BYTES_MAX)}`,
    suggestion: 'was another file meant?',
  };
}

/** The value, or what is wrong with the text. */
export function readJson(input: string, file: string): { value?: unknown; problems: Problem[] } {
  if (input.length > SCENARIO_BYTES_MAX) return { problems: [tooLarge(file, input.length)] };
  const text = input.startsWith('\ufeff') ? input.slice(1) : input;
  if (text.includes('\u0000') || text.includes('\ufffd')) {
    return {
      problems: [{ file, pointer: '', message: 'this is not a text file', suggestion: 'a scenario is JSON in UTF-8' }],
    };
  }
  if (text.trim() === '') {
    return {
      problems: [{ file, pointer: '', message: 'the file is empty', suggestion: 'a scenario is a JSON document' }],
    };
  }
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, STRICT);
  if (errors.length > 0)
    return { problems: errors.slice(0, PROBLEMS_MAX).map((error) => syntaxProblem(error, text, file)) };
  return { value, problems: duplicateKeys(text, file) };
}

function syntaxProblem(error: ParseError, text: string, file: string): Problem {
  const before = text.slice(0, error.offset);
  const line = before.split('\n').length;
  const column = error.offset - (before.lastIndexOf('\n') + 1) + 1;
  const excerpt = (text.split('\n')[line - 1] ?? '').slice(Math.max(0, column - 30), column + 30).trim();
  const what = WHAT_IS_WRONG[printParseErrorCode(error.error)] ?? 'the text is not JSON';
  return {
    file,
    pointer: '',
    message: `line ${String(line)}, column ${String(column)}: ${what}`,
    suggestion: `near: ${excerpt}`,
  };
}

function duplicateKeys(text: string, file: string): Problem[] {
  const problems: Problem[] = [];
  const seen: Set<string>[] = [];
  visit(
    text,
    {
      onObjectBegin: () => {
        seen.push(new Set());
      },
      onObjectEnd: () => {
        seen.pop();
      },
      onObjectProperty: (key, _offset, _length, line, _column, pathSupplier) => {
        const keys = seen[seen.length - 1];
        if (keys === undefined) return;
        if (keys.has(key) && problems.length < PROBLEMS_MAX) {
          problems.push({
            file,
            pointer: pointerOf([...pathSupplier(), key]),
            message: `the key "${key}" stands twice in one object (again in line ${String(line + 1)})`,
            suggestion: 'keep one of them',
          });
        }
        keys.add(key);
      },
    },
    STRICT,
  );
  return problems;
}

/** JSON pointer of a path (RFC 6901). */
export function pointerOf(path: readonly (string | number | symbol)[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** Parts of a JSON pointer; undefined if it does not begin with a slash. */
export function pathOf(pointer: string): string[] | undefined {
  if (pointer === '') return [];
  if (!pointer.startsWith('/')) return undefined;
  return pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}
