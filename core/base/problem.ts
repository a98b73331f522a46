// What is wrong with something a person gave us, as data: collected, returned beside the value, never thrown.

/** One problem of an input: where it is, what was found, and what would be right. */
export interface Problem {
  /** File name or `-` for standard input; empty when the input has no file. */
  readonly file: string;
  /** JSON pointer (RFC 6901) to the place; empty for the document as a whole. */
  readonly pointer: string;
  /** What is wrong, one sentence without a full stop. */
  readonly message: string;
  /** What would be right: an example or the nearest valid name. */
  readonly suggestion?: string | undefined;
}

/** A value that may come with problems. `value` is absent exactly when a problem makes it unusable. */
export type Checked<T> =
  | { readonly ok: true; readonly value: T; readonly problems: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** `file: pointer: message; suggestion` on one line, as every command prints it. */
export function formatProblem(problem: Problem): string {
  const place = [problem.file, problem.pointer].filter((part) => part !== '').join(': ');
  const head = place === '' ? problem.message : `${place}: ${problem.message}`;
  return problem.suggestion === undefined ? head : `${head}; ${problem.suggestion}`;
}
