// The series of a run that is still going on: new samples are appended in the form of series.csv, so that a run that
// is killed leaves what it had measured. The finished run's series.csv takes its place.

import { appendFileSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatSeconds } from '../export';
import type { SeriesData } from '../measure';
import { RunFile } from './run-folder';

export class LiveSeries {
  private readonly path: string;
  private readonly written = new Map<SeriesData, number>();

  constructor(folder: string) {
    this.path = join(folder, RunFile.liveSeries);
    writeFileSync(this.path, 'time_s,probe,value\n');
  }

  /** Appends what the series have recorded since the last call. */
  append(series: readonly SeriesData[]): void {
    let rows = '';
    for (const one of series) {
      // A series that was thinned meanwhile is shorter; its older samples are on disk already.
      const from = Math.min(this.written.get(one) ?? 0, one.length);
      for (let i = from; i < one.length; i += 1)
        rows += `${formatSeconds(one.times[i]!)},${one.name},${String(one.values[i])}\n`;
      this.written.set(one, one.length);
    }
    if (rows !== '') appendFileSync(this.path, rows);
  }

  /** The whole series.csv has been written. */
  discard(): void {
    if (existsSync(this.path)) rmSync(this.path);
  }
}
