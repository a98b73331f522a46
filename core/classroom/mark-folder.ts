// A folder of hand-ins marked. Broken files are named, all others are marked.

import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { badInput, BadInput, type Problem } from '../base';
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
import { namesIn } from './lab-folders';
import { evidenceOfLab } from './steps';

export const HAND_IN_ENDING = '.odonata-handin';

/** Hand-ins in a folder and the folders below it, by name. */
export function handInsBelow(folder: string): string[] {
  return namesIn(folder).flatMap((name) => {
    const path = join(folder, name);
    if (name.endsWith(HAND_IN_ENDING)) return [path];
    return isFolder(path) ? handInsBelow(path) : [];
  });
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** A hand-in with the lab that it is of. */
interface Readable {
  readonly file: string;
  readonly lab: GuidedLab;
  readonly handIn: HandIn;
}

/** A larger file is no hand-in. */
const BYTES_MAX = 64 * 1024 * 1024;

/** A hand-in with its marks, and the lab that it is of. */
export interface MarkedHandIn {
  readonly lab: GuidedLab;
  readonly marked: Marked;
}

export interface FolderMarks {
  readonly marks: readonly MarkedHandIn[];
  /** Of files that could not be read. */
  readonly problems: readonly Problem[];
}

/**
 * Marks all hand-ins below a folder.
 * @param key the class key, when seals are expected
 * @throws BadInput if there is none
 */
export function markFolder(folder: string, labs: readonly GuidedLab[], key?: string): FolderMarks {
  const files = handInsBelow(folder);
  if (files.length === 0)
    throw badInput(folder, 'there is no hand-in in it', `files whose names end in ${HAND_IN_ENDING}`);
  const problems: Problem[] = [];
  const readable = files.flatMap((file) => readOne(file, labs, problems));
  const evidence = new Map<string, EvidenceOf>();
  const marked = readable.map(({ file, lab, handIn }) => {
    const evidenceOf = evidence.get(lab.id) ?? evidenceOfLab(lab);
    evidence.set(lab.id, evidenceOf);
    return markHandIn(lab, handIn, file, evidenceOf, key);
  });
  const all = withCopies(marked, readable);
  return { marks: all.map((each, index) => ({ lab: readable[index]!.lab, marked: each })), problems };
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

/** The marks as CSV, and then a report for each student, in the order of the marks. */
export function reportFiles(marks: readonly MarkedHandIn[]): { readonly name: string; readonly text: string }[] {
  const taken = new Set<string>();
  const reports = marks.map(({ lab, marked }) => ({
    name: join('reports', reportName(marked, taken)),
    text: studentReportHtml(lab, marked),
  }));
  return [{ name: 'marks.csv', text: marksCsv(marks.map(({ marked }) => marked)) }, ...reports];
}

/** Leaves them in a folder. */
export function writeMarks(folder: string, marks: readonly MarkedHandIn[]): void {
  mkdirSync(join(folder, 'reports'), { recursive: true });
  for (const { name, text } of reportFiles(marks)) writeWhole(join(folder, name), text);
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
