// Markdown on pages of PDF: paragraphs, lists, tables, code and formulas. Lines are broken here, because formulas stand among the words.

import type { Token, Tokens } from 'marked';
import SVGtoPDF from 'svg-to-pdfkit';
import { tokensOf } from '../course';
import { drawFormula } from './formula';
import { drawTable } from './pdf-table';

const INK = '#1b1f24';
const SOFT = '#59636e';
const LEADING = 1.4;

/** Something that stands on a line and is not broken. */
type Atom =
  | { readonly kind: 'word'; readonly text: string; readonly font: string; readonly width: number }
  | { readonly kind: 'space' | 'break' }
  | {
      readonly kind: 'formula';
      readonly svg: string;
      readonly width: number;
      readonly ascent: number;
      readonly descent: number;
    };

export interface TextPlace {
  readonly left: number;
  readonly width: number;
  readonly sizePt: number;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};
const plain = (text: string): string => text.replaceAll(/&(amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity]!);

/** Draws Markdown from where the document's text is, and leaves it below. */
export function drawMarkdown(document: PDFKit.PDFDocument, text: string, place: TextPlace): void {
  for (const token of tokensOf(text)) drawBlock(document, token, place);
}

function drawBlock(document: PDFKit.PDFDocument, token: Token, place: TextPlace): void {
  switch (token.type) {
    case 'space':
      return;
    case 'heading':
      document.y += 4;
      drawLines(document, atomsOf(document, (token as Tokens.Heading).tokens, 'semibold', place.sizePt), place);
      break;
    case 'list':
      (token as Tokens.List).items.forEach((item, index) => {
        drawItem(document, item, (token as Tokens.List).ordered ? `${String(index + 1)}.` : '•', place);
      });
      break;
    case 'table':
      drawMarkdownTable(document, token as Tokens.Table, place);
      break;
    case 'code':
      document
        .font('Courier')
        .fontSize(place.sizePt * 0.88)
        .fillColor(INK)
        .text((token as Tokens.Code).text, place.left + 8, document.y, { width: place.width - 8 });
      break;
    case 'blockquote':
      for (const inner of (token as Tokens.Blockquote).tokens) drawBlock(document, inner, inset(place, 14));
      break;
    case 'block-formula':
      drawDisplay(document, token['tex'] as string, place);
      break;
    default: {
      const tokens = 'tokens' in token && token.tokens !== undefined ? token.tokens : [token];
      drawLines(document, atomsOf(document, tokens, 'regular', place.sizePt), place);
    }
  }
  document.y += place.sizePt * 0.45;
}

const inset = (place: TextPlace, by: number): TextPlace => ({
  ...place,
  left: place.left + by,
  width: place.width - by,
});

function drawItem(document: PDFKit.PDFDocument, item: Tokens.ListItem, mark: string, place: TextPlace): void {
  makeRoom(document, place.sizePt * LEADING);
  const top = document.y;
  document.font('regular').fontSize(place.sizePt).fillColor(SOFT).text(mark, place.left, top, { lineBreak: false });
  document.y = top;
  const inner = inset(place, 16);
  for (const token of item.tokens) {
    if (token.type === 'text')
      drawLines(document, atomsOf(document, (token as Tokens.Text).tokens ?? [token], 'regular', place.sizePt), inner);
    else drawBlock(document, token, inner);
  }
}

function drawMarkdownTable(document: PDFKit.PDFDocument, { header, rows }: Tokens.Table, place: TextPlace): void {
  const share = 1 / header.length;
  const columns = header.map(({ text }) => ({ title: plain(text.replaceAll(/[`$*]/g, '')), share }));
  const cells = rows.map((row) => ({ cells: row.map(({ text }) => ({ text: plain(text.replaceAll(/[`$*]/g, '')) })) }));
  drawTable(document, columns, cells, place.width);
}

function drawDisplay(document: PDFKit.PDFDocument, tex: string, place: TextPlace): void {
  const { svg, widthPt, ascentPt, descentPt } = drawFormula(tex, true, place.sizePt * 1.05);
  const height = ascentPt + descentPt;
  makeRoom(document, height + 6);
  const top = document.y + 3;
  SVGtoPDF(document, svg, place.left + Math.max(0, (place.width - widthPt) / 2), top, { width: widthPt, height });
  document.y = top + height + 3;
}

function makeRoom(document: PDFKit.PDFDocument, heightPt: number): void {
  if (document.y + heightPt > document.page.height - document.page.margins.bottom) document.addPage();
}

function atomsOf(document: PDFKit.PDFDocument, tokens: readonly Token[], font: string, sizePt: number): Atom[] {
  const words = (text: string, face: string): Atom[] => {
    document.font(face).fontSize(sizePt);
    return text.split(/(\s+)/).flatMap((part): Atom[] => {
      if (part === '') return [];
      if (/^\s+$/.test(part)) return [{ kind: 'space' }];
      return [{ kind: 'word', text: part, font: face, width: document.widthOfString(part) }];
    });
  };
  return tokens.flatMap((token): Atom[] => {
    switch (token.type) {
      case 'formula': {
        const { svg, widthPt, ascentPt, descentPt } = drawFormula(token['tex'] as string, false, sizePt);
        return [{ kind: 'formula', svg, width: widthPt, ascent: ascentPt, descent: descentPt }];
      }
      case 'br':
        return [{ kind: 'break' }];
      case 'strong':
        return atomsOf(document, (token as Tokens.Strong).tokens, 'semibold', sizePt);
      case 'codespan': {
        const { text } = token as Tokens.Codespan;
        return words(plain(text), /^[\x20-\x7e]*$/.test(text) ? 'Courier' : font);
      }
      default:
        return 'tokens' in token && token.tokens !== undefined
          ? atomsOf(document, token.tokens, font, sizePt)
          : words(plain('text' in token ? String(token.text) : token.raw), font);
    }
  });
}

function drawLines(document: PDFKit.PDFDocument, atoms: readonly Atom[], place: TextPlace): void {
  document.font('regular').fontSize(place.sizePt);
  const space = document.widthOfString(' ');
  let line: { atom: Atom; x: number }[] = [];
  let x = 0;
  const flush = (): void => {
    drawLine(document, line, place);
    line = [];
    x = 0;
  };
  let pending = 0;
  // What stands together without a space, such as a formula and its comma, stays together.
  for (const group of groupsOf(atoms)) {
    if (group[0]!.kind === 'break') flush();
    if (group[0]!.kind === 'space') pending = line.length === 0 ? 0 : space;
    if (group[0]!.kind === 'break' || group[0]!.kind === 'space') continue;
    const width = group.reduce((sum, atom) => sum + ('width' in atom ? atom.width : 0), 0);
    if (line.length > 0 && x + pending + width > place.width) flush();
    else x += pending;
    pending = 0;
    for (const atom of group) {
      line.push({ atom, x });
      x += 'width' in atom ? atom.width : 0;
    }
  }
  if (line.length > 0) flush();
}

function groupsOf(atoms: readonly Atom[]): Atom[][] {
  const groups: Atom[][] = [];
  let open = false;
  for (const atom of atoms) {
    const solid = atom.kind === 'word' || atom.kind === 'formula';
    if (solid && open) groups.at(-1)!.push(atom);
    else groups.push([atom]);
    open = solid;
  }
  return groups;
}

function drawLine(document: PDFKit.PDFDocument, line: readonly { atom: Atom; x: number }[], place: TextPlace): void {
  const formulas = line.flatMap(({ atom }) => (atom.kind === 'formula' ? [atom] : []));
  const ascent = Math.max(place.sizePt, ...formulas.map((atom) => atom.ascent));
  const descent = Math.max(place.sizePt * (LEADING - 1), ...formulas.map((atom) => atom.descent + 2));
  makeRoom(document, ascent + descent);
  const baseline = document.y + ascent;
  for (const { atom, x } of line) {
    if (atom.kind === 'word')
      document
        .font(atom.font)
        .fontSize(place.sizePt)
        .fillColor(INK)
        .text(atom.text, place.left + x, baseline, { lineBreak: false, baseline: 'alphabetic' });
    else if (atom.kind === 'formula')
      SVGtoPDF(document, atom.svg, place.left + x, baseline - atom.ascent, {
        width: atom.width,
        height: atom.ascent + atom.descent,
      });
  }
  document.y = baseline + descent;
}
