// odonata grade: marks a folder of hand-ins. Broken files are named, all others are marked.

import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Problem } from '../base';
import {
  type EvidenceOf,
  type GuidedLab,
  type HandIn,
  type Marked,
  markHandIn,
  marksCsv,
  readHandIn,
  studentReportHtml,
} from '../course';
import { nearest } from '../scenario';
import { writeWhole } from '../store';
import { evidenceOfLab, HAND_IN_ENDING, handInsBelow, labsWith } from './course-files';
import { BadInput, badInput, ExitCode, printJson, printLine, printTable, tell } from './output';
import { formatProblem } from '../base';

export interface GradeOptions {
  readonly key?: string;
  readonly labs?: string;
  readonly out?: string;
  readonly json?: boolean;
}

/** A hand-in with the lab that it is of. */
interface Readable {
  readonly file: string;
  readonly lab: GuidedLab;
  readonly handIn: HandIn;
}

/** A larger file is no hand-in. */
const BYTES_MAX = 64 * 1024 * 1024;

export function gradeCommand(folder: string, options: GradeOptions): number {
  const files = handInsBelow(folder);
  if (files.length === 0)
    throw badInput(folder, 'there is no hand-in in it', `files whose names end in ${HAND_IN_ENDING}`);
  const key = options.key === undefined ? undefined : classKey(options.key);
  const labs = labsWith(options.labs);
  const problems: Problem[] = [];
  const readable = files.flatMap((file) => readOne(file, labs, problems));
  const evidence = new Map<string, EvidenceOf>();
  const marked = readable.map(({ file, lab, handIn }) => {
    const evidenceOf = evidence.get(lab.id) ?? evidenceOfLab(lab);
    evidence.set(lab.id, evidenceOf);
    return markHandIn(lab, handIn, file, evidenceOf, key);
  });
  const all = withCopies(marked, readable);
  if (options.out !== undefined) writeResults(options.out, all, readable);
  if (options.json === true) printJson({ format: 'odonata-marks', version: 1, marked: all, problems });
  else if (options.out === undefined) process.stdout.write(marksCsv(all));
  else show(all, options.out);
  for (const problem of problems) tell(formatProblem(problem));
  for (const { file, tampered } of all) for (const flaw of tampered) tell(`${file}: tampered: ${flaw}`);
  if (problems.length > 0) return ExitCode.badInput;
  return all.some(({ tampered }) => tampered.length > 0) ? ExitCode.checkFailed : ExitCode.done;
}

/** The key is the file's first line, so that an editor's last newline does not matter. */
function classKey(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw badInput(file, 'the key cannot be read', 'a text file whose first line is the class key');
  }
  const key = text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)[0]!
    .trim();
  if (key === '') throw badInput(file, 'the key is empty', 'a text file whose first line is the class key');
  return key;
}

function readOne(file: string, labs: readonly GuidedLab[], problems: Problem[]): Readable[] {
  let text: string;
  try {
    if (statSync(file).size > BYTES_MAX) throw new BadInput([]);
    text = readFileSync(file, 'utf8');
  } catch {
    problems.push({
      file,
      pointer: '',
      message: 'the file cannot be read or is too large',
      suggestion: 'ask for it once more',
    });
    return [];
  }
  const read = readHandIn(text, file);
  if (!read.ok) {
    problems.push(...read.problems);
    return [];
  }
  const first = read.value.entries[0]!.deed;
  if (first.do !== 'begin') {
    problems.push({
      file,
      pointer: '/entries/0/deed',
      message: 'the log does not begin with its beginning',
      suggestion: 'ask for the file once more',
    });
    return [];
  }
  const lab = labs.find(({ id }) => id === first.lab);
  if (lab !== undefined) return [{ file, lab, handIn: read.value }];
  const near = nearest(
    first.lab,
    labs.map(({ id }) => id),
  );
  problems.push({
    file,
    pointer: '/entries/0/deed/lab',
    message: `it is of the lab "${first.lab}", which is not here`,
    suggestion: near === undefined ? 'add --labs FOLDER with your own labs' : `add --labs FOLDER; is it "${near}"?`,
  });
  return [];
}

/** Two logs whose entries came at the same times are one log: nobody works in step to the millisecond. */
function withCopies(marked: readonly Marked[], readable: readonly Readable[]): Marked[] {
  const rhythms = readable.map(({ handIn }) => handIn.entries.map(({ atMs }) => atMs).join(' '));
  return marked.map((each, index) => {
    const twin = rhythms.findIndex((rhythm, other) => other !== index && rhythm === rhythms[index]);
    return twin < 0 ? each : { ...each, tampered: [...each.tampered, `the same times as in ${readable[twin]!.file}`] };
  });
}

function writeResults(folder: string, marked: readonly Marked[], readable: readonly Readable[]): void {
  mkdirSync(join(folder, 'reports'), { recursive: true });
  writeWhole(join(folder, 'marks.csv'), marksCsv(marked));
  const taken = new Set<string>();
  marked.forEach((each, index) => {
    writeWhole(join(folder, 'reports', reportName(each, taken)), studentReportHtml(readable[index]!.lab, each));
  });
}

/** A file name of its own for each report, whatever characters a student's name has. */
function reportName({ student, lab, file }: Marked, taken: Set<string>): string {
  const plain = `${student.id} ${student.name}`
    .normalize('NFC')
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '');
  const stem = `${(plain === '' ? basename(file, HAND_IN_ENDING) : plain).slice(0, 80)}-${lab}`;
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? `${stem}.html` : `${stem}-${String(number)}.html`;
    if (taken.has(name.toLowerCase())) continue;
    taken.add(name.toLowerCase());
    return name;
  }
}

function show(marked: readonly Marked[], folder: string): void {
  printTable([
    ['student', 'id', 'lab', 'points', ''],
    ...marked.map(({ student, lab, points, possible, tampered }) => [
      student.name,
      student.id,
      lab,
      `${String(Math.round(points * 100) / 100)} of ${String(possible)}`,
      tampered.length > 0 ? 'tampered' : '',
    ]),
  ]);
  printLine(`marks and reports in ${folder}`);
}
