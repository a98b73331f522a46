// What a lab's run leaves in a folder, the same from the command line and from the workbench: verdict, values, pictures.

import { FIGURE_PRESETS, renderFigure } from '../export';
import { labFigures } from './lab-figure';
import { labCsv, type LabResult, referenceCsv } from './run-lab';

/** What repeats it. */
export function labCommand(id: string, quick: boolean): string {
  return `odonata lab run ${id}${quick ? ' --quick' : ''}`;
}

/** The verdict, with all that was measured and what it was held against. @param program the program's version */
export function labVerdict({ lab, quick, table, references, checks, pass }: LabResult, program: string): object {
  const { id, experiment, title, topics, mechanisms, question, expected, sources } = lab;
  return {
    format: 'odonata-verdict',
    version: 1,
    program,
    lab: { id, experiment, title, topics, mechanisms, question, expected, sources },
    quick,
    pass,
    checks,
    points: table.rows.map(({ point, mean }) => ({ ...point, ...mean })),
    // In the order of the points; an interval needs two seeds.
    intervals: table.rows[0]!.runs.length < 2 ? [] : table.rows.map(({ interval }) => interval),
    reference: references.map(({ chart = lab.chart, ...reference }) => ({ ...reference, x: chart.x, y: chart.y })),
    seeds: Array.from({ length: quick ? lab.replications.quick : lab.replications.full }, (_, index) => index + 1),
    command: labCommand(id, quick),
  };
}

export function labFiles(result: LabResult, program: string): { name: string; content: string }[] {
  return [
    { name: 'verdict.json', content: `${JSON.stringify(labVerdict(result, program), undefined, 2)}\n` },
    { name: 'points.csv', content: labCsv(result) },
    ...(result.references.length > 0 ? [{ name: 'reference.csv', content: referenceCsv(result) }] : []),
    ...labFigures(result).map((figure, index) => ({
      name: index === 0 ? 'chart.svg' : `chart-${String(index + 1)}.svg`,
      content: renderFigure(figure, FIGURE_PRESETS[0]!),
    })),
  ];
}
