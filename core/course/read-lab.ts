// A guided lab from its two files, with every problem at once: YAML, schema, names that refer to something, texts and formulas.

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { isNode, LineCounter, parseDocument } from 'yaml';
import type { Checked, Problem } from '../base';
import { GALLERY, nearest, pathOf, type ResolvedScenario, schemaProblems } from '../scenario';
import { PICK_KINDS } from './evidence';
import { type GuidedLab, runs, stepScenario } from './guided-lab';
import { wrongFormulas } from './markdown';
import { type GuidedLabDocument, guidedLabSchema, type Question, type Step } from './schema';
import { END, sectionsOf, START } from './sections';

/** The two files, and how problems call them. */
export interface LabFiles {
  readonly yaml: string;
  readonly text: string;
  readonly yamlFile: string;
  readonly textFile: string;
  /** Name of the folder; it is the lab's id. */
  readonly folder: string;
}

/** Longest text of either file, in characters. */
const TEXT_MAX = 1_000_000;

export function readGuidedLab(files: LabFiles): Checked<GuidedLab> {
  for (const [text, file] of [
    [files.yaml, files.yamlFile],
    [files.text, files.textFile],
  ] as const)
    if (text.length > TEXT_MAX)
      return {
        ok: false,
        problems: [
          {
            file,
            pointer: '',
            message: 'the file is longer than a million characters',
            suggestion: 'was another file meant?',
          },
        ],
      };
  const { value, problems, lineOf } = readYaml(files);
  if (problems.length > 0) return { ok: false, problems };
  const withLine = (problem: Problem): Problem => {
    const line = problem.file === files.yamlFile ? lineOf(problem.pointer) : undefined;
    return line === undefined ? problem : { ...problem, message: `line ${String(line)}: ${problem.message}` };
  };
  const read = guidedLabSchema.safeParse(value);
  if (!read.success) {
    const found = schemaProblems(read.error, value, files.yamlFile, guidedLabSchema);
    return { ok: false, problems: found.map(withLine) };
  }
  const found = [...labProblems(read.data, files), ...textProblems(read.data, files)].map(withLine);
  if (found.length > 0) return { ok: false, problems: found };
  const fingerprint = bytesToHex(sha256(utf8ToBytes(`${files.yaml}\0${files.text}`)));
  return { ok: true, value: { ...read.data, sections: sectionsOf(files.text), fingerprint }, problems: [] };
}

function readYaml({ yaml, yamlFile }: LabFiles): {
  value: unknown;
  problems: Problem[];
  lineOf: (pointer: string) => number | undefined;
} {
  const lines = new LineCounter();
  const document = parseDocument(yaml, { lineCounter: lines, prettyErrors: false });
  const problems = document.errors.map(({ message, pos }): Problem => {
    const { line, col } = lines.linePos(pos[0]);
    return {
      file: yamlFile,
      pointer: '',
      message: `line ${String(line)}, column ${String(col)}: ${message}`,
      suggestion: 'text with a colon or a # belongs in quotes, and items of a list are indented alike',
    };
  });
  const lineOf = (pointer: string): number | undefined => {
    // The place itself may be missing; then the nearest thing above it.
    for (let path = pathOf(pointer) ?? []; path.length > 0; path = path.slice(0, -1)) {
      const node = document.getIn(
        path.map((part) => (/^\d+$/.test(part) ? Number(part) : part)),
        true,
      );
      if (isNode(node) && node.range !== null && node.range !== undefined) return lines.linePos(node.range[0]).line;
    }
    return undefined;
  };
  if (problems.length > 0) return { value: undefined, problems, lineOf };
  try {
    return { value: document.toJS() as unknown, problems, lineOf };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { value: undefined, problems: [{ file: yamlFile, pointer: '', message }], lineOf };
  }
}

/** Collects problems of `lab.yaml`. */
class Collected {
  readonly problems: Problem[] = [];
  constructor(private readonly file: string) {}

  at(pointer: string, message: string, suggestion?: string): void {
    this.problems.push({ file: this.file, pointer, message, suggestion });
  }

  /** A name that has to be one of several. */
  oneOf(name: string, names: readonly string[], pointer: string, what: string): void {
    if (names.includes(name)) return;
    const near = nearest(name, names);
    this.at(
      pointer,
      `there is no ${what} "${name}"`,
      near === undefined ? `there are ${names.join(', ')}` : `did you mean "${near}"?`,
    );
  }
}

function labProblems(lab: GuidedLabDocument, { yamlFile, folder }: LabFiles): Problem[] {
  const found = new Collected(yamlFile);
  if (lab.id !== folder) found.at('/id', `the id is "${lab.id}" and the folder "${folder}"`, 'give both the same name');
  const ids = new Set<string>();
  const once = (id: string, pointer: string): void => {
    if (ids.has(id)) found.at(pointer, `"${id}" stands twice`, 'give each step and question a name of its own');
    ids.add(id);
  };
  lab.steps.forEach((step, index) => {
    const pointer = `/steps/${String(index)}`;
    once(step.id, `${pointer}/id`);
    if ([START, END].includes(step.id)) found.at(`${pointer}/id`, `"${step.id}" is taken`, 'choose another name');
    const sources = [step.scenario, step.inline, step.sameAs].filter((source) => source !== undefined).length;
    if (sources > 1) found.at(pointer, 'a step has one of "scenario", "inline" and "sameAs"', 'keep one of them');
    if (sources === 0 && step.set !== undefined)
      found.at(`${pointer}/set`, 'nothing is there to set it in', 'scenario: dumbbell');
    const before = lab.steps
      .slice(0, index)
      .filter(runs)
      .map(({ id }) => id);
    if (step.scenario !== undefined)
      found.oneOf(
        step.scenario,
        GALLERY.map(({ id }) => id),
        `${pointer}/scenario`,
        'ready scenario',
      );
    if (step.sameAs !== undefined)
      found.oneOf(step.sameAs, before, `${pointer}/sameAs`, 'earlier step that runs something');
    if (found.problems.length > 0) return;
    if (runs(step)) {
      const scenario = stepScenario(lab, step, yamlFile);
      if (!scenario.ok) found.problems.push(...scenario.problems);
      else lookProblems(step.look, scenario.value.resolved, `${pointer}/look`, found);
    } else if (step.look !== undefined)
      found.at(`${pointer}/look`, 'this step opens nothing to look at', 'scenario: dumbbell');
    step.questions.forEach((question, at) => {
      once(question.id, `${pointer}/questions/${String(at)}/id`);
      questionProblems(lab, index, question, `${pointer}/questions/${String(at)}`, found);
    });
  });
  return found.problems;
}

/** What a step points at is there in its scenario. */
function lookProblems(look: Step['look'], { nodes, links }: ResolvedScenario, pointer: string, found: Collected): void {
  const known = { links: links.map(({ id }) => id), nodes: nodes.map(({ id }) => id) };
  for (const kind of ['links', 'nodes'] as const)
    look?.[kind]?.forEach((id, index) => {
      found.oneOf(id, known[kind], `${pointer}/${kind}/${String(index)}`, kind.slice(0, -1));
    });
}

function questionProblems(
  lab: GuidedLabDocument,
  index: number,
  question: Question,
  pointer: string,
  found: Collected,
): void {
  const step = lab.steps[index]!;
  // A prediction is about its own step's run; what comes after may look back.
  const ran = lab.steps
    .slice(0, index + 1)
    .filter(runs)
    .map(({ id }) => id);
  const stepNamed = (id: string | undefined, where: string): void => {
    if (id !== undefined) found.oneOf(id, ran, where, 'step with a run so far');
    else if (!runs(step)) found.at(where, 'this step runs nothing', 'name the step with "of"');
  };
  if (question.credit !== undefined && question.when !== 'before')
    found.at(`${pointer}/credit`, 'only predictions have it', 'when: before');
  if (question.when === 'before' && !runs(step))
    found.at(`${pointer}/when`, 'this step runs nothing to predict', 'scenario: dumbbell');
  if (question.when === 'before' && question.kind === 'pick')
    found.at(`${pointer}/when`, 'nothing can be picked before there is a run', 'when: after');
  if (question.kind === 'number') {
    if ((question.answer === undefined) === (question.measured === undefined))
      found.at(pointer, 'a number has exactly one of "answer" and "measured"', 'answer: 3');
    if (question.measured !== undefined) measuredProblems(question.measured, `${pointer}/measured`, stepNamed, found);
  }
  if (question.kind === 'choice') {
    const right = question.options.filter((option) => option.right === true).length;
    if (right === 0) found.at(`${pointer}/options`, 'no option is right', 'right: true');
    if (right > 1 && question.several !== true)
      found.at(`${pointer}/several`, 'more than one option is right', 'several: true');
  }
  if (question.kind === 'pick') {
    stepNamed(question.of, `${pointer}/of`);
    if (question.where.kind !== undefined)
      found.oneOf(question.where.kind, PICK_KINDS, `${pointer}/where/kind`, 'kind of record');
    if (Object.keys(question.where).length === 0) found.at(`${pointer}/where`, 'everything fits', 'kind: drop');
  }
  if (question.kind === 'draw') {
    stepNamed(question.of, `${pointer}/of`);
    if (question.toSeconds <= question.fromSeconds)
      found.at(`${pointer}/toSeconds`, 'the curve ends before it begins', 'toSeconds: 3');
  }
}

/** Parts of a summary that pointers may begin with. */
const SUMMARY_PARTS = [
  'flows',
  'links',
  'hosts',
  'routers',
  'cpus',
  'kernels',
  'nics',
  'stacks',
  'totals',
  'durationNs',
  'seed',
];

function measuredProblems(
  measured: NonNullable<Extract<Question, { kind: 'number' }>['measured']>,
  pointer: string,
  stepNamed: (id: string | undefined, where: string) => void,
  found: Collected,
): void {
  stepNamed(measured.of, `${pointer}/of`);
  if (measured.minusOf !== undefined) stepNamed(measured.minusOf, `${pointer}/minusOf`);
  if (measured.overOf !== undefined) stepNamed(measured.overOf, `${pointer}/overOf`);
  for (const key of ['pointer', 'minus', 'over'] as const) {
    const first = measured[key] === undefined ? undefined : pathOf(measured[key])?.[0];
    if (first !== undefined) found.oneOf(first, SUMMARY_PARTS, `${pointer}/${key}`, 'part of a summary');
  }
}

/** Every step has a section, every section a step, and formulas are TeX. */
function textProblems(lab: GuidedLabDocument, { text, textFile, yamlFile }: LabFiles): Problem[] {
  const problems: Problem[] = [];
  const sections = sectionsOf(text);
  const steps = lab.steps.map(({ id }) => id);
  const at = (line: number, message: string, suggestion: string): void => {
    problems.push({ file: textFile, pointer: '', message: `line ${String(line)}: ${message}`, suggestion });
  };
  for (const [index, { id, line, markdown }] of sections.entries()) {
    if (sections.findIndex((other) => other.id === id) < index)
      at(line, `the section {#${id}} stands twice`, 'keep one of them');
    if (![...steps, START, END].includes(id)) {
      const near = nearest(id, [...steps, END]);
      at(
        line,
        `no step is called "${id}"`,
        near === undefined ? `steps are ${steps.join(', ')}` : `did you mean {#${near}}?`,
      );
    }
    for (const { tex, reason } of wrongFormulas(markdown))
      at(line, `the formula $${tex}$ below is not TeX: ${reason}`, 'such as $\\frac{a}{b}$');
  }
  for (const step of lab.steps)
    if (!sections.some(({ id }) => id === step.id))
      problems.push({
        file: textFile,
        pointer: '',
        message: `the step "${step.id}" has no section`,
        suggestion: `## ${step.title} {#${step.id}}`,
      });
  lab.steps.forEach(({ questions }, step) => {
    questions.forEach((question, index) => {
      const texts = { ask: question.ask, explain: question.explain, hints: (question.hints ?? []).join('\n\n') };
      for (const [key, words] of Object.entries(texts))
        for (const { tex, reason } of wrongFormulas(words))
          problems.push({
            file: yamlFile,
            pointer: `/steps/${String(step)}/questions/${String(index)}/${key}`,
            message: `the formula $${tex}$ is not TeX: ${reason}`,
            suggestion: 'such as $\\frac{a}{b}$, and no quotes around it that eat the backslash',
          });
    });
  });
  return problems;
}
