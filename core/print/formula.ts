// Formulas for PDF: TeX to paths by MathJax, in the size of the text around them.

import { liteAdaptor } from 'mathjax-full/js/adaptors/liteAdaptor.js';
import { RegisterHTMLHandler } from 'mathjax-full/js/handlers/html.js';
import { TeX } from 'mathjax-full/js/input/tex.js';
import 'mathjax-full/js/input/tex/ams/AmsConfiguration.js';
import { mathjax } from 'mathjax-full/js/mathjax.js';
import { SVG } from 'mathjax-full/js/output/svg.js';

const adaptor = liteAdaptor();
RegisterHTMLHandler(adaptor);
const converter = mathjax.document('', {
  InputJax: new TeX({ packages: ['base', 'ams'] }),
  OutputJax: new SVG({ fontCache: 'none' }),
});

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
  const svg = adaptor.innerHTML(converter.convert(tex, { display }) as Parameters<typeof adaptor.innerHTML>[0]);
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
