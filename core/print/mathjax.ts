// MathJax, set up to turn TeX into SVG. A module of its own, because it takes a quarter of a second to load and few commands need it.

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

/** The formula as an SVG whose size is in ex. */
export function svgOfFormula(tex: string, display: boolean): string {
  return adaptor.innerHTML(converter.convert(tex, { display }) as Parameters<typeof adaptor.innerHTML>[0]);
}
