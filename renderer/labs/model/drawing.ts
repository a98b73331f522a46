// A curve that somebody draws with the pointer: a height in each column of the picture, those between two touches filled in.

export const COLUMNS = 120;

export type Heights = readonly (number | undefined)[];

export const NOTHING_DRAWN: Heights = Array.from({ length: COLUMNS + 1 }, () => undefined);

/** With a stroke from one place to another; places are shares of width and height. */
export function withStroke(
  heights: Heights,
  from: { readonly x: number; readonly y: number },
  to: { readonly x: number; readonly y: number },
): Heights {
  const next = [...heights];
  const [left, right] = from.x <= to.x ? [from, to] : [to, from];
  const first = Math.round(inside(left.x) * COLUMNS);
  const last = Math.round(inside(right.x) * COLUMNS);
  for (let column = first; column <= last; column += 1) {
    const share = last === first ? 1 : (column - first) / (last - first);
    const height = last === first ? to.y : left.y + share * (right.y - left.y);
    next[column] = inside(height);
  }
  return next;
}

function inside(share: number): number {
  return Math.min(1, Math.max(0, share));
}

/** Columns that have a height, with it; shares of width and height. */
export function drawnPlaces(heights: Heights): { x: number; y: number }[] {
  return heights.flatMap((height, column) => (height === undefined ? [] : [{ x: column / COLUMNS, y: height }]));
}

/** Whether the curve goes from one end to the other, nearly. */
export function isWhole(heights: Heights): boolean {
  const drawn = drawnPlaces(heights);
  return drawn.length >= 2 && drawn[0]!.x <= 0.05 && drawn.at(-1)!.x >= 0.95;
}
