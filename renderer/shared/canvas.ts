// A canvas as sharp as the screen, and the colours of the theme to draw with.

/** The context of a canvas of this size, scaled so that lengths are those of the page; undefined if there is none. */
export function sharpContext(
  element: HTMLCanvasElement,
  { width, height }: { readonly width: number; readonly height: number },
): CanvasRenderingContext2D | undefined {
  const ratio = window.devicePixelRatio;
  if (element.width !== Math.round(width * ratio)) element.width = Math.round(width * ratio);
  if (element.height !== Math.round(height * ratio)) element.height = Math.round(height * ratio);
  const context = element.getContext('2d');
  context?.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context ?? undefined;
}

/** Reads the theme's colours where the element stands, such as `--text`. */
export function coloursAt(element: Element): (name: string) => string {
  const style = getComputedStyle(element);
  return (name) => style.getPropertyValue(name);
}
