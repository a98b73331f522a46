// SVG figures as PDF: vector, fonts embedded, text selectable, one page of exactly the figure's size.

import PDFDocument from 'pdfkit';
import SVGtoPDF from 'svg-to-pdfkit';
import { fontBytes } from './fonts';

const PT_PER_MM = 72 / 25.4;

/** @param title stands in the document's properties */
export function svgToPdf(svg: string, widthMm: number, heightMm: number, title: string): Promise<Uint8Array> {
  const size: [number, number] = [widthMm * PT_PER_MM, heightMm * PT_PER_MM];
  // A fixed date: the same figure gives the same bytes.
  const info = {
    Title: title,
    Producer: 'Odonata',
    Creator: 'Odonata',
    CreationDate: new Date(0),
    ModDate: new Date(0),
  };
  const document = new PDFDocument({ size, margin: 0, info });
  const chunks: Buffer[] = [];
  const done = new Promise<Uint8Array>((resolve, reject) => {
    document.on('data', (chunk: Buffer) => chunks.push(chunk));
    document.on('end', () => {
      resolve(Buffer.concat(chunks));
    });
    document.on('error', reject);
  });
  const { regular, semibold } = fontBytes();
  document.registerFont('regular', regular);
  document.registerFont('semibold', semibold);
  SVGtoPDF(document, svg, 0, 0, {
    width: size[0],
    height: size[1],
    fontCallback: (_family: string, bold: boolean) => (bold ? 'semibold' : 'regular'),
  });
  document.end();
  return done;
}
