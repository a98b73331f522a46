// The runs that have ended, outside of reactive state: rows of numbers as they came, and their order by point and replication.

import { RUN_FIELDS } from '../../../electron/ipc';

const FIRST_ROWS = 256;

export class RunRows {
  private numbers: Float64Array;
  private readonly reasons = new Map<number, string>();
  /** Row of each point and replication, from 1; 0 where nothing has ended. */
  private readonly rowOfSlot: Int32Array;
  private ordered = new Int32Array(0);
  private isOrdered = true;
  length = 0;
  version = 0;

  constructor(
    points: number,
    private readonly replications: number,
    measures: number,
  ) {
    this.width = RUN_FIELDS + measures;
    this.numbers = new Float64Array(FIRST_ROWS * this.width);
    this.rowOfSlot = new Int32Array(points * replications);
  }

  private readonly width: number;

  /** @param reasons by place among these rows */
  add(rows: Float64Array, reasons: ReadonlyMap<number, string>): void {
    const count = rows.length / this.width;
    this.makeRoom(this.length + count);
    this.numbers.set(rows, this.length * this.width);
    for (let index = 0; index < count; index += 1) {
      const point = rows[index * this.width]!;
      const replication = rows[index * this.width + 1]!;
      this.rowOfSlot[(point - 1) * this.replications + replication - 1] = this.length + index + 1;
    }
    for (const [place, reason] of reasons) this.reasons.set(this.length + place, reason);
    this.length += count;
    this.isOrdered = false;
    this.version += 1;
  }

  /** The n-th row by point and replication, as a place in what came. */
  rowAt(index: number): number {
    if (!this.isOrdered) this.order();
    return this.ordered[index]!;
  }

  point(row: number): number {
    return this.numbers[row * this.width]!;
  }

  replication(row: number): number {
    return this.numbers[row * this.width + 1]!;
  }

  seed(row: number): number {
    return this.numbers[row * this.width + 2]!;
  }

  wallSeconds(row: number): number {
    return this.numbers[row * this.width + 4]!;
  }

  /** Why a run failed; undefined if it did not. */
  reason(row: number): string | undefined {
    return this.numbers[row * this.width + 3] === 1 ? undefined : (this.reasons.get(row) ?? 'it failed');
  }

  /** NaN where the run has no such value. */
  value(row: number, measure: number): number {
    return this.numbers[row * this.width + RUN_FIELDS + measure]!;
  }

  private order(): void {
    this.ordered = this.rowOfSlot.filter((row) => row > 0).map((row) => row - 1);
    this.isOrdered = true;
  }

  private makeRoom(rows: number): void {
    if (rows * this.width <= this.numbers.length) return;
    const larger = new Float64Array(Math.max(rows, 2 * (this.numbers.length / this.width)) * this.width);
    larger.set(this.numbers);
    this.numbers = larger;
  }
}
