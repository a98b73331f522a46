// A curve that somebody draws: a height in each column of the picture, those between two touches of the pointer filled in; or points a
// twelfth of the width apart that keys move.

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

/** Columns of the points that keys move: from one end to the other. */
export const POINT_COLUMNS: readonly number[] = Array.from({ length: 13 }, (_, point) => (point * COLUMNS) / 12);
const APART = COLUMNS / 12;
const STEP = 0.02;
const LEAP = 0.1;
/** Where a point stands before anything is drawn. */
const MIDDLE = 0.5;

/** Where a point stands: on the curve, else at the height of what is drawn nearest to it. */
export function pointHeight(heights: Heights, column: number): number {
  for (let away = 0; away <= COLUMNS; away += 1) {
    const height = heights[column - away] ?? heights[column + away];
    if (height !== undefined) return height;
  }
  return MIDDLE;
}

/** With a point set to a height; straight to what is drawn on either side of it, beyond the next points. */
export function withPoint(heights: Heights, column: number, height: number): Heights {
  const here = { x: column / COLUMNS, y: height };
  const toward = (by: -1 | 1): { x: number; y: number } => {
    for (let other = column + by * APART; other >= 0 && other <= COLUMNS; other += by) {
      const y = heights[other];
      if (y !== undefined) return { x: other / COLUMNS, y };
    }
    return here;
  };
  return withStroke(withStroke(heights, toward(-1), here), here, toward(1));
}

/** The height that a key gives to a point; undefined for keys that are none of its. Enter keeps it where it stands. */
export function heightByKey(key: string, far: boolean, height: number): number | undefined {
  const step = far ? LEAP : STEP;
  const heights: Readonly<Record<string, number>> = {
    ArrowUp: height + step,
    ArrowDown: height - step,
    PageUp: height + LEAP,
    PageDown: height - LEAP,
    Home: 0,
    End: 1,
    Enter: height,
    ' ': height,
  };
  const next = heights[key];
  return next === undefined ? undefined : inside(next);
}
