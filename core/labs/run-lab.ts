// Runs a lab: all points of its plan, its verdict, and both as tables.

import type { Check } from './checks';
import type { Lab, Point, Values } from './lab';
import { allowed, type Reference } from './reference';
import { type Row, Table } from './table';

export interface LabResult {
  readonly lab: Lab;
  readonly quick: boolean;
  readonly table: Table;
  readonly references: readonly Reference[];
  readonly checks: readonly Check[];
  readonly pass: boolean;
}

/** All combinations of the levels of a lab's factors, the last factor changing fastest. */
export function pointsOf({ factors }: Pick<Lab, 'factors'>, quick: boolean): Point[] {
  return factors.reduce<Point[]>(
    (points, { name, levels, quick: few }) =>
      points.flatMap((point) => (quick ? (few ?? levels) : levels).map((level) => ({ ...point, [name]: level }))),
    [{}],
  );
}

/** One measurement of a lab. */
export interface LabMeasurement {
  readonly point: Point;
  readonly seed: number;
  readonly values: Values;
}

/** How far a lab is. */
export interface LabProgress {
  readonly done: number;
  readonly all: number;
  readonly latest: LabMeasurement;
}

/** What a lab has measured so far; enough to draw. */
export type LabSoFar = Pick<LabResult, 'lab' | 'quick' | 'table' | 'references'>;

/** A lab measurement by measurement: whoever runs it draws, answers and stops between two of them. */
export class LabRun {
  private readonly points: readonly Point[];
  private readonly replications: number;
  private readonly runs: Values[][];
  /** Measurements that are done. */
  done = 0;

  constructor(
    readonly lab: Lab,
    readonly quick: boolean,
  ) {
    this.points = pointsOf(lab, quick);
    this.replications = quick ? lab.replications.quick : lab.replications.full;
    this.runs = this.points.map(() => []);
  }

  /** Measurements that there will be. */
  get all(): number {
    return this.points.length * this.replications;
  }

  get finished(): boolean {
    return this.done === this.all;
  }

  /** Runs the next measurement, to its end; call while not finished. */
  step(): LabMeasurement {
    const index = Math.floor(this.done / this.replications);
    const point = this.points[index]!;
    const seed = 1 + (this.done % this.replications);
    const values = this.lab.measure(point, { seed, quick: this.quick });
    this.runs[index]!.push(values);
    this.done += 1;
    return { point, seed, values };
  }

  /** The points of which something is known. References may need all of them, and come with the result. */
  soFar(): LabSoFar {
    return { lab: this.lab, quick: this.quick, table: this.table(), references: [] };
  }

  /** The verdict; call when finished. */
  result(): LabResult {
    const { lab, quick } = this;
    const table = this.table();
    const checks = lab.checks(table);
    const references = lab.reference?.(table) ?? [];
    return { lab, quick, table, references, checks, pass: checks.every(({ pass }) => pass) };
  }

  private table(): Table {
    return new Table(
      this.points.flatMap((point, index): Row[] => {
        const runs = this.runs[index]!;
        return runs.length === 0 ? [] : [{ point, mean: meanOf(runs), runs }];
      }),
    );
  }
}

/** Thrown by `runLab` when it was cancelled. */
export class LabCancelled extends Error {
  override readonly name = 'LabCancelled';
}

export interface LabRunOptions {
  readonly quick: boolean;
  readonly onProgress?: (progress: LabProgress) => void;
  /** Asked before each measurement. */
  readonly cancelled?: () => boolean;
}

/**
 * Runs a lab to its verdict without a pause; `LabRun` is for who has to hear messages meanwhile.
 * @throws LabCancelled as soon as it is
 */
export function runLab(lab: Lab, { quick, onProgress, cancelled }: LabRunOptions): LabResult {
  const run = new LabRun(lab, quick);
  while (!run.finished) {
    if (cancelled?.() === true) throw new LabCancelled(`${lab.id} was cancelled`);
    const latest = run.step();
    onProgress?.({ done: run.done, all: run.all, latest });
  }
  return run.result();
}

function meanOf(runs: readonly Values[]): Values {
  const names = Object.keys(runs[0] ?? {});
  return Object.fromEntries(
    names.map((name) => [name, runs.reduce((sum, values) => sum + values[name]!, 0) / runs.length]),
  );
}

/** All points and their values as CSV: the means, and each replication. */
export function labCsv({ lab, table }: LabResult): string {
  const factors = lab.factors.map(({ name }) => name);
  const measures = lab.measures.map(({ name }) => name);
  const rows = table.rows.flatMap(({ point, runs }) =>
    runs.map((values, index) =>
      [...factors.map((name) => point[name]), index + 1, ...measures.map((name) => values[name])].map(String).join(','),
    ),
  );
  return `${[...factors, 'seed', ...measures].join(',')}\n${rows.join('\n')}\n`;
}

/** What others published, with what is allowed: a row for each of their values. */
export function referenceCsv({ lab, references }: LabResult): string {
  const rows = references.flatMap(({ label, kind, line = {}, chart = lab.chart, samples, tolerance, source }) => {
    const levels = Object.entries(line).map(([name, level]) => `${name}=${String(level)}`);
    return samples.map(({ x, y }) => {
      const { low, high } = allowed(y, tolerance);
      const values = [
        quoted(label),
        kind,
        quoted(levels.join('; ')),
        chart.x,
        chart.y,
        x,
        y,
        low,
        high,
        quoted(source),
      ];
      return values.map(String).join(',');
    });
  });
  return `reference,kind,line,x_factor,measure,x,y,low,high,source\n${rows.join('\n')}\n`;
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
