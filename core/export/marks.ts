// What stands at single samples of a figure: markers that are told apart by shape, and what a value may be, as a band along a line or as
// whiskers at its points.

/** Lowest and highest value at each sample of a line; NaN, both of them, where there is none. */
export interface FigureRange {
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly as: 'band' | 'whiskers' | 'boxes';
  /** Of boxes: their hinges; the values of the line are the medians. */
  readonly lower?: Float64Array;
  readonly upper?: Float64Array;
  /** Of boxes: how wide they are, in units of what runs to the right. */
  readonly width?: number;
}

/** What a box plot is drawn from, in points of the drawing. */
export interface DrawnBox {
  readonly x: number;
  readonly half: number;
  readonly median: number;
  readonly lower: number;
  readonly upper: number;
}

export interface FigureMarker {
  /** Place among the shapes. */
  readonly kind: number;
  /** For what was not measured here. */
  readonly hollow: boolean;
}

type Place = readonly [x: number, y: number];

const BAND_OPACITY = 0.13;
/** Half a marker's and half a whisker's width, in widths of a line. */
const MARKER_WIDTHS = 2;
/** A ring around what was measured at the same place. */
const HOLLOW_WIDTHS = 3.4;
const WHISKER_WIDTHS = 2.2;

function n(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** Corners on a circle of radius 1; a circle itself has none. */
const SHAPES: readonly (readonly Place[])[] = [
  [],
  [
    [-0.85, -0.85],
    [0.85, -0.85],
    [0.85, 0.85],
    [-0.85, 0.85],
  ],
  [
    [0, -1.15],
    [1.05, 0.75],
    [-1.05, 0.75],
  ],
  [
    [0, -1.2],
    [1.2, 0],
    [0, 1.2],
    [-1.2, 0],
  ],
  [
    [-1.05, -0.75],
    [1.05, -0.75],
    [0, 1.15],
  ],
];

function outline(kind: number, [x, y]: Place, radius: number): string {
  const corners = SHAPES[kind % SHAPES.length]!;
  if (corners.length === 0) {
    const r = n(radius);
    return `M${n(x - radius)} ${n(y)}a${r} ${r} 0 1 0 ${n(2 * radius)} 0a${r} ${r} 0 1 0 ${n(-2 * radius)} 0Z`;
  }
  return `M${corners.map(([dx, dy]) => `${n(x + dx * radius)} ${n(y + dy * radius)}`).join('L')}Z`;
}

/** Markers at these places, as one path. */
export function drawMarkers(marker: FigureMarker, places: readonly Place[], colour: string, linePt: number): string {
  if (places.length === 0) return '';
  const d = places
    .map((place) => outline(marker.kind, place, linePt * (marker.hollow ? HOLLOW_WIDTHS : MARKER_WIDTHS)))
    .join('');
  const fill = marker.hollow ? '#ffffff' : colour;
  return `<path d="${d}" fill="${fill}" stroke="${colour}" stroke-width="${n(linePt * 0.8)}"/>`;
}

/** Boxes from hinge to hinge with a heavy line at the median; whiskers are drawn before, and end behind them. */
export function drawBoxes(boxes: readonly DrawnBox[], colour: string, linePt: number): string[] {
  if (boxes.length === 0) return [];
  const outlines = boxes.map(
    ({ x, half, lower, upper }) => `M${n(x - half)} ${n(lower)}H${n(x + half)}V${n(upper)}H${n(x - half)}Z`,
  );
  const medians = boxes.map(({ x, half, median }) => `M${n(x - half)} ${n(median)}h${n(2 * half)}`);
  return [
    `<path d="${outlines.join('')}" fill="#ffffff" stroke="${colour}" stroke-width="${n(linePt * 0.8)}"/>`,
    `<path d="${medians.join('')}" fill="none" stroke="${colour}" stroke-width="${n(linePt * 1.8)}"/>`,
  ];
}

/** @param lows and highs of the same places, from left to right */
export function drawRange(
  kind: FigureRange['as'],
  lows: readonly Place[],
  highs: readonly Place[],
  colour: string,
  linePt: number,
): string {
  if (lows.length === 0) return '';
  if (kind === 'band' && lows.length > 1) {
    const around = [...highs, ...[...lows].reverse()];
    const d = `M${around.map(([x, y]) => `${n(x)} ${n(y)}`).join('L')}Z`;
    return `<path d="${d}" fill="${colour}" fill-opacity="${String(BAND_OPACITY)}" stroke="none"/>`;
  }
  const half = linePt * WHISKER_WIDTHS;
  const d = lows
    .map(([x, low], index) => {
      const high = highs[index]![1];
      const caps = `M${n(x - half)} ${n(low)}h${n(2 * half)}M${n(x - half)} ${n(high)}h${n(2 * half)}`;
      return `M${n(x)} ${n(low)}V${n(high)}${caps}`;
    })
    .join('');
  return `<path d="${d}" fill="none" stroke="${colour}" stroke-opacity="0.7" stroke-width="${n(linePt * 0.7)}"/>`;
}
