// The report as one page of HTML that needs nothing else: figures are in it, it can be searched, read by night and printed.

import { holds, type Report, type ReportCheck, type ReportSection, summaryText, verdictText } from './report';
import { REPORT_CSS, REPORT_SCRIPT } from './report-style';

/** The page loads nothing and sends nothing, whatever is in it. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

export function reportHtml(report: Report): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(report.title)}</title>
<style>${REPORT_CSS}</style>
</head>
<body>
<div class="page">
${contents(report)}
<main>
<h1>${escaped(report.title)}</h1>
<p class="soft">${escaped(report.subtitle)}</p>
<p class="total">${escaped(summaryText(report))}</p>
${pairs(report.provenance)}
<p id="none" hidden>No lab has all of that.</p>
${report.sections.map(sectionHtml).join('\n')}
</main>
</div>
<script>${REPORT_SCRIPT}</script>
</body>
</html>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** A lab stands under the first of its topics; the search finds it by all of them. */
function contents({ sections }: Report): string {
  const topics = [...new Set(sections.flatMap((section) => section.topics))];
  const groups = [...new Set(sections.map((section) => section.topics[0] ?? ''))];
  const options = topics.map((topic) => `<option>${escaped(topic)}</option>`).join('');
  const lists = groups.map((group) => {
    const items = sections.filter((section) => (section.topics[0] ?? '') === group).map(contentsItem);
    return `<div class="group"><h2>${escaped(capital(group))}</h2><ul>${items.join('')}</ul></div>`;
  });
  return `<nav aria-label="Contents">
<div class="search"><input id="words" type="search" placeholder="Search" aria-label="Search labs">
<select id="topic" aria-label="Topic"><option value="">All topics</option>${options}</select></div>
${lists.join('\n')}
</nav>`;
}

function contentsItem(section: ReportSection): string {
  const mark = holds(section) ? '' : '<span class="no" title="a check does not hold">✗</span>';
  return `<li><a href="#${escaped(section.id)}"><span class="number">${String(section.number)}</span><span>${escaped(section.title)}</span>${mark}</a></li>`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function sectionHtml(section: ReportSection): string {
  const { id, number, title, slide, question, expected, lookFor, figures, references, sources } = section;
  const verdict = `<span class="${holds(section) ? 'ok' : 'no'}">${verdictText(section)}</span>`;
  const drawn = figures.map(
    ({ svg, caption }) => `<figure>${svg}<figcaption>${escaped(caption)}</figcaption></figure>`,
  );
  const parts = [
    `<h2>${String(number)}. ${escaped(title)}</h2>`,
    `<p class="soft">${escaped(slide)} · ${verdict}</p>`,
    tags(section),
    pairs([
      ['Question', question],
      ['Expected', expected],
      ['Look for', lookFor],
    ]),
    ...drawn,
    references.length === 0
      ? ''
      : `<h3>Drawn beside it</h3>${pairs(references.map(({ label, source }) => [label, source] as const))}`,
    `<h3>Verdict</h3>${checksTable(section.checks)}`,
    `<h3>Literature</h3><ul>${sources.map((source) => `<li>${escaped(source)}</li>`).join('')}</ul>`,
    pointsTable(section),
    pairs(section.provenance),
  ];
  return `<section id="${escaped(id)}" data-topics="${escaped(section.topics.join('|'))}">\n${parts.filter((part) => part !== '').join('\n')}\n</section>`;
}

function tags({ topics, mechanisms }: ReportSection): string {
  const items = [
    ...topics.map((topic) => `<li class="topic">${escaped(topic)}</li>`),
    ...mechanisms.map((mechanism) => `<li>${escaped(mechanism)}</li>`),
  ];
  return `<ul class="tags">${items.join('')}</ul>`;
}

function pairs(entries: readonly (readonly [string, string])[]): string {
  return `<dl>${entries.map(([name, value]) => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`).join('')}</dl>`;
}

function checksTable(checks: readonly ReportCheck[]): string {
  const rows = checks.map(({ name, measured, expected, tolerance, pass }) => {
    const mark = pass ? '<span class="ok" title="holds">✓</span>' : '<span class="no" title="does not hold">✗</span>';
    const cells = [name, measured, expected, tolerance].map((cell) => `<td>${escaped(cell)}</td>`);
    return `<tr><td>${mark}</td>${cells.join('')}</tr>`;
  });
  const head = ['', 'Check', 'Measured', 'Expected', 'Tolerance'].map((name) => `<th scope="col">${name}</th>`);
  return `<div class="wide"><table><thead><tr>${head.join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

function pointsTable({ points: { columns, rows } }: ReportSection): string {
  const head = columns.map((name) => `<th scope="col">${escaped(name)}</th>`).join('');
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`).join('');
  return `<details><summary>All that was measured (${String(rows.length)} points)</summary><div class="wide"><table class="points"><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div></details>`;
}
