// What a run leaves in its folder (product.md §3.4), written the same way by the command line and by the workbench.
// Whole files appear by renaming, so that a kill never leaves half of one. While a run goes on, its samples are
// appended to `series.csv.live` (live-series.ts); of a run that ended badly that is what stays.

import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { chartFigure, CHARTS, FIGURE_PRESETS, provenance, renderFigure, writeSeriesCsv } from '../export';
import type { RunSummary, SeriesData } from '../measure';

const CHART_PRESET = FIGURE_PRESETS[1]!;

/** Names of files in a run's folder. */
export const RunFile = {
  summary: 'summary.json',
  series: 'series.csv',
  liveSeries: 'series.csv.live',
  charts: 'charts',
  capture: 'capture.pcapng',
  trace: 'trace.json',
  provenance: 'provenance.json',
  scenario: 'scenario.json',
} as const;

/** Writes a whole file, or leaves what was there. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  const draft = `${path}.part`;
  writeFileSync(draft, content);
  renameSync(draft, path);
}

/** A file that grows by chunks and appears under its name when it is closed. */
export class GrowingFile {
  private readonly descriptor: number;
  private isOpen = true;

  constructor(private readonly path: string) {
    this.descriptor = openSync(`${path}.part`, 'w');
  }

  write(chunk: Uint8Array | string): void {
    if (typeof chunk === 'string') writeSync(this.descriptor, chunk);
    else writeSync(this.descriptor, chunk);
  }

  close(): void {
    this.end();
    renameSync(`${this.path}.part`, this.path);
  }

  /** Leaves what was there. */
  discard(): void {
    this.end();
    rmSync(`${this.path}.part`, { force: true });
  }

  private end(): void {
    if (this.isOpen) closeSync(this.descriptor);
    this.isOpen = false;
  }
}

export interface RunResults {
  readonly summary: RunSummary;
  readonly series: readonly SeriesData[];
  /** The document that ran, overrides applied. */
  readonly document: unknown;
  readonly programVersion: string;
  /** The command that repeats the run. */
  readonly command: string;
}

/** Writes summary, series, charts, provenance and scenario into `folder`, which is made if need be. */
export function writeRunFolder(folder: string, results: RunResults): void {
  mkdirSync(join(folder, RunFile.charts), { recursive: true });
  const { summary, series } = results;
  const csv = new GrowingFile(join(folder, RunFile.series));
  writeSeriesCsv(series, (text) => {
    csv.write(text);
  });
  csv.close();
  for (const chart of CHARTS) {
    const figure = chartFigure(chart, [{ label: summary.scenario, series, durationNs: summary.durationNs }]);
    if (figure !== undefined)
      writeWhole(join(folder, RunFile.charts, `${chart.id}.svg`), renderFigure(figure, CHART_PRESET));
  }
  const origin = provenance({
    programVersion: results.programVersion,
    scenario: results.document,
    seed: summary.seed,
    digest: summary.digest,
    command: results.command,
  });
  writeWhole(join(folder, RunFile.scenario), `${JSON.stringify(results.document, undefined, 2)}\n`);
  writeWhole(join(folder, RunFile.provenance), `${JSON.stringify(origin, undefined, 2)}\n`);
  writeWhole(join(folder, RunFile.summary), `${JSON.stringify(summary, undefined, 2)}\n`);
}

/** The summary of a finished run's folder. @throws if there is none or it is not one */
export function readSummary(folder: string): RunSummary {
  const summary = JSON.parse(readFileSync(join(folder, RunFile.summary), 'utf8')) as Partial<RunSummary>;
  if (summary.format !== 'odonata-summary') throw new Error(`${join(folder, RunFile.summary)} is not a run's summary`);
  return summary as RunSummary;
}

const UNIT_OF_FIELD: Readonly<Record<string, string>> = {
  cwnd: 'bytes',
  ssthresh: 'bytes',
  inflight: 'bytes',
  urgent: 'bytes',
  rwnd: 'bytes',
  srtt: 'ns',
  rto: 'ns',
  acked: 'bytes',
  sequence: 'bytes',
  throughput: 'bps',
  'reverse-throughput': 'bps',
  queue: 'packets',
  'reverse-queue': 'packets',
};

/** The recorded series of a run's folder, in the order of the file; of a run that broke off, what it left. */
export function readSeries(folder: string): SeriesData[] {
  const columns = new Map<string, { times: number[]; values: number[] }>();
  const whole = join(folder, RunFile.series);
  const path = existsSync(whole) ? whole : join(folder, RunFile.liveSeries);
  if (!existsSync(path)) return [];
  for (const row of readFileSync(path, 'utf8').split('\n').slice(1)) {
    const [time, name, value] = row.split(',');
    if (time === undefined || name === undefined || value === undefined) continue;
    let column = columns.get(name);
    if (column === undefined) {
      column = { times: [], values: [] };
      columns.set(name, column);
    }
    column.times.push(Math.round(Number(time) * 1e9));
    column.values.push(Number(value));
  }
  return [...columns].map(([name, { times, values }]) => ({
    name,
    unit: UNIT_OF_FIELD[name.slice(name.lastIndexOf('/') + 1)] ?? 'count',
    times: Float64Array.from(times),
    values: Float64Array.from(values),
    length: times.length,
  }));
}

/** Ends the name of a folder whose row is not committed yet. */
export const PART = '.part';

/** A folder on its way gets its name if its row is there, and goes otherwise. */
export function settlePart(part: string, hasRow: boolean): void {
  const folder = part.slice(0, -PART.length);
  if (hasRow && !existsSync(folder)) renameSync(part, folder);
  else rmSync(part, { recursive: true, force: true });
}

/** Bytes of all files below a folder. */
export function folderBytes(folder: string): number {
  if (!existsSync(folder)) return 0;
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(folder, entry.name);
    return sum + (entry.isDirectory() ? folderBytes(path) : (statSync(path, { throwIfNoEntry: false })?.size ?? 0));
  }, 0);
}
