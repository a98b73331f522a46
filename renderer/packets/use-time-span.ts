// The span of time that a picture shows, and the gestures that change it: the wheel and keys zoom, dragging moves, a click that was no
// drag is told. Which way time runs, and what was there before anybody moved, is the picture's.

import { ref, type Ref } from 'vue';

export interface Span {
  readonly fromNs: number;
  readonly toNs: number;
}

export interface TimeSpanSetting {
  /** What is shown before somebody moves. */
  readonly initial: () => Span;
  readonly minSpanNs: number;
  /** Where the pointer is along the axis of time, in pixels, and which share of the shown span lies before such a place. */
  readonly pixelOf: (event: MouseEvent) => number;
  readonly shareBefore: (pixel: number) => number;
  /** The pointer was pressed and released at one place. */
  readonly clicked: (event: MouseEvent) => void;
  /** Zooming out as far as the picture began goes back to that. */
  readonly endsAtInitial?: boolean;
}

export interface TimeSpan {
  /** Undefined until somebody moves. */
  readonly span: Ref<Span | undefined>;
  readonly view: () => Span;
  /** @param share of the span before the place that stays where it is */
  readonly zoomBy: (factor: number, share?: number) => void;
  readonly moveBy: (share: number) => void;
  readonly wheelZoom: (event: WheelEvent) => void;
  readonly press: (event: MouseEvent) => void;
  readonly move: (event: MouseEvent) => void;
  readonly release: (event: MouseEvent) => void;
  readonly leave: () => void;
  /** Zooms and goes home by keys, and does what the picture's own keys say. */
  readonly keys: (event: KeyboardEvent, own: Readonly<Record<string, () => void>>) => void;
}

/** Pixels that a pointer may move and still click. */
const CLICK_PIXELS = 3;

export function useTimeSpan(setting: TimeSpanSetting): TimeSpan {
  const { minSpanNs, pixelOf, shareBefore } = setting;
  const span = ref<Span>();
  let drag: { readonly pixel: number; readonly fromNs: number; readonly toNs: number; moved: boolean } | undefined;

  const view = (): Span => span.value ?? setting.initial();

  function set(fromNs: number, lengthNs: number): void {
    span.value = { fromNs, toNs: fromNs + Math.max(minSpanNs, lengthNs) };
  }

  function zoomBy(factor: number, share = 0.5): void {
    const { fromNs, toNs } = view();
    const length = (toNs - fromNs) * factor;
    const whole = setting.initial();
    if (setting.endsAtInitial === true && length >= whole.toNs - whole.fromNs) span.value = undefined;
    else set(fromNs + (toNs - fromNs) * share * (1 - factor), length);
  }

  function moveBy(share: number): void {
    const { fromNs, toNs } = view();
    set(fromNs + (toNs - fromNs) * share, toNs - fromNs);
  }

  return {
    span,
    view,
    zoomBy,
    moveBy,
    wheelZoom: (event) => {
      zoomBy(event.deltaY < 0 ? 0.8 : 1.25, shareBefore(pixelOf(event)));
    },
    press: (event) => {
      drag = { pixel: pixelOf(event), ...view(), moved: false };
    },
    move: (event) => {
      if (drag === undefined) return;
      const pixel = pixelOf(event);
      if (Math.abs(pixel - drag.pixel) > CLICK_PIXELS) drag.moved = true;
      const length = drag.toNs - drag.fromNs;
      if (drag.moved) set(drag.fromNs + (shareBefore(drag.pixel) - shareBefore(pixel)) * length, length);
    },
    release: (event) => {
      const wasClick = drag !== undefined && !drag.moved;
      drag = undefined;
      if (wasClick) setting.clicked(event);
    },
    leave: () => {
      drag = undefined;
    },
    keys: (event, own) => {
      const common: Readonly<Record<string, () => void>> = {
        '+': () => zoomBy(0.6),
        '-': () => zoomBy(1.6),
        Home: () => (span.value = undefined),
      };
      const act = own[event.key] ?? common[event.key];
      if (act === undefined) return;
      event.preventDefault();
      act();
    },
  };
}
