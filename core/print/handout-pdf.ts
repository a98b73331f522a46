// A guided lab as PDF on A4: texts with formulas, questions with room to answer; the teacher's copy has the answers.

import PDFDocument from 'pdfkit';
import {
  closingOf,
  type GuidedLab,
  introductionOf,
  isPrediction,
  letterOf,
  type Question,
  type RightAnswers,
  sectionOf,
} from '../course';
import { fontBytes } from './fonts';
import { loadFormulas } from './formula';
import { drawMarkdown, type TextPlace } from './markdown-pdf';

const MARGIN = 54;
const WIDTH = 595.28 - 2 * MARGIN;
const INK = '#1b1f24';
const SOFT = '#59636e';
const RULE = '#9aa4af';
const BODY: TextPlace = { left: MARGIN, width: WIDTH, sizePt: 10.5 };
const INSIDE: TextPlace = { left: MARGIN + 14, width: WIDTH - 14, sizePt: 10 };

export async function handoutToPdf(lab: GuidedLab, answers?: RightAnswers): Promise<Uint8Array> {
  await loadFormulas();
  const document = new PDFDocument({
    size: 'A4',
    margin: MARGIN,
    bufferPages: true,
    lang: 'en',
    displayTitle: true,
    // A fixed date: the same lab gives the same bytes.
    info: {
      Title: lab.title,
      Producer: 'Odonata',
      Creator: 'Odonata',
      CreationDate: new Date(0),
      ModDate: new Date(0),
    },
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
  drawHead(document, lab, answers !== undefined);
  drawMarkdown(document, introductionOf(lab), BODY);
  drawSteps(document, lab, answers);
  if (closingOf(lab) !== '') {
    heading(document, 'In the end');
    drawMarkdown(document, closingOf(lab), BODY);
  }
  heading(document, 'To read');
  drawMarkdown(document, lab.literature.map((source) => `- ${source}`).join('\n'), BODY);
  numberPages(document, lab);
  document.end();
  return done;
}

function drawHead(document: PDFKit.PDFDocument, lab: GuidedLab, teacher: boolean): void {
  document.font('semibold').fontSize(20).fillColor(INK).text(lab.title);
  const about = [
    lab.topic,
    `${String(lab.minutes)} minutes`,
    `edition ${String(lab.edition)}`,
    ...(teacher ? ["teacher's copy"] : []),
  ];
  document.font('regular').fontSize(10).fillColor(SOFT).text(about.join('  ·  '));
  document.moveDown(1.2);
  if (!teacher) {
    const y = document.y + 12;
    const third = WIDTH / 3;
    ['Name', 'Number', 'Date'].forEach((label, index) => {
      const x = MARGIN + index * third;
      document.text(label, x, y - 12, { lineBreak: false });
      rule(document, x + 36, y, x + third - 12);
    });
    document.y = y + 14;
  }
  document.font('semibold').fontSize(11).fillColor(INK).text('Afterwards you can', MARGIN);
  drawMarkdown(document, lab.goals.map((goal) => `- ${goal}`).join('\n'), BODY);
}

function heading(document: PDFKit.PDFDocument, text: string): void {
  makeRoom(document, 70);
  document.moveDown(0.4).font('semibold').fontSize(13).fillColor(INK).text(text, MARGIN);
  document.y += 3;
}

function drawSteps(document: PDFKit.PDFDocument, lab: GuidedLab, answers: RightAnswers | undefined): void {
  let number = 0;
  lab.steps.forEach((step, index) => {
    heading(document, `${String(index + 1)}. ${step.title}`);
    const set = Object.entries(step.set ?? {}).map(
      ([pointer, value]) => `\`${pointer}\` = \`${JSON.stringify(value)}\``,
    );
    const from = step.scenario ?? (step.sameAs === undefined ? undefined : `as in “${step.sameAs}”`);
    if (from !== undefined || set.length > 0)
      drawMarkdown(document, `Scenario: ${[from ?? 'of this lab', ...set].join(', ')}`, { ...BODY, sizePt: 9 });
    drawMarkdown(document, sectionOf(lab, step.id), BODY);
    for (const question of step.questions) {
      number += 1;
      drawQuestion(document, question, number, answers);
    }
  });
}

function drawQuestion(
  document: PDFKit.PDFDocument,
  question: Question,
  number: number,
  answers: RightAnswers | undefined,
): void {
  makeRoom(document, 110);
  const points = question.points ?? 1;
  const what = isPrediction(question) ? 'predict, before you run' : 'answer';
  document.font('semibold').fontSize(9).fillColor(SOFT);
  document.text(
    `Question ${String(number)} · ${what} · ${String(points)} ${points === 1 ? 'point' : 'points'}`,
    MARGIN,
  );
  document.y += 2;
  drawMarkdown(document, question.ask, INSIDE);
  if (question.kind === 'choice')
    question.options.forEach(({ text }, index) => {
      makeRoom(document, 16);
      document
        .rect(INSIDE.left, document.y + 2, 8, 8)
        .lineWidth(0.7)
        .strokeColor(INK)
        .stroke();
      drawMarkdown(document, `${letterOf(index)}) ${text}`, {
        ...INSIDE,
        left: INSIDE.left + 16,
        width: INSIDE.width - 16,
      });
    });
  else if (answers === undefined) drawRoom(document, question);
  if (answers !== undefined) {
    drawMarkdown(document, `**Right:** ${answers.get(question.id) ?? ''}`, INSIDE);
    drawMarkdown(document, question.explain, INSIDE);
    drawMarkdown(
      document,
      (question.hints ?? []).map((hint, index) => `- Hint ${String(index + 1)}: ${hint}`).join('\n'),
      INSIDE,
    );
  }
  document.y += 6;
}

function drawRoom(document: PDFKit.PDFDocument, question: Exclude<Question, { kind: 'choice' }>): void {
  if (question.kind === 'draw') {
    makeRoom(document, 150);
    const top = document.y + 4;
    const bottom = top + 120;
    document
      .moveTo(INSIDE.left, top)
      .lineTo(INSIDE.left, bottom)
      .lineTo(INSIDE.left + INSIDE.width, bottom)
      .lineWidth(0.8)
      .strokeColor(INK)
      .stroke();
    document.font('regular').fontSize(8.5).fillColor(SOFT);
    document.text(`${String(question.fromSeconds)} s`, INSIDE.left, bottom + 3, { lineBreak: false });
    document.text(`${String(question.toSeconds)} s`, INSIDE.left, bottom + 3, {
      width: INSIDE.width,
      align: 'right',
      lineBreak: false,
    });
    document.text(
      `${question.series}${question.unit === undefined ? '' : `, ${question.unit}`}`,
      INSIDE.left + 5,
      top,
      { lineBreak: false },
    );
    document.y = bottom + 18;
    return;
  }
  const unit = question.kind === 'number' ? (question.unit ?? '') : 'its time, and what the timeline writes on it';
  const y = document.y + 18;
  rule(document, INSIDE.left, y, INSIDE.left + 200);
  document
    .font('regular')
    .fontSize(9)
    .fillColor(SOFT)
    .text(unit, INSIDE.left + 206, y - 9, { lineBreak: false });
  document.y = y + 8;
}

function rule(document: PDFKit.PDFDocument, from: number, y: number, to: number): void {
  document.moveTo(from, y).lineTo(to, y).lineWidth(0.6).strokeColor(RULE).stroke();
}

function makeRoom(document: PDFKit.PDFDocument, heightPt: number): void {
  if (document.y + heightPt > document.page.height - MARGIN) document.addPage();
}

function numberPages(document: PDFKit.PDFDocument, lab: GuidedLab): void {
  const { start, count } = document.bufferedPageRange();
  for (let page = start; page < start + count; page += 1) {
    document.switchToPage(page);
    // Below the margin, where text would otherwise begin a new page.
    document.page.margins.bottom = 0;
    document.font('regular').fontSize(8.5).fillColor(SOFT);
    document.text(lab.title, MARGIN, 842 - MARGIN * 0.6, { lineBreak: false });
    document.text(String(page + 1), MARGIN, 842 - MARGIN * 0.6, { width: WIDTH, align: 'right', lineBreak: false });
    document.page.margins.bottom = MARGIN;
  }
}
