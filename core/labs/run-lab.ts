// Runs a lab as a study of the engine of experiments: its points and replications, its verdict, and both as tables.

import { invariant } from '../base';
import { type Cell, cellsOf, countedRuns, type Ended, Schedule, type Study, studyOf, type Told } from '../experiment';
import type { Check } from './checks';
import type { Lab, Level, Point, Values } from './lab';
import { allowed, type Reference } from './reference';
import { worldOfScenario } from './on-wire';
import { type Row, Table } from './table';

export interface LabResult {
  readonly lab: Lab;
  readonly quick: boolean;
  readonly table: Table;
  readonly references: readonly Reference[];
  readonly checks: readonly Check[];
  readonly pass: boolean;
}

/** A lab's plan, as the engine of experiments runs it. */
export function labStudy(lab: Lab, quick: boolean): Study {
  const { title, factors, measures, replications } = lab;
  return studyOf({
    name: title,
    factors: factors.map(({ levels, quick: few, ...factor }) => ({
      ...factor,
      levels: quick ? (few ?? levels) : levels,
    })),
    measures,
    replications: quick ? replications.quick : replications.full,
  });
}

/** All points of a lab, the last factor changing fastest. */
export function pointsOf(lab: Lab, quick: boolean): Point[] {
  const study = labStudy(lab, quick);
  return study.points.map((point) => labPoint(study, point));
}

/** A point by the names of its factors, as labs measure it. */
export function labPoint({ factors }: Study, { levels }: Study['points'][number]): Point {
  return Object.fromEntries(levels.map(({ values }, index) => [factors[index]!.name, values[0] as Level]));
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

/**
 * A lab measurement by measurement: whoever runs it draws, answers and stops between two of them. First every point is measured once,
 * those far from each other before those between; then all of them again with other seeds.
 */
export class LabRun {
  private readonly study: Study;
  private readonly schedule: Schedule;
  private readonly ended: Ended<Told>[] = [];

  constructor(
    readonly lab: Lab,
    readonly quick: boolean,
  ) {
    this.study = labStudy(lab, quick);
    this.schedule = new Schedule(this.study);
  }

  /** Measurements that are done. */
  get done(): number {
    return this.schedule.done;
  }

  /** Measurements that there will be. */
  get all(): number {
    return this.schedule.most;
  }

  get finished(): boolean {
    return this.schedule.finished;
  }

  /** Runs the next measurement, to its end; call while not finished. */
  step(): LabMeasurement {
    const job = this.schedule.next();
    invariant(job !== undefined, 'a finished lab has nothing to measure');
    const { point: planned, replication, seed } = job;
    const point = labPoint(this.study, planned);
    const values = this.lab.measure(point, { seed, quick: this.quick, world: worldOfScenario });
    const outcome = { status: 'finished', values: this.study.measures.map(({ name }) => values[name]!) } as const;
    this.schedule.record(job, outcome);
    this.ended.push({ point: planned.number, replication, seed, outcome });
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
    const { study } = this;
    const cells = cellsOf(study, countedRuns(study, this.ended));
    const perPoint = study.measures.length;
    return new Table(
      study.points.flatMap((point, index): Row[] => {
        const ofPoint = cells.slice(index * perPoint, (index + 1) * perPoint);
        return ofPoint[0]!.values.length === 0 ? [] : [rowOf(labPoint(study, point), ofPoint, study.measures)];
      }),
    );
  }
}

function rowOf(point: Point, cells: readonly Cell[], measures: Study['measures']): Row {
  const named = <T>(read: (cell: Cell) => T): Record<string, T> =>
    Object.fromEntries(cells.map((cell, index) => [measures[index]!.name, read(cell)]));
  return {
    point,
    mean: named(({ mean }) => mean.estimate),
    interval: named(({ mean: { low, high } }) => ({ low, high })),
    runs: cells[0]!.values.map((_, replication) => named(({ values }) => values[replication]!)),
  };
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
