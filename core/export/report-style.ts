// How the report's page looks, on screen by day and by night and on paper, and how its search works. Nothing comes from elsewhere.

export const REPORT_CSS = `
:root { color-scheme: light dark; --paper: #ffffff; --ink: #1b1f24; --soft: #59636e; --line: #d8dee4; --panel: #f6f8fa;
  --accent: #0067a3; --good: #1a7f37; --bad: #b42318; --grid: #dddddd; }
@media (prefers-color-scheme: dark) { :root { --paper: #14181d; --ink: #e6e9ed; --soft: #9aa4af; --line: #343b44; --panel: #1b2027;
  --accent: #6cb6f0; --good: #57c977; --bad: #ff8a80; --grid: #343b44; } }
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 1rem; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 'Source Sans 3', system-ui, -apple-system, 'Segoe UI',
  Helvetica, Arial, sans-serif; }
.page { display: grid; grid-template-columns: 19rem minmax(0, 1fr); max-width: 82rem; margin: 0 auto; }
nav { position: sticky; top: 0; align-self: start; height: 100vh; overflow: auto; padding: 1.5rem 1rem 2rem 1.25rem;
  border-right: 1px solid var(--line); font-size: .875rem; }
main { padding: 2rem 2.5rem 5rem; min-width: 0; max-width: 58rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .25rem; }
h2 { font-size: 1.4rem; line-height: 1.25; margin: 0 0 .25rem; }
h3 { font-size: 1rem; margin: 1.5rem 0 .4rem; }
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; }
p { margin: .5rem 0; }
.soft { color: var(--soft); }
.total { font-size: 1.1rem; font-weight: 600; margin: 1rem 0; }
section { padding: 2.25rem 0 1rem; border-top: 1px solid var(--line); }
nav h2 { font-size: .95rem; margin: 1.1rem 0 .3rem; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav li a { display: flex; gap: .5rem; padding: .16rem .4rem; border-radius: 4px; color: var(--ink); }
nav li a:hover { background: var(--panel); text-decoration: none; }
nav .number { color: var(--soft); min-width: 1.4rem; text-align: right; font-variant-numeric: tabular-nums; }
nav .no { margin-left: auto; }
input, select { width: 100%; font: inherit; color: inherit; background: var(--panel); border: 1px solid var(--line); border-radius: 6px;
  padding: .4rem .55rem; margin-bottom: .45rem; }
.no { color: var(--bad); font-weight: 600; }
.ok { color: var(--good); font-weight: 600; }
.tags { display: flex; flex-wrap: wrap; gap: .35rem; margin: .6rem 0; padding: 0; list-style: none; }
.tags li { font-size: .8rem; padding: .05rem .55rem; border: 1px solid var(--line); border-radius: 99px; color: var(--soft); }
.tags .topic { color: var(--accent); border-color: var(--accent); }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .25rem 1rem; margin: .75rem 0; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
figure { margin: 1.25rem 0; }
figure svg { width: 100%; height: auto; max-width: 46rem; fill: var(--ink); display: block; }
figure svg > rect:first-of-type { fill: none; }
figure svg [stroke='#000000'] { stroke: var(--ink); }
figure svg [stroke='#dddddd'] { stroke: var(--grid); }
figure svg [stroke='#555555'] { stroke: var(--soft); }
figure svg [fill='#ffffff'] { fill: var(--paper); }
@media (prefers-color-scheme: dark) {
  figure svg [stroke='#0072b2'] { stroke: #4aa8e6; } figure svg [fill='#0072b2'] { fill: #4aa8e6; }
  figure svg [stroke='#009e73'] { stroke: #2fc49b; } figure svg [fill='#009e73'] { fill: #2fc49b; }
}
figcaption { color: var(--soft); font-size: .9rem; }
.wide { overflow-x: auto; }
.wide table { min-width: 36rem; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th { text-align: left; color: var(--soft); font-weight: 600; border-bottom: 1px solid var(--line); padding: .3rem .6rem .3rem 0; }
td { vertical-align: top; border-bottom: 1px solid var(--line); padding: .35rem .6rem .35rem 0; overflow-wrap: break-word; }
td:first-child, th:first-child { width: 2.2rem; }
.points td, .points th { width: auto; white-space: nowrap; text-align: right; font-variant-numeric: tabular-nums; padding: .1rem .75rem .1rem 0; }
details { margin: .75rem 0; }
summary { cursor: pointer; color: var(--accent); }
code { font: .9em ui-monospace, 'Cascadia Mono', Menlo, Consolas, monospace; }
[hidden] { display: none !important; }
@media (max-width: 60rem) { .page { display: block; } nav { position: static; height: auto; border-right: 0;
  border-bottom: 1px solid var(--line); max-height: 22rem; } main { padding: 1.25rem 1rem 4rem; } dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: .4rem; } }
@media print { .wide table { min-width: 0; } :root { color-scheme: light; --paper: #ffffff; --ink: #000000; --soft: #444444; --line: #cccccc; --panel: #ffffff;
  --accent: #000000; --good: #000000; --bad: #000000; --grid: #dddddd; }
  .page { display: block; max-width: none; } nav { position: static; height: auto; max-height: none; border: 0; padding: 0; columns: 2; }
  nav .search, details { display: none; } main { padding: 0; max-width: none; } body { font-size: 10pt; }
  section { break-before: page; border: 0; } figure, tr { break-inside: avoid; } figure svg { max-width: 15cm; } }
`;

export const REPORT_SCRIPT = `
const words = document.querySelector('#words'), topic = document.querySelector('#topic'), none = document.querySelector('#none');
const sections = [...document.querySelectorAll('section')];
function search() {
  const wanted = words.value.toLowerCase().split(/\\s+/).filter(Boolean);
  let found = 0;
  for (const section of sections) {
    const topics = section.dataset.topics.split('|');
    const text = section.textContent.toLowerCase();
    const fits = (topic.value === '' || topics.includes(topic.value)) && wanted.every((word) => text.includes(word));
    section.hidden = !fits;
    document.querySelectorAll('nav [href="#' + section.id + '"]').forEach((link) => { link.parentElement.hidden = !fits; });
    if (fits) found += 1;
  }
  document.querySelectorAll('nav .group').forEach((group) => { group.hidden = !group.querySelector('li:not([hidden])'); });
  none.hidden = found > 0;
}
words.addEventListener('input', search);
topic.addEventListener('change', search);
`;
