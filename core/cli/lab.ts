// odonata lab: the catalogue of labs, and one of them run and judged against what the literature leads one to expect.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { FIGURE_PRESETS, renderFigure } from '../export';
import { labCsv, labFigure, type LabResult, LABS, runLab } from '../labs';
import { nearest } from '../scenario';
import { writeWhole } from '../store';
import { badInput, ExitCode, printJson, printLine, printTable } from './output';
import { startProgress } from './progress';
import { VERSION } from './version';

export interface LabOptions {
  readonly quick?: boolean;
  readonly out?: string;
  readonly json?: boolean;
}

export function labListCommand(json: boolean): number {
  if (json)
    printJson(
      LABS.map(({ id, experiment, title, slide, question, expected, sources, lookFor }) => ({
        id,
        experiment,
        title,
        slide,
        question,
        expected,
        sources,
        lookFor,
      })),
    );
  else printTable([['lab', 'title', 'about'], ...LABS.map(({ id, title, slide }) => [id, title, slide])]);
  return ExitCode.done;
}

export function labRunCommand(id: string, options: LabOptions): number {
  const lab = LABS.find((one) => one.id === id || String(one.experiment) === id);
  if (lab === undefined) throw unknownLab(id);
  const quick = options.quick === true;
  const progress = startProgress(lab.title);
  let result: LabResult;
  try {
    result = runLab(lab, quick, (done, all) => {
      progress.update(done / all);
    });
  } finally {
    progress.stop();
  }
  if (options.out !== undefined) writeLab(result, options.out);
  if (options.json === true) printJson(recordOf(result));
  else report(result, options.out);
  return result.pass ? ExitCode.done : ExitCode.checkFailed;
}

function unknownLab(id: string): Error {
  const near = nearest(
    id,
    LABS.map((lab) => lab.id),
  );
  return badInput(
    'lab',
    `there is no lab "${id}"`,
    near === undefined
      ? 'odonata lab list shows them all; the number is enough, such as odonata lab run 13'
      : `did you mean "${near}"?`,
  );
}

/** The verdict, with all that was measured. */
function recordOf({ lab, quick, table, checks, pass }: LabResult): object {
  const { id, experiment, title, question, expected, sources } = lab;
  return {
    format: 'odonata-verdict',
    version: 1,
    program: VERSION,
    lab: { id, experiment, title, question, expected, sources },
    quick,
    pass,
    checks,
    points: table.rows.map(({ point, mean }) => ({ ...point, ...mean })),
    command: `odonata lab run ${id}${quick ? ' --quick' : ''}`,
  };
}

function writeLab(result: LabResult, folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeWhole(join(folder, 'verdict.json'), `${JSON.stringify(recordOf(result), undefined, 2)}\n`);
  writeWhole(join(folder, 'points.csv'), labCsv(result));
  writeWhole(join(folder, 'chart.svg'), renderFigure(labFigure(result), FIGURE_PRESETS[0]!));
}

function report({ lab, checks, pass }: LabResult, folder: string | undefined): void {
  printLine(`${lab.id}: ${lab.title}`);
  printLine(`  ${lab.question}`);
  printLine(`  Expected: ${lab.expected}`);
  printTable([
    ['', 'check', 'measured', 'expected'],
    ...checks.map((check) => [check.pass ? 'ok' : 'NO', check.name, shortened(check.measured), check.expected]),
  ]);
  const failed = checks.filter((check) => !check.pass).length;
  printLine(
    pass
      ? `all ${String(checks.length)} checks hold`
      : `${String(failed)} of ${String(checks.length)} checks do not hold`,
  );
  if (folder !== undefined) printLine(`results in ${folder}`);
}

const SHOWN_MAX = 60;

function shortened(text: string): string {
  return text.length <= SHOWN_MAX ? text : `${text.slice(0, SHOWN_MAX - 1)}…`;
}
