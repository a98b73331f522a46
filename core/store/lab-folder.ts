// What a lab's run leaves in its folder: tables and pictures for everybody, and the outcome, from which the workbench shows it. Folders come
// from other people, too, so nothing is believed before it was looked at.

import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { LabFacts } from './lab-rows';
import { losslessJson, readLosslessJson } from './lossless-json';
import { writeWhole } from './run-folder';

z.config({ jitless: true });

/** Names of files in the folder of a lab's result. */
export const LabFile = {
  outcome: 'outcome.json',
  verdict: 'verdict.json',
  points: 'points.csv',
  reference: 'reference.csv',
} as const;

const FORMAT = 'odonata-lab-result';

const count = z.number().int().nonnegative();
const resultSchema = z.object({
  format: z.literal(FORMAT),
  version: z.literal(1),
  lab: z.string().regex(/^[0-9a-z-]{1,64}$/),
  quick: z.boolean(),
  seeds: count.min(1),
  checks: count,
  failed: count,
  ranAt: count,
  seconds: z.number().nonnegative(),
  program: z.string().max(40),
  outcome: z.custom<object>((value) => typeof value === 'object' && value !== null),
});

/** What a lab's run leaves beside its outcome, such as its tables. */
export interface LabTable {
  readonly name: string;
  readonly content: string;
}

/** A result as it is read. */
export interface ReadLabResult {
  readonly facts: LabFacts;
  readonly outcome: object;
  /** Of the lab, where the outcome says it. */
  readonly title: string | undefined;
}

/** Writes a result into a folder. @param outcome whatever shows it; comes back as it was */
export function writeLabResult(folder: string, facts: LabFacts, outcome: unknown, files: readonly LabTable[]): void {
  mkdirSync(folder, { recursive: true });
  for (const { name, content } of files) writeWhole(join(folder, name), content);
  writeWhole(join(folder, LabFile.outcome), losslessJson({ format: FORMAT, version: 1, ...facts, outcome }));
}

/** @throws Error if there is no result, or one that this version does not understand */
export function readLabResult(folder: string): ReadLabResult {
  const path = join(folder, LabFile.outcome);
  return parseLabResult(readFileSync(path, 'utf8'), path);
}

/** @param path of the file, for what is wrong with it */
export function parseLabResult(text: string, path: string): ReadLabResult {
  const read = resultSchema.safeParse(readLosslessJson(text));
  if (!read.success) throw new Error(`${path} was not written by this version of Odonata; run the lab again`);
  const { lab, quick, seeds, checks, failed, ranAt, seconds, program, outcome } = read.data;
  const { section } = outcome as { section?: { title?: unknown } };
  return {
    facts: { lab, quick, seeds, checks, failed, ranAt, seconds, program },
    outcome,
    title: typeof section?.title === 'string' ? section.title.slice(0, 400) : undefined,
  };
}
