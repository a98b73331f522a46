// What a teacher writes: every mistake is named with its place and what would be right.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { formatProblem } from '../../../core/base';
import { guidedLabs, htmlOf, inlineHtmlOf, readGuidedLab, summaryValue, type GuidedLab } from '../../../core/course';
import { evidenceOfLab } from '../../../core/classroom';
import { LAB_TEXTS } from '../../../core/course/labs';
import { ROOT } from '../../worlds';

const YAML = `format: odonata-guided-lab
version: 1
id: mine
edition: 1
title: Mine
topic: TCP
slides: [SACK]
minutes: 20
goals: [Know it.]
literature: [RFC 2018]
steps:
  - id: run-it
    title: Run it
    scenario: explicit-drops
    set: { /defaults/tcp/sack: true }
    questions:
      - id: again
        kind: number
        ask: How many go again?
        measured: { pointer: /flows/f1/retransmits }
        tolerance: 0
        explain: So many.
      - id: which
        kind: choice
        ask: Which?
        options: [{ text: This, right: true }, { text: That }]
        explain: This.
`;
const TEXT = 'About it: $a^2$.\n\n## Run it {#run-it}\n\nDo.\n';

function read(yaml = YAML, text = TEXT): ReturnType<typeof readGuidedLab> {
  return readGuidedLab({ yaml, text, yamlFile: 'lab.yaml', textFile: 'text.md', folder: 'mine' });
}

const problemsOf = (yaml: string, text?: string): string[] => {
  const result = read(yaml, text);
  return result.ok ? [] : result.problems.map(formatProblem);
};

test('a small lab is read whole', () => {
  expect(problemsOf(YAML)).toEqual([]);
});

test.each([
  ['minutes: 20', 'minuets: 20', 'lab.yaml: /minuets: line 8: unknown key "minuets"; did you mean "minutes"?'],
  [
    'minutes: 20',
    'minutes: 90',
    'lab.yaml: /minutes: line 8: 90 is out of range; it must be at most 50; for example 30',
  ],
  ['tolerance: 0', 'tolerance: about 3', 'write a share such as "5%" or a number in the unit of the answer'],
  [
    'scenario: explicit-drops',
    'scenario: explicit-drop',
    'line 14: there is no ready scenario "explicit-drop"; did you mean "explicit-drops"?',
  ],
  ['/defaults/tcp/sack: true', '/defaults/tcp/sakc: true', 'did you mean "sack"?'],
  [
    'set: { /defaults/tcp/sack: true }',
    'look: { links: [slow, fats] }',
    '/steps/0/look/links/1: line 15: there is no link "fats"; did you mean "fast"?',
  ],
  ['set: { /defaults/tcp/sack: true }', 'look: { nodes: [slow] }', 'there is no node "slow"'],
  ['set: { /defaults/tcp/sack: true }', 'look: { panel: chart }', 'a panel is one of topology, charts,'],
  [
    'scenario: explicit-drops\n    set: { /defaults/tcp/sack: true }',
    'look: { links: [slow] }',
    '/steps/0/look: line 14: this step opens nothing to look at; scenario: dumbbell',
  ],
  ['/flows/f1', '/flow/f1', 'there is no part of a summary "flow"; did you mean "flows"?'],
  ['kind: number', 'kind: nummer', 'a question\'s kind is "number", "choice", "pick" or "draw"'],
  ['right: true', 'right: false', 'no option is right; right: true'],
  ['{ text: That }', '{ text: That, right: true }', 'more than one option is right; several: true'],
  ['id: which', 'id: again', '"again" stands twice'],
  ['id: mine', 'id: yours', 'the id is "yours" and the folder "mine"'],
  [
    '  measured: { pointer',
    '  answer: 3\n        measured: { pointer',
    'a number has exactly one of "answer" and "measured"',
  ],
  ['ask: Which?', 'ask: $\\frac{a$?', 'is not TeX'],
  ['goals: [Know it.]', 'goals: [Know it.', 'lab.yaml: line 10, column'],
  ['kind: choice', 'kind: choice\n        when: before\n        of: run-it', 'unknown key "of"'],
])('%s written as %s is named', (right, wrong, said) => {
  expect(YAML).toContain(right);
  expect(problemsOf(YAML.replace(right, wrong)).join('\n')).toContain(said);
});

test('sections and steps belong together', () => {
  expect(problemsOf(YAML, 'No sections.')).toEqual(['text.md: the step "run-it" has no section; ## Run it {#run-it}']);
  expect(problemsOf(YAML, `${TEXT}\n## More {#run-itt}\n`)).toEqual([
    'text.md: line 7: no step is called "run-itt"; did you mean {#run-it}?',
  ]);
  expect(problemsOf(YAML, TEXT.replace('$a^2$', '$\\frac{a$')).join()).toContain('is not TeX');
  expect(problemsOf(YAML, `${TEXT}\n\`\`\`\n## Not a heading {#x}\n\`\`\`\n`)).toEqual([]);
});

test('formulas become MathML, raw HTML and scripts stay text, and nothing is loaded', () => {
  expect(inlineHtmlOf('if $a < b$ then')).toContain('<math');
  expect(htmlOf('$$ \\frac{a}{b} $$')).toContain('<mfrac');
  expect(inlineHtmlOf('it costs $5 and $6')).toBe('it costs $5 and $6');
  expect(htmlOf('<script>alert(1)</script> <img src=x onerror=y>')).not.toMatch(/<script|<img/);
  expect(htmlOf('[a](javascript:alert(1)) ![b](http://x/y.png)')).not.toMatch(/href|src/);
  expect(htmlOf('[a](https://www.rfc-editor.org)')).toContain('href="https://www.rfc-editor.org"');
});

test('a value of a summary is found by names, added up by a star, and missed with a hint', () => {
  const lab = guidedLabs().find(({ id }) => id === 'udp-sending')!;
  const { summary } = evidenceOfLab(lab)('direct')!;
  const value = (pointer: string): ReturnType<typeof summaryValue> => summaryValue(summary, pointer);
  const sent = summary.nics.map(({ framesSent }) => framesSent);
  expect(value('/nics/server:l1/framesSent')).toEqual({ ok: true, value: sent[1] });
  expect(value('/nics/*/framesSent')).toEqual({ ok: true, value: sent.reduce((sum, one) => sum + one, 0) });
  expect(value('/cpus/server:2/busyNs')).toEqual({ ok: true, value: summary.cpus[2]!.busyNs });
  expect(value('/links/l1:reverse/packets')).toEqual({ ok: true, value: summary.links[3]!.packets });
  expect(value('/flows/u9/rtoCount')).toMatchObject({ ok: false });
  expect(value('/nics/server:l1/frameSent')).toEqual({
    ok: false,
    reason: '"/nics/server:l1/frameSent": nothing is called "frameSent"; did you mean "framesSent"?',
  });
  expect(value('/flows/u0/id')).toEqual({ ok: false, reason: '"/flows/u0/id" is not a number' });
});

test('another text or another question gives another fingerprint', () => {
  const { id, yaml, text } = LAB_TEXTS[0]!;
  const print = (files: { yaml: string; text: string }): string => {
    const result = readGuidedLab({ ...files, yamlFile: '', textFile: '', folder: id });
    return (result as { value: GuidedLab }).value.fingerprint;
  };
  const own = print({ yaml, text });
  expect(print({ yaml, text: `${text} ` })).not.toBe(own);
  expect(print({ yaml: `${yaml}# \n`, text })).not.toBe(own);
  expect(print({ yaml, text })).toBe(own);
});

test("the example of the author's guide is a lab", () => {
  const guide = readFileSync(join(ROOT, 'docs/authoring-labs.md'), 'utf8');
  const block = (language: string): string => new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(guide)![1]!;
  const files = { yaml: block('yaml'), text: block('markdown'), yamlFile: 'a', textFile: 'b', folder: 'little-sack' };
  expect(readGuidedLab(files)).toMatchObject({ ok: true });
});
