// How commands speak: results on stdout, everything else on stderr, exit codes of product.md §3.2.

export const ExitCode = { done: 0, failed: 1, badInput: 2, checkFailed: 3 } as const;

/** One JSON document on stdout, and nothing else there. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
}

export function printLine(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Rows as lines whose columns stand below each other. */
export function inColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** Prints rows in columns. */
export function printTable(rows: readonly (readonly string[])[]): void {
  for (const line of inColumns(rows)) printLine(line);
}

/**
 * Prints rows in columns; on a terminal that is too narrow in several tables, each of which begins with the same columns.
 * @param kept how many those are
 */
export function printWideTable(rows: readonly (readonly string[])[], kept: number): void {
  const { isTTY, columns } = process.stdout;
  for (const places of columnGroups(rows, kept, isTTY ? columns || 80 : Infinity))
    printTable(rows.map((row) => places.map((place) => row[place] ?? '')));
}

/** Which columns stand in which table; each has at least one that is not kept. */
export function columnGroups(rows: readonly (readonly string[])[], kept: number, width: number): number[][] {
  const widths = (rows[0] ?? []).map((_, column) => 2 + Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const first = Array.from({ length: kept }, (_, column) => column);
  const keptWidth = first.reduce((sum, column) => sum + widths[column]!, -2);
  const groups: number[][] = [];
  let room = 0;
  for (let column = kept; column < widths.length; column += 1) {
    if (groups.length === 0 || widths[column]! > room) {
      groups.push([...first]);
      room = width - keptWidth;
    }
    groups[groups.length - 1]!.push(column);
    room -= widths[column]!;
  }
  return groups;
}
