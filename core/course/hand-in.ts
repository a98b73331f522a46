// The hand-in file (`.odonata-handin`): an append-only log of what a student did, in which each entry carries the SHA-256 of the one
// before, so that a change, an omission or another order shows. With a class key, the last hash is also sealed by HMAC-SHA-256 (RFC 2104):
// a chain that somebody computed anew shows, too. Whoever can read the key inside a student's program could seal as well: it
// raises the effort, it is no proof.

import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';
import type { Checked, Problem } from '../base';
import { answerSchema } from './answer';

const id = z.string().min(1).max(64);
const digest = z.string().min(1).max(200);
const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** What can be done, in the order in which a student does it. */
export const deedSchema = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('begin'),
    lab: id,
    edition: z.number().int(),
    fingerprint: hash,
    program: z.string().max(40),
    student: z.strictObject({ name: z.string().min(1).max(200), id: z.string().max(100) }),
  }),
  z.strictObject({ do: z.literal('open'), step: id }),
  z.strictObject({ do: z.literal('predict'), question: id, answer: answerSchema }),
  z.strictObject({ do: z.literal('run'), step: id, digest }),
  z.strictObject({ do: z.literal('hint'), question: id, hint: z.number().int().min(0).max(4) }),
  z.strictObject({ do: z.literal('answer'), question: id, answer: answerSchema }),
  z.strictObject({ do: z.literal('finish') }),
]);
export type Deed = z.output<typeof deedSchema>;

export const entrySchema = z.strictObject({
  number: z.number().int().min(0),
  /** Milliseconds since 1970, by the student's clock. */
  atMs: z.number().int().min(0).max(8.64e15),
  deed: deedSchema,
  /** Hash of the entry before; 64 zeros for the first. */
  previous: hash,
  hash,
});
export type Entry = z.output<typeof entrySchema>;

/** Most entries of a log; a lab has a few hundred at most. */
export const ENTRIES_MAX = 20_000;
/** Longest hand-in that is read, in characters. */
export const HAND_IN_MAX = 32 * 1024 * 1024;

const handInSchema = z.strictObject({
  format: z.literal('odonata-hand-in'),
  version: z.literal(1),
  entries: z.array(entrySchema).min(1).max(ENTRIES_MAX),
  lastHash: hash,
  seal: hash.optional(),
});
export type HandIn = z.output<typeof handInSchema>;

const NOTHING_BEFORE = '0'.repeat(64);

/** JSON with sorted keys and no spaces, so that the same content has the same hash (after RFC 8785). */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}

function hashOf({ number, atMs, deed, previous }: Omit<Entry, 'hash'>): string {
  return bytesToHex(sha256(utf8ToBytes(canonicalJson({ number, atMs, deed, previous }))));
}

/** The log with one entry more; entries are never changed. */
export function appended(entries: readonly Entry[], deed: Deed, atMs: number): Entry[] {
  const bare = { number: entries.length, atMs, deed, previous: entries.at(-1)?.hash ?? NOTHING_BEFORE };
  return [...entries, { ...bare, hash: hashOf(bare) }];
}

export function sealOf(lastHash: string, key: string): string {
  return bytesToHex(hmac(sha256, utf8ToBytes(key.normalize('NFC')), utf8ToBytes(lastHash)));
}

/** The file of a log. @param key the class key, if the teacher gave one */
export function handInOf(entries: readonly Entry[], key?: string): HandIn {
  const lastHash = entries.at(-1)!.hash;
  const handIn = { format: 'odonata-hand-in' as const, version: 1 as const, entries: [...entries], lastHash };
  return key === undefined ? handIn : { ...handIn, seal: sealOf(lastHash, key) };
}

export function writeHandIn(handIn: HandIn): string {
  return `${JSON.stringify(handIn, undefined, 1)}\n`;
}

/** Reads a hand-in; whether it was tampered with is `flawsOf`'s to say. */
export function readHandIn(text: string, file: string): Checked<HandIn> {
  const wrong = (pointer: string, message: string, suggestion: string): Checked<HandIn> => {
    const problem: Problem = { file, pointer, message, suggestion };
    return { ok: false, problems: [problem] };
  };
  if (text.length > HAND_IN_MAX) return wrong('', 'the file is too large for a hand-in', 'was another file meant?');
  let value: unknown;
  try {
    value = JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text);
  } catch {
    return wrong('', 'the file is cut off or is not a hand-in', 'ask for the .odonata-handin file once more');
  }
  const read = handInSchema.safeParse(value);
  if (read.success) return { ok: true, value: read.data, problems: [] };
  const issue = read.error.issues[0]!;
  const pointer = issue.path.map((part) => `/${String(part)}`).join('');
  return wrong(pointer, `this is not a hand-in: ${issue.message}`, 'ask for the .odonata-handin file once more');
}

/** Where chain and seal do not hold; empty for an untouched file. @param key when seals are expected */
export function flawsOf({ entries, lastHash, seal }: HandIn, key?: string): string[] {
  const flaws: string[] = [];
  let previous = NOTHING_BEFORE;
  for (const [index, entry] of entries.entries()) {
    const place = `entry ${String(index)} (${entry.deed.do})`;
    if (entry.number !== index) flaws.push(`${place} has the number ${String(entry.number)}`);
    if (entry.previous !== previous) flaws.push(`${place} does not follow the entry before it`);
    if (hashOf(entry) !== entry.hash) flaws.push(`${place} was changed`);
    if (index > 0 && entry.atMs < entries[index - 1]!.atMs) flaws.push(`${place} is earlier than the entry before it`);
    previous = entry.hash;
  }
  if (lastHash !== previous) flaws.push('the last hash is not that of the last entry');
  if (key !== undefined && seal === undefined) flaws.push('there is no seal of the class key');
  if (key !== undefined && seal !== undefined && seal !== sealOf(lastHash, key))
    flaws.push('the seal does not fit the class key: the log was made anew, or with another key');
  return flaws;
}
