// odonata figure: one figure from a finished run.

import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { badInput } from '../base';
import {
  chartById,
  chartFigure,
  CHARTS,
  FIGURE_PRESETS,
  type FigurePreset,
  type FigureSpec,
  figureCsv,
  figureTex,
  renderFigure,
} from '../export';
import { svgToPdf, svgToPng } from '../print';
import { nearest } from '../scenario';
import { readSeries, readSummary, RunFile, writeWhole } from '../store';
import { ExitCode, printLine } from './output';

export interface FigureOptions {
  readonly chart: string;
  readonly format: string;
  readonly preset: string;
  readonly out?: string;
  readonly dpi: string;
  readonly title?: string;
}

const FORMATS = ['svg', 'pdf', 'png', 'csv', 'tex'] as const;
type Format = (typeof FORMATS)[number];
const DPI_MIN = 36;
const DPI_MAX = 2400;

export async function figureCommand(run: string, options: FigureOptions): Promise<number> {
  const folder = existsSync(run) && statSync(run).isFile() ? dirname(run) : run;
  if (!existsSync(join(folder, RunFile.series))) {
    throw badInput(run, 'this is not the folder of a finished run', 'give the folder that odonata run --out wrote');
  }
  const chart = chartById(options.chart);
  if (chart === undefined)
    throw unknown(
      '--chart',
      options.chart,
      CHARTS.map(({ id }) => id),
    );
  const format = FORMATS.find((known) => known === options.format);
  if (format === undefined) throw unknown('--format', options.format, FORMATS);
  const preset = FIGURE_PRESETS.find(({ name }) => name === options.preset);
  if (preset === undefined)
    throw unknown(
      '--preset',
      options.preset,
      FIGURE_PRESETS.map(({ name }) => name),
    );
  const dpi = Number(options.dpi);
  if (!Number.isInteger(dpi) || dpi < DPI_MIN || dpi > DPI_MAX)
    throw badInput('--dpi', `"${options.dpi}" is not a resolution`, 'for example --dpi 300');
  const { scenario, durationNs } = readSummary(folder);
  const spec = chartFigure(chart, [{ label: scenario, series: readSeries(folder), durationNs }]);
  if (spec === undefined)
    throw badInput(
      run,
      `the run recorded nothing that "${chart.id}" shows`,
      `add probes such as "flow/*/${chart.fields[0] ?? ''}" to the scenario`,
    );
  const path = options.out ?? join(folder, `${chart.id}.${format}`);
  writeWhole(
    path,
    await draw(options.title === undefined ? spec : { ...spec, title: options.title }, preset, format, dpi),
  );
  printLine(path);
  return ExitCode.done;
}

async function draw(spec: FigureSpec, preset: FigurePreset, format: Format, dpi: number): Promise<string | Uint8Array> {
  switch (format) {
    case 'svg':
      return renderFigure(spec, preset);
    case 'pdf':
      return svgToPdf(renderFigure(spec, preset), preset.widthMm, preset.heightMm, spec.title ?? spec.yLabel);
    case 'png':
      return svgToPng(renderFigure(spec, preset), preset.widthMm, dpi);
    case 'csv':
      return figureCsv(spec);
    case 'tex':
      return figureTex(spec, preset);
  }
}

function unknown(option: string, given: string, known: readonly string[]): Error {
  const near = nearest(given, known);
  return badInput(
    option,
    `"${given}" is not known`,
    near === undefined ? `write one of ${known.join(', ')}` : `did you mean "${near}"? known are ${known.join(', ')}`,
  );
}
