// Tables on pages of PDF: cells wrap, rows stay whole, and the head stands again on each page.

export interface Column {
  readonly title: string;
  /** Of the table's width. */
  readonly share: number;
  readonly align?: 'left' | 'right';
}

export interface Cell {
  readonly text: string;
  readonly colour?: string;
  /** A named place in the document that a click leads to. */
  readonly goTo?: string;
}

export interface TableRow {
  readonly cells: readonly Cell[];
}

const FONT_PT = 9;
const GAP = 7;
const PAD = 1.7;
const INK = '#1b1f24';
const SOFT = '#59636e';
const RULE = '#d8dee4';

interface Placed {
  readonly column: Column;
  readonly x: number;
  readonly width: number;
}

/** Draws from where the document's text is, and leaves it below. A table whose columns have no titles has no rules either. */
export function drawTable(
  document: PDFKit.PDFDocument,
  columns: readonly Column[],
  rows: readonly TableRow[],
  width: number,
): void {
  const left = document.page.margins.left;
  let x = left;
  const placed = columns.map((column): Placed => {
    const place = { column, x, width: column.share * width - GAP };
    x += column.share * width;
    return place;
  });
  const titled = columns.some(({ title }) => title !== '');
  const bottom = document.page.height - document.page.margins.bottom;
  if (titled) drawHead(document, placed, left, width);
  for (const row of rows) {
    const height = rowHeight(document, placed, row);
    if (document.y + height > bottom) {
      document.addPage();
      if (titled) drawHead(document, placed, left, width);
    }
    const top = document.y;
    row.cells.forEach((cell, index) => {
      drawCell(document, placed[index]!, cell, top + PAD);
    });
    document.y = top + height;
    if (titled) rule(document, left, width);
  }
  document.x = left;
}

function rowHeight(document: PDFKit.PDFDocument, placed: readonly Placed[], { cells }: TableRow): number {
  document.font('regular').fontSize(FONT_PT);
  return (
    2 * PAD +
    Math.max(...cells.map(({ text }, index) => document.heightOfString(text, { width: placed[index]!.width })))
  );
}

function drawHead(document: PDFKit.PDFDocument, placed: readonly Placed[], left: number, width: number): void {
  const top = document.y;
  document.font('semibold').fontSize(FONT_PT).fillColor(SOFT);
  for (const { column, x, width: wide } of placed)
    document.text(column.title, x, top, { width: wide, align: column.align ?? 'left', lineBreak: false });
  document.y = top + FONT_PT * 1.5;
  rule(document, left, width);
}

function drawCell(document: PDFKit.PDFDocument, { column, x, width }: Placed, cell: Cell, top: number): void {
  document
    .font('regular')
    .fontSize(FONT_PT)
    .fillColor(cell.colour ?? INK)
    .text(cell.text, x, top, {
      width,
      align: column.align ?? 'left',
      ...(cell.goTo === undefined ? {} : { goTo: cell.goTo }),
    });
}

function rule(document: PDFKit.PDFDocument, left: number, width: number): void {
  document
    .moveTo(left, document.y)
    .lineTo(left + width, document.y)
    .lineWidth(0.5)
    .strokeColor(RULE)
    .stroke();
}
