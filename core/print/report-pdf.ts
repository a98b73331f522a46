// The report as PDF: a front page with its contents, then a lab a page or more, with bookmarks, links and page numbers. Laid out twice: the
// first time tells on which page each lab begins.

import PDFDocument from 'pdfkit';
import SVGtoPDF from 'svg-to-pdfkit';
import { holds, type Report, type ReportFigure, type ReportSection, summaryText, verdictText } from '../export';
import { fontBytes } from './fonts';
import { type Column, drawTable } from './pdf-table';

const PT_PER_MM = 72 / 25.4;
const MARGIN = 20 * PT_PER_MM;
const PAGE = { width: 595.28, height: 841.89 };
const BODY_WIDTH = PAGE.width - 2 * MARGIN;
const INK = '#1b1f24';
const SOFT = '#59636e';
const GOOD = '#1a7f37';
const BAD = '#b42318';

/** Page numbers by the section's id, from 1. */
type Pages = Map<string, number>;

export async function reportToPdf(report: Report): Promise<Uint8Array> {
  const pages: Pages = new Map();
  await layOut(report, pages);
  return layOut(report, pages);
}

function layOut(report: Report, pages: Pages): Promise<Uint8Array> {
  const date = new Date(report.createdAt);
  const document = new PDFDocument({
    size: 'A4',
    margins: { top: MARGIN, bottom: MARGIN, left: MARGIN, right: MARGIN },
    bufferPages: true,
    lang: 'en',
    displayTitle: true,
    info: { Title: report.title, Producer: 'Odonata', Creator: 'Odonata', CreationDate: date, ModDate: date },
  });
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
  frontPage(document, report, pages);
  for (const section of report.sections) {
    document.addPage();
    pages.set(section.id, document.bufferedPageRange().count);
    drawSection(document, section);
  }
  numberPages(document, report);
  document.end();
  return done;
}

function frontPage(document: PDFKit.PDFDocument, report: Report, pages: Pages): void {
  document.font('semibold').fontSize(24).fillColor(INK).text(report.title);
  document.font('regular').fontSize(11).fillColor(SOFT).text(report.subtitle);
  document.moveDown(0.7).font('semibold').fontSize(13).fillColor(INK).text(summaryText(report));
  document.moveDown(0.5);
  drawPairs(document, report.provenance);
  document.moveDown(0.8);
  const columns: Column[] = [
    { title: '', share: 0.045, align: 'right' },
    { title: 'Lab', share: 0.36 },
    { title: 'Topics', share: 0.31 },
    { title: 'Verdict', share: 0.215 },
    { title: 'Page', share: 0.07, align: 'right' },
  ];
  const rows = report.sections.map((section) => ({
    cells: [
      { text: String(section.number), colour: SOFT },
      { text: section.title, goTo: section.id },
      { text: section.topics.join(', '), colour: SOFT },
      { text: verdictText(section), colour: holds(section) ? GOOD : BAD },
      { text: String(pages.get(section.id) ?? ''), goTo: section.id },
    ],
  }));
  drawTable(document, columns, rows, BODY_WIDTH);
}

function drawSection(document: PDFKit.PDFDocument, section: ReportSection): void {
  const { id, number, title, slide, topics, mechanisms, figures, references, sources } = section;
  document.addNamedDestination(id);
  document.outline.addItem(`${String(number)}. ${title}`);
  document
    .font('semibold')
    .fontSize(17)
    .fillColor(INK)
    .text(`${String(number)}. ${title}`);
  document.font('regular').fontSize(10).fillColor(SOFT).text(slide);
  document
    .fillColor(holds(section) ? GOOD : BAD)
    .font('semibold')
    .text(verdictText(section));
  document.moveDown(0.5);
  drawPairs(document, [
    ['Question', section.question],
    ['Expected', section.expected],
    ['Look for', section.lookFor],
    ['About', [...topics, ...mechanisms].join(', ')],
  ]);
  for (const figure of figures) drawFigure(document, figure);
  if (references.length > 0) {
    heading(document, 'Drawn beside it');
    drawPairs(
      document,
      references.map(({ label, source }) => [label, source] as const),
    );
  }
  heading(document, 'Verdict');
  drawChecks(document, section);
  heading(document, 'Literature');
  for (const source of sources) document.font('regular').fontSize(9.5).fillColor(INK).text(`•  ${source}`, MARGIN);
  const origin = section.provenance.map(([name, value]) => `${name}: ${value}`).join('   ');
  document.moveDown(0.5).fontSize(8.5).fillColor(SOFT).text(origin, MARGIN);
}

function heading(document: PDFKit.PDFDocument, text: string): void {
  makeRoom(document, HEADING_ROOM);
  document.moveDown(0.5).font('semibold').fontSize(11).fillColor(INK).text(text, MARGIN);
  document.moveDown(0.25);
}

/** A heading, a table's head and its first row stay together. */
const HEADING_ROOM = 95;

/** Begins a page if less than this is left of it. */
function makeRoom(document: PDFKit.PDFDocument, heightPt: number): void {
  if (document.y + heightPt > PAGE.height - MARGIN) document.addPage();
}

function drawPairs(document: PDFKit.PDFDocument, pairs: ReportSection['provenance']): void {
  drawTable(
    document,
    [
      { title: '', share: 0.2 },
      { title: '', share: 0.8 },
    ],
    pairs.map(([name, value]) => ({ cells: [{ text: name, colour: SOFT }, { text: value }] })),
    BODY_WIDTH,
  );
}

function drawFigure(document: PDFKit.PDFDocument, { svg, widthMm, heightMm, caption }: ReportFigure): void {
  const width = widthMm * PT_PER_MM;
  const height = heightMm * PT_PER_MM;
  makeRoom(document, height + 30);
  const top = document.y + 6;
  SVGtoPDF(document, svg, MARGIN, top, {
    width,
    height,
    fontCallback: (_family: string, bold: boolean) => (bold ? 'semibold' : 'regular'),
  });
  document.y = top + height + 4;
  document.font('regular').fontSize(9).fillColor(SOFT).text(caption, MARGIN, document.y, { width: BODY_WIDTH });
}

function drawChecks(document: PDFKit.PDFDocument, { checks }: ReportSection): void {
  const columns: Column[] = [
    { title: '', share: 0.06 },
    { title: 'Check', share: 0.36 },
    { title: 'Measured', share: 0.23 },
    { title: 'Expected', share: 0.21 },
    { title: 'Tolerance', share: 0.14 },
  ];
  const rows = checks.map(({ name, measured, expected, tolerance, pass }) => ({
    cells: [
      { text: pass ? 'ok' : 'NO', colour: pass ? GOOD : BAD },
      { text: name },
      { text: measured },
      { text: expected },
      { text: tolerance },
    ],
  }));
  drawTable(document, columns, rows, BODY_WIDTH);
}

function numberPages(document: PDFKit.PDFDocument, report: Report): void {
  const { start, count } = document.bufferedPageRange();
  for (let page = start; page < start + count; page += 1) {
    document.switchToPage(page);
    // Below the margin, where text would otherwise begin a new page.
    document.page.margins.bottom = 0;
    document.font('regular').fontSize(8.5).fillColor(SOFT);
    const at = PAGE.height - MARGIN * 0.6;
    document.text(report.title, MARGIN, at, { width: BODY_WIDTH / 2, lineBreak: false });
    document.text(String(page + 1), MARGIN + BODY_WIDTH / 2, at, {
      width: BODY_WIDTH / 2,
      align: 'right',
      lineBreak: false,
    });
    document.page.margins.bottom = MARGIN;
  }
}
