// odonata course: guided labs for a class. Lists them, checks a teacher's own, and prints handouts.

import { dirname } from 'node:path';
import { mkdirSync } from 'node:fs';
import { BadInput, badInput, type Problem } from '../base';
import { expectedText, type GuidedLab, guidedLabs, handoutHtml, questionsOf, runs } from '../course';
import { evidenceOfLab, labNamed, readLabFolder, runProblems } from '../classroom';
import { handoutToPdf } from '../print';
import { writeWhole } from '../store';

import { ExitCode, printJson, printLine, printTable } from './output';

export function courseListCommand({ json }: { readonly json?: boolean }): number {
  if (json === true) {
    printJson(
      guidedLabs().map((lab) => ({
        id: lab.id,
        edition: lab.edition,
        title: lab.title,
        topic: lab.topic,
        slides: lab.slides,
        minutes: lab.minutes,
        goals: lab.goals,
        steps: lab.steps.length,
        questions: questionsOf(lab).length,
        experiments: lab.experiments ?? [],
      })),
    );
    return ExitCode.done;
  }
  printTable(guidedLabs().map(({ id, minutes, topic, title }) => [id, `${String(minutes)} min`, topic, title]));
  return ExitCode.done;
}

/** Reads a lab, runs its steps, and sees whether each question has a right answer. */
export function courseCheckCommand(folder: string, { json }: { readonly json?: boolean }): number {
  let problems: readonly Problem[] = [];
  let lab: GuidedLab | undefined;
  try {
    lab = readLabFolder(folder);
    problems = runProblems(lab, `${folder}/lab.yaml`);
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    ({ problems } = error);
  }
  if (json === true) printJson({ ok: problems.length === 0, problems });
  else if (problems.length > 0) throw new BadInput(problems);
  else if (lab !== undefined) describe(lab);
  return problems.length === 0 ? ExitCode.done : ExitCode.badInput;
}

function describe(lab: GuidedLab): void {
  const evidenceOf = evidenceOfLab(lab);
  printLine(`${lab.id}: ${String(lab.steps.length)} steps, ${String(questionsOf(lab).length)} questions`);
  for (const step of lab.steps.filter(runs))
    printLine(`  run "${step.id}": ${(evidenceOf(step.id)?.summary.totals.wallSeconds ?? 0).toFixed(2)} s`);
  printTable(
    questionsOf(lab).map(({ step, question }) => [
      `  ${question.id}`,
      question.kind,
      expectedText(question, step.id, evidenceOf),
    ]),
  );
}

export interface CoursePrintOptions {
  readonly format: string;
  readonly out: string;
  readonly answers?: boolean;
}

export async function coursePrintCommand(name: string, { format, out, answers }: CoursePrintOptions): Promise<number> {
  if (format !== 'html' && format !== 'pdf')
    throw badInput('--format', `"${format}" is not a format of handouts`, 'html or pdf');
  const lab = labNamed(name);
  const evidenceOf = evidenceOfLab(lab);
  const right =
    answers === true
      ? new Map(
          questionsOf(lab).map(({ step, question }) => [question.id, expectedText(question, step.id, evidenceOf)]),
        )
      : undefined;
  mkdirSync(dirname(out), { recursive: true });
  writeWhole(out, format === 'html' ? handoutHtml(lab, right) : await handoutToPdf(lab, right));
  printLine(out);
  return ExitCode.done;
}
