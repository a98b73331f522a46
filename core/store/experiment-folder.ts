// What a plan leaves in its folder beside the database: tables, charts, the plan itself and where it all comes from. Made anew from
// the runs each time; whole files appear by renaming.

import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { judgeReferences, type Plan, type PlanSummary } from '../experiment';
import {
  anovaCsv,
  chartCsv,
  differencesCsv,
  FIGURE_PRESETS,
  judgedCharts,
  planProvenance,
  renderFigure,
  resultsCsv,
  summaryCsv,
  verdictsCsv,
} from '../export';
import { ExperimentFile } from './experiment-store';
import { writeWhole } from './run-folder';

const PRESET = FIGURE_PRESETS[1]!;

export interface ExperimentResults {
  readonly plan: Plan;
  readonly summary: PlanSummary;
  readonly programVersion: string;
  /** The command that repeats the plan. */
  readonly command: string;
}

export function writeExperimentFolder(
  folder: string,
  { plan, summary, programVersion, command }: ExperimentResults,
): void {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, content: string | undefined): void => {
    if (content === undefined) rmSync(join(folder, name), { force: true });
    else writeWhole(join(folder, name), content);
  };
  write(ExperimentFile.results, resultsCsv(plan, summary));
  write(ExperimentFile.summary, summaryCsv(plan, summary));
  write(ExperimentFile.differences, differencesCsv(plan, summary));
  write(ExperimentFile.anova, anovaCsv(plan, summary));
  write(ExperimentFile.verdicts, verdictsCsv(plan, judgeReferences(plan, summary)));
  write(ExperimentFile.plan, `${JSON.stringify(plan.document, undefined, 2)}\n`);
  rmSync(join(folder, ExperimentFile.charts), { recursive: true, force: true });
  mkdirSync(join(folder, ExperimentFile.charts));
  for (const { id, title, figure } of judgedCharts(plan, summary)) {
    write(join(ExperimentFile.charts, `${id}.svg`), renderFigure({ title, ...figure }, PRESET));
    write(join(ExperimentFile.charts, `${id}.csv`), chartCsv(figure));
  }
  const origin = planProvenance({ plan, summary, programVersion, command });
  write(ExperimentFile.provenance, `${JSON.stringify(origin, undefined, 2)}\n`);
}
