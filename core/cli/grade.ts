// odonata grade: marks a folder of hand-ins.

import { readFileSync } from 'node:fs';
import { badInput, formatProblem } from '../base';
import { labsWith, markFolder, writeMarks } from '../classroom';
import { type Marked, marksCsv } from '../course';
import { ExitCode, printJson, printLine, printTable, tell } from './output';

export interface GradeOptions {
  readonly key?: string;
  readonly labs?: string;
  readonly out?: string;
  readonly json?: boolean;
}

export function gradeCommand(folder: string, options: GradeOptions): number {
  const key = options.key === undefined ? undefined : classKey(options.key);
  const { marks, problems } = markFolder(folder, labsWith(options.labs), key);
  const all = marks.map(({ marked }) => marked);
  if (options.out !== undefined) writeMarks(options.out, marks);
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
