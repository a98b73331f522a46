// SVG figures as PNG at a given resolution, with the same typeface.

import { Resvg } from '@resvg/resvg-js';
import { fontFiles } from './fonts';

const MM_PER_INCH = 25.4;

export function svgToPng(svg: string, widthMm: number, dpi: number): Uint8Array {
  const { regular, semibold } = fontFiles();
  const width = Math.round((widthMm / MM_PER_INCH) * dpi);
  const drawing = new Resvg(svg, {
    fitTo: { mode: 'width', value: width },
    font: { fontFiles: [regular, semibold], loadSystemFonts: false, defaultFontFamily: 'Source Sans 3' },
  });
  return drawing.render().asPng();
}
