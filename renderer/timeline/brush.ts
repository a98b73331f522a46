// What all that draws on the timeline is given.

export interface TimelineView {
  readonly fromNs: number;
  readonly toNs: number;
  readonly width: number;
  readonly selected: number | undefined;
  readonly measure: { readonly fromNs: number; readonly toNs: number } | undefined;
  /** Threads whose slices stand out, by number; undefined for all. */
  readonly found: ReadonlySet<number> | undefined;
  readonly dark: boolean;
}

export interface TimelineColours {
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly surface: string;
  readonly stripe: string;
  readonly accent: string;
  readonly danger: string;
  readonly handler: string;
}

/** What is drawn on, and where times stand on it. */
export interface Brush {
  readonly context: CanvasRenderingContext2D;
  readonly colours: TimelineColours;
  readonly toX: (ns: number) => number;
}

export function line(context: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
}
