// Recorded series as CSV in long form: time_s, probe, value. Numbers are written so that reading them gives the
// same double.

import type { SeriesData } from '../measure';

const ROWS_PER_CHUNK = 4096;

/** Seconds with up to nine decimals, no trailing zeros. */
export function formatSeconds(ns: number): string {
  const whole = Math.floor(ns / 1e9);
  const rest = Math.round(ns - whole * 1e9);
  if (rest === 0) return String(whole);
  return `${String(whole)}.${String(rest).padStart(9, '0').replace(/0+$/, '')}`;
}

/** Writes all series, one after another, in chunks of text. */
export function writeSeriesCsv(series: readonly SeriesData[], write: (text: string) => void): void {
  write('time_s,probe,value\n');
  for (const { name, times, values, length } of series) {
    for (let from = 0; from < length; from += ROWS_PER_CHUNK) {
      const to = Math.min(length, from + ROWS_PER_CHUNK);
      let text = '';
      for (let i = from; i < to; i += 1) text += `${formatSeconds(times[i]!)},${name},${String(values[i])}\n`;
      write(text);
    }
  }
}
