// What students did, on disk: one file an attempt, one line an entry, only ever appended to and flushed before anybody hears of it.
// A line that a killed process left half-written never happened.

import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { appended, type Deed, type Entry } from '../../core/course';

const ENDING = '.jsonl';

export class Attempts {
  /** Attempts that leave nothing: a teacher's trials. */
  private readonly passing = new Map<string, Entry[]>();
  private readonly kept = new Map<string, Entry[]>();

  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true });
  }

  /** Begins one. @param trial leaves nothing on disk */
  begin(deed: Deed & { readonly do: 'begin' }, atMs: number, trial: boolean): string {
    const stamp = new Date(atMs)
      .toISOString()
      .replace(/[-:.TZ]/g, '')
      .slice(0, 14);
    let name = `${stamp}-${deed.lab}`;
    for (let number = 2; this.passing.has(name) || existsSync(this.path(name)); number += 1)
      name = `${stamp}-${deed.lab}-${String(number)}`;
    if (trial) this.passing.set(name, []);
    this.append(name, deed, atMs);
    return name;
  }

  isTrial(name: string): boolean {
    return this.passing.has(name);
  }

  names(): string[] {
    return readdirSync(this.folder)
      .filter((file) => file.endsWith(ENDING))
      .map((file) => file.slice(0, -ENDING.length))
      .sort()
      .reverse();
  }

  entries(name: string): readonly Entry[] {
    const known = this.passing.get(name) ?? this.kept.get(name);
    if (known !== undefined) return known;
    const entries = existsSync(this.path(name)) ? this.read(name) : [];
    this.kept.set(name, entries);
    return entries;
  }

  append(name: string, deed: Deed, atMs: number): void {
    const before = this.entries(name);
    // A clock that was set back would look like tampering.
    const entries = appended(before, deed, Math.max(atMs, before.at(-1)?.atMs ?? 0));
    if (this.isTrial(name)) {
      this.passing.set(name, entries);
      return;
    }
    const file = openSync(this.path(name), 'a');
    try {
      writeSync(file, `${JSON.stringify(entries.at(-1))}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    this.kept.set(name, entries);
  }

  private read(name: string): Entry[] {
    const bytes = readFileSync(this.path(name));
    const whole = bytes.lastIndexOf(0x0a) + 1;
    if (whole < bytes.length) truncateSync(this.path(name), whole);
    return bytes
      .subarray(0, whole)
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Entry);
  }

  private path(name: string): string {
    return join(this.folder, name + ENDING);
  }
}
