// odonata lab run: one lab run and judged against what the literature leads one to expect.

import { badInput } from '../base';
import {
  forecastSeconds,
  type Lab,
  LAB_COSTS,
  labFiles,
  labOutcome,
  type LabResult,
  LABS,
  labVerdict,
  pointsOf,
  runLab,
} from '../labs';
import { nearest } from '../scenario';
import { writeLabResult } from '../store';
import { aboutTime } from './lab-list';
import { ExitCode, printJson, printLine, printTable, tell } from './output';
import { startProgress } from './progress';
import { VERSION } from './version';

export interface LabOptions {
  readonly quick?: boolean;
  readonly out?: string;
  readonly json?: boolean;
}

export function labRunCommand(id: string, options: LabOptions): number {
  const lab = labOf(id);
  const startedAt = performance.now();
  const result = runAnnounced(lab, options.quick === true);
  if (options.out !== undefined) writeLab(result, (performance.now() - startedAt) / 1000, options.out);
  if (options.json === true) printJson(labVerdict(result, VERSION));
  else report(result, options.out);
  return result.pass ? ExitCode.done : ExitCode.checkFailed;
}

/** The lab of this id or number. */
export function labOf(id: string): Lab {
  const lab = LABS.find((one) => one.id === id || String(one.experiment) === id);
  if (lab !== undefined) return lab;
  const near = nearest(
    id,
    LABS.map((one) => one.id),
  );
  throw badInput(
    'lab',
    `there is no lab "${id}"`,
    near === undefined
      ? 'odonata lab list shows them all; the number is enough, such as odonata lab run 13'
      : `did you mean "${near}"?`,
  );
}

/** Shorter runs are over before a forecast helps. */
const FORECAST_FROM_SECONDS = 5;

/** Runs a lab with progress; a full run says beforehand how long it takes, and how long here once its first points are timed. */
export function runAnnounced(lab: Lab, quick: boolean): LabResult {
  const cost = LAB_COSTS[lab.id];
  const measurements = pointsOf(lab, false).length * lab.replications.full;
  const timed = Math.min(cost?.first.measurements ?? Math.ceil(measurements / 20), measurements);
  if (!quick) {
    const typical = cost === undefined ? '' : `, typically ${aboutTime(cost.fullSeconds)}`;
    tell(`${lab.id}: ${String(measurements)} measurements${typical}`);
  }
  const announces = !quick && (cost === undefined || cost.fullSeconds >= FORECAST_FROM_SECONDS);
  const startedAt = performance.now();
  const progress = startProgress(lab.title);
  try {
    return runLab(lab, {
      quick,
      onProgress: ({ done, all }) => {
        if (announces && done === timed && done < all) {
          const seconds = forecastSeconds(lab.id, done, (performance.now() - startedAt) / 1000, all);
          tell(`${lab.id}: about ${aboutTime(seconds)} on this machine`);
        }
        progress.update(done / all);
      },
    });
  } finally {
    progress.stop();
  }
}

/** Leaves a lab's verdict, values and pictures in a folder, and what the workbench shows of it. */
export function writeLab(result: LabResult, seconds: number, folder: string): void {
  const { lab, quick, checks } = result;
  const facts = {
    lab: lab.id,
    quick,
    seeds: quick ? lab.replications.quick : lab.replications.full,
    checks: checks.length,
    failed: checks.filter(({ pass }) => !pass).length,
    ranAt: new Date().getTime(),
    seconds,
    program: VERSION,
  };
  writeLabResult(folder, facts, labOutcome(result, facts, lab), labFiles(result, VERSION));
}

function report({ lab, checks, pass }: LabResult, folder: string | undefined): void {
  printLine(`${lab.id}: ${lab.title}`);
  printLine(`  ${lab.question}`);
  printLine(`  Expected: ${lab.expected}`);
  printTable([
    ['', 'check', 'measured', 'expected', 'tolerance'],
    ...checks.map((check) => [
      check.pass ? 'ok' : 'NO',
      check.name,
      shortened(check.measured),
      shortened(check.expected),
      check.tolerance ?? '',
    ]),
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
