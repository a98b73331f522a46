// Pages for paper and screen: a lab as a handout, and a student's report. Each is one file of HTML that loads nothing.

import { closingOf, type GuidedLab, introductionOf, isPrediction, sectionOf } from './guided-lab';
import { letterOf } from './judge';
import { escaped, htmlOf, inlineHtmlOf } from './markdown';
import type { Mark, Marked } from './marks';
import type { Question, Step } from './schema';

const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

const CSS = `
:root { color-scheme: light dark; --paper: #ffffff; --ink: #1b1f24; --soft: #59636e; --line: #d8dee4; --panel: #f6f8fa; --good: #1a7f37; --bad: #b42318; }
@media (prefers-color-scheme: dark) { :root { --paper: #14181d; --ink: #e6e9ed; --soft: #9aa4af; --line: #343b44; --panel: #1b2027; --good: #57c977; --bad: #ff8a80; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 48rem; padding: 2rem 1.25rem 4rem; background: var(--paper); color: var(--ink);
  font: 16px/1.55 'Source Sans 3', system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif; }
h1 { font-size: 1.8rem; line-height: 1.2; margin: 0 0 .25rem; } h2 { font-size: 1.3rem; margin: 2rem 0 .5rem; } h3 { font-size: 1rem; margin: 1.2rem 0 .3rem; }
.soft { color: var(--soft); } .good { color: var(--good); font-weight: 600; } .bad { color: var(--bad); font-weight: 600; }
.who { display: flex; gap: 2rem; margin: 1.25rem 0; } .who span { flex: 1; border-bottom: 1px solid var(--soft); padding-bottom: .2rem; }
.question { border: 1px solid var(--line); border-radius: 8px; padding: .75rem 1rem; margin: 1rem 0; break-inside: avoid; }
.question > :first-child { margin-top: 0; } .question th { width: 5.5rem; } .question > p { margin: .4rem 0; }
.options { list-style: none; padding: 0; margin: .5rem 0; } .options li { padding: .15rem 0; } .options .box { margin-right: .5rem; }
.room { border-bottom: 1px dotted var(--soft); height: 2rem; } .graph { border-left: 1px solid var(--ink); border-bottom: 1px solid var(--ink); height: 11rem; margin: .75rem 0 .25rem; }
.axis { display: flex; justify-content: space-between; font-size: .85rem; color: var(--soft); }
.answer { background: var(--panel); border-radius: 6px; padding: .6rem .75rem; margin-top: .6rem; }
.answer > :first-child { margin-top: 0; }
.answer > :last-child { margin-bottom: 0; }
.formula { margin: .75rem 0; overflow-x: auto; text-align: center; }
pre, code { font: .9em ui-monospace, 'Cascadia Mono', Menlo, Consolas, monospace; } pre { background: var(--panel); padding: .6rem .8rem; border-radius: 6px; overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; } th, td { text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); padding: .35rem .7rem .35rem 0; overflow-wrap: anywhere; }
th { color: var(--soft); font-weight: 600; } .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
@media print { @page { margin: 18mm; } body { max-width: none; padding: 0; font-size: 10.5pt; } :root { color-scheme: light; --paper: #fff; --ink: #000; --soft: #444; --line: #bbb; --panel: #f4f4f4; --good: #000; --bad: #000; } }
`;

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${CSS}</style>
</head>
<body>
${body}
</body>
</html>
`;
}

/** Right answers by question, for the teacher's copy. */
export type RightAnswers = ReadonlyMap<string, string>;

/** The lab on paper, with room to answer. @param answers makes it the teacher's copy */
export function handoutHtml(lab: GuidedLab, answers?: RightAnswers): string {
  let number = 0;
  const steps = lab.steps.map((step, index) => {
    const questions = step.questions.map((question) => {
      number += 1;
      return questionHtml(question, number, answers);
    });
    return `<h2>${String(index + 1)}. ${inlineHtmlOf(step.title)}</h2>\n${setHtml(step)}${htmlOf(sectionOf(lab, step.id))}\n${questions.join('\n')}`;
  });
  const closing = closingOf(lab);
  return page(
    lab.title,
    `<header>
<h1>${inlineHtmlOf(lab.title)}</h1>
<p class="soft">${escaped(lab.topic)} · ${String(lab.minutes)} minutes · edition ${String(lab.edition)}${answers === undefined ? '' : " · teacher's copy"}</p>
${answers === undefined ? '<p class="who"><span>Name</span><span>Number</span><span>Date</span></p>' : ''}
<h3>Afterwards you can</h3>
<ul>${lab.goals.map((goal) => `<li>${inlineHtmlOf(goal)}</li>`).join('')}</ul>
</header>
<main>
${htmlOf(introductionOf(lab))}
${steps.join('\n')}
${closing === '' ? '' : `<h2>In the end</h2>\n${htmlOf(closing)}`}
<h2>To read</h2>
<ul>${lab.literature.map((source) => `<li>${inlineHtmlOf(source)}</li>`).join('')}</ul>
</main>`,
  );
}

function setHtml({ scenario, inline, sameAs, set }: Step): string {
  const from =
    scenario ??
    (inline === undefined ? undefined : 'the scenario of this lab') ??
    (sameAs === undefined ? undefined : `as in “${sameAs}”`);
  if (from === undefined) return '';
  const changes = Object.entries(set ?? {}).map(
    ([pointer, value]) => `<code>${escaped(pointer)}</code> = <code>${escaped(JSON.stringify(value))}</code>`,
  );
  return `<p class="soft">Scenario: ${escaped(from)}${changes.length === 0 ? '' : `, with ${changes.join(', ')}`}</p>\n`;
}

function questionHtml(question: Question, number: number, answers: RightAnswers | undefined): string {
  const points = question.points ?? 1;
  const what = isPrediction(question) ? 'Predict, before you run' : 'Answer';
  const hints = (question.hints ?? []).map((hint) => `<li>${inlineHtmlOf(hint)}</li>`).join('');
  const teacher =
    answers === undefined
      ? ''
      : `<div class="answer"><p><b>Right:</b> ${inlineHtmlOf(answers.get(question.id) ?? '')}</p>${htmlOf(question.explain)}${hints === '' ? '' : `<p class="soft">Hints</p><ol>${hints}</ol>`}</div>`;
  return `<section class="question">
<p class="soft">Question ${String(number)} · ${what} · ${String(points)} ${points === 1 ? 'point' : 'points'}</p>
${htmlOf(question.ask)}${roomHtml(question)}${teacher}
</section>`;
}

function roomHtml(question: Question): string {
  switch (question.kind) {
    case 'number':
      return `<p class="room">${escaped(question.unit ?? '')}</p>`;
    case 'choice': {
      const options = question.options.map(
        ({ text }, index) => `<li><span class="box">☐ ${letterOf(index)})</span>${inlineHtmlOf(text)}</li>`,
      );
      return `<ul class="options">${options.join('')}</ul>${question.several === true ? '<p class="soft">Several may be right.</p>' : ''}`;
    }
    case 'pick':
      return '<p class="soft">Its time, and what the timeline writes on it:</p><p class="room"></p>';
    case 'draw':
      return `<div class="graph"></div><p class="axis"><span>${String(question.fromSeconds)} s</span><span>${escaped(question.series)}${question.unit === undefined ? '' : `, ${escaped(question.unit)}`}</span><span>${String(question.toSeconds)} s</span></p>`;
  }
}

/** What a student gets back. */
export function studentReportHtml(lab: GuidedLab, marked: Marked): string {
  const { student, points, possible, tampered, notes, marks } = marked;
  const minutes = Math.round((marked.endedAtMs - marked.startedAtMs) / 60_000);
  const flaws =
    tampered.length === 0
      ? ''
      : `<p class="bad">The file does not hold together:</p><ul>${tampered.map((flaw) => `<li>${escaped(flaw)}</li>`).join('')}</ul>`;
  const questions = new Map(
    lab.steps.flatMap((step) => step.questions.map((question) => [question.id, question] as const)),
  );
  return page(
    `${student.name}: ${lab.title}`,
    `<header>
<h1>${escaped(student.name)}</h1>
<p class="soft">${escaped(student.id)}${student.id === '' ? '' : ' · '}${inlineHtmlOf(lab.title)} · ${String(minutes)} minutes from first to last entry</p>
<p><b>${shown(points)} of ${shown(possible)} points</b></p>
${flaws}${notes.length === 0 ? '' : `<ul class="soft">${notes.map((note) => `<li>${escaped(note)}</li>`).join('')}</ul>`}
</header>
<main>
${marks.map((mark, index) => markHtml(mark, questions.get(mark.question)!, index + 1)).join('\n')}
</main>`,
  );
}

const shown = (points: number): string => String(Math.round(points * 100) / 100);

function counted(count: number, one: string, many: string): string {
  return `${String(count)} ${count === 1 ? one : many}`;
}

function markHtml(mark: Mark, question: Question, number: number): string {
  const { given, expected, right, points, possible, hints, tries, seconds, prediction } = mark;
  const verdict = given === '' ? 'not answered' : right ? 'right' : prediction ? 'turned out otherwise' : 'wrong';
  const help = [counted(hints, 'hint', 'hints'), counted(tries, 'try', 'tries'), `${String(seconds)} s`].join(' · ');
  return `<section class="question">
<p class="soft">Question ${String(number)}${prediction ? ', a prediction' : ''} · ${help}</p>
${htmlOf(question.ask)}
<p><span class="${right ? 'good' : 'bad'}">${verdict}</span>, ${shown(points)} of ${shown(possible)} points</p>
<table><tr><th>Answer</th><td>${inlineHtmlOf(given === '' ? '–' : given)}</td></tr><tr><th>Right</th><td>${inlineHtmlOf(expected)}</td></tr></table>
<div class="answer">${htmlOf(question.explain)}</div>
</section>`;
}
