// Lines with more samples than a drawing has columns: of each column only the first, smallest, largest and last sample need be drawn,
// and nobody sees a difference. What is no number, a time or a value, is a gap.

import type { SeriesData } from '../measure';

/** What draws a line. Indices are those of its samples. */
export interface ColumnPen {
  /** Samples of one column without a gap between them. */
  readonly column: (first: number, low: number, high: number, last: number) => void;
  /** Nothing is known from here on, until the next column. */
  readonly gap: (index: number) => void;
}

/**
 * Goes along the samples from `from` to before `to`, each once.
 * @param columnOf where a time is drawn, in whole columns; what is no finite number is not drawn
 */
export function alongColumns(
  { times, values }: SeriesData,
  { from, to }: { readonly from: number; readonly to: number },
  columnOf: (time: number) => number,
  pen: ColumnPen,
): void {
  for (let first = from; first < to;) {
    const column = columnOf(times[first]!);
    if (!Number.isFinite(column) || !Number.isFinite(values[first]!)) {
      pen.gap(first);
      first += 1;
      continue;
    }
    let low = first;
    let high = first;
    let end = first + 1;
    while (end < to && Number.isFinite(values[end]!) && columnOf(times[end]!) === column) {
      if (values[end]! < values[low]!) low = end;
      if (values[end]! > values[high]!) high = end;
      end += 1;
    }
    pen.column(first, low, high, end - 1);
    first = end;
  }
}

/** Sample of a line that is first at or after a time. */
export function firstFrom({ times, length }: SeriesData, ns: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! < ns) low = middle + 1;
    else high = middle;
  }
  return low;
}
