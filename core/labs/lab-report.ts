// What a lab found, as a section of a report.

import { type FigurePreset, renderFigure, type ReportFigure, type ReportSection } from '../export';
import { labFigures } from './lab-figure';
import { labMeans } from './means';
import type { LabResult } from './run-lab';

/** As wide as the text of an A4 page with margins of 2 cm. */
const PRESET: FigurePreset = { name: 'report', widthMm: 170, heightMm: 70, fontPt: 8.5, linePt: 1 };

/** @param provenance what the runner knows: command, version, how long it took */
export function labSection(result: LabResult, provenance: ReportSection['provenance']): ReportSection {
  const { lab, quick, references, checks } = result;
  const { id, experiment, title, slide, topics, mechanisms, question, expected, lookFor, sources } = lab;
  const seeds = quick ? lab.replications.quick : lab.replications.full;
  const labels = [...new Set(references.map(({ label }) => label))];
  return {
    id,
    number: experiment,
    title,
    slide,
    topics,
    mechanisms,
    question,
    expected,
    lookFor,
    sources,
    figures: labFigures(result).map((figure): ReportFigure => ({
      svg: renderFigure(figure, PRESET),
      widthMm: PRESET.widthMm,
      heightMm: PRESET.heightMm,
      caption: `${figure.yLabel} over ${lowered(figure.xLabel)}${captionOf(
        result,
        figure.lines.some(({ legend }) => legend === 'grey'),
        figure.lines.some(({ legend, range }) => legend === undefined && range !== undefined),
      )}`,
    })),
    references: labels.map((label) => ({
      label,
      source: [...new Set(references.filter((one) => one.label === label).map(({ source }) => source))].join('; '),
    })),
    checks: checks.map(({ tolerance = '', ...check }) => ({ ...check, tolerance })),
    points: labMeans(result),
    provenance: [...provenance, ['Seeds', seeds === 1 ? '1' : `1 to ${String(seeds)}`]],
  };
}

/** What the other factors were, and what is drawn beside. */
function captionOf({ lab, table }: LabResult, hasReference: boolean, hasIntervals: boolean): string {
  const where = Object.entries(lab.chart.where ?? {}).map(([name, level]) => {
    const factor = lab.factors.find((one) => one.name === name)!;
    return `${lowered(factor.label)}: ${String(level)}`;
  });
  const beside = hasReference ? ['dashed, with its tolerance: what was published, or follows from a law'] : [];
  const seeds = table.rows[0]!.runs.length;
  const whiskers = hasIntervals ? [`whiskers: 95% intervals of the means of ${String(seeds)} seeds`] : [];
  const more = [...where, ...beside, ...whiskers];
  return more.length === 0 ? '.' : `; ${more.join('; ')}.`;
}

/** Not of abbreviations. */
function lowered(label: string): string {
  return /^[A-Z][a-z]/.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label;
}
