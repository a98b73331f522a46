// Formulas for PDF: TeX to paths by MathJax, in the size of the text around them.

import { invariant } from '../base';

let svgOfFormula: ((tex: string, display: boolean) => string) | undefined;

/** Loads what draws formulas; await it before the first. */
export async function loadFormulas(): Promise<void> {
  ({ svgOfFormula } = await import('./mathjax'));
}

export interface DrawnFormula {
  readonly svg: string;
  readonly widthPt: number;
  /** Above and below the line that text stands on. */
  readonly ascentPt: number;
  readonly descentPt: number;
}

/** Height of an x in MathJax's fonts, as a share of their size. */
const EX = 0.442;

/** @param sizePt size of the type around it */
export function drawFormula(tex: string, display: boolean, sizePt: number): DrawnFormula {
  invariant(svgOfFormula !== undefined, 'formulas are loaded before they are drawn');
  const svg = svgOfFormula(tex, display);
  const inEx = (pattern: RegExp): number => Number(pattern.exec(svg)?.[1] ?? 0) * EX * sizePt;
  const heightPt = inEx(/height="([\d.]+)ex"/);
  const descentPt = -inEx(/vertical-align: (-?[\d.]+)ex/);
  return {
    // Its own size is in ex, which the PDF's drawer reads otherwise; the place where it is drawn says the size.
    svg: svg
      .replace(/^<svg [^>]*?viewBox/, '<svg xmlns="http://www.w3.org/2000/svg" viewBox')
      .replaceAll('currentColor', '#1b1f24'),
    widthPt: inEx(/width="([\d.]+)ex"/),
    ascentPt: heightPt - descentPt,
    descentPt,
  };
}
