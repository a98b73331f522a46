// What a bundle (`.odonata`) is: docs/bundles.md. A zip with manifest.json first, the manifest's checksum, and below
// runs/, experiments/ and labs/ one folder for each entry. Everything that a reader must not trust is checked here.

import { z } from 'zod';
import type { Problem } from '../base';

z.config({ jitless: true });

export const BUNDLE_ENDING = '.odonata';
/** A bundle says the lowest version that knows all that is in it: results of labs came with the second. */
const VERSIONS = [1, 2] as const;
export const MANIFEST = 'manifest.json';
/** The manifest's own checksum, as `sha256sum --check` reads it. */
export const MANIFEST_CHECKSUM = 'manifest.sha256';
export const FOLDER_OF_KIND = { run: 'runs', experiment: 'experiments', lab: 'labs' } as const;

/** Limits of a bundle, for writers and readers: without 64-bit zip records, and with an end in sight. */
export const BUNDLE_BYTES_MAX = 4e9;
export const BUNDLE_FILES_MAX = 60_000;
export const MANIFEST_BYTES_MAX = 64 * 1024 * 1024;
/** Beyond this many bytes, unpacking must not give more than `EXPANSION_MAX` times what was packed. */
export const EXPANSION_FREE_BYTES = 64 * 1024 * 1024;
export const EXPANSION_MAX = 250;

const count = z.number().int().nonnegative();
const hash = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in 64 hexadecimal digits');

const entrySchema = z.object({
  kind: z.enum(['run', 'experiment', 'lab']),
  /** Name of its folder below runs/, experiments/ or labs/; a run's id in the library it came from. */
  id: z.string().regex(/^[\w-][\w.-]{0,99}$/, 'must be a plain name'),
  name: z.string().max(400),
  tags: z.array(z.string().max(40)).max(200),
  notes: z.string().max(20_000),
  startedAt: z.number().optional(),
  endedAt: z.number().optional(),
  /** Of a run: what its summary says. */
  scenario: z.string().optional(),
  seed: z.number().optional(),
  durationNs: z.number().optional(),
  outcome: z.enum(['finished', 'stopped', 'failed']).optional(),
  digest: z.string().optional(),
  digestParts: z.record(z.string(), z.string()).optional(),
  /** Of a lab's result: which lab, and which of its plans. */
  lab: z.string().max(64).optional(),
  quick: z.boolean().optional(),
});

const manifestSchema = z.object({
  format: z.literal('odonata-bundle'),
  version: z.literal(VERSIONS),
  program: z.object({ name: z.literal('Odonata'), version: z.string().max(40) }),
  entries: z.array(entrySchema).min(1).max(BUNDLE_FILES_MAX),
  files: z.array(z.object({ path: z.string().max(1000), bytes: count, sha256: hash })).max(BUNDLE_FILES_MAX),
});

export type BundleEntry = z.infer<typeof entrySchema>;
export type BundleManifest = z.infer<typeof manifestSchema>;
export type BundleFile = BundleManifest['files'][number];

/** A file that is no bundle, or a broken one; or a folder that cannot become one. */
export class BundleError extends Error {
  constructor(readonly problems: readonly Problem[]) {
    super(problems.map(({ message }) => message).join('; '));
  }
}

export function bundleError(file: string, message: string, suggestion?: string, pointer = ''): BundleError {
  return new BundleError([{ file, pointer, message, suggestion }]);
}

/** The version of a bundle with these entries. */
export function versionFor(entries: readonly Pick<BundleEntry, 'kind'>[]): BundleManifest['version'] {
  return entries.some(({ kind }) => kind === 'lab') ? 2 : 1;
}

/** Where an entry's files lie, with the slash at the end. */
export function folderOfEntry({ kind, id }: Pick<BundleEntry, 'kind' | 'id'>): string {
  return `${FOLDER_OF_KIND[kind]}/${id}/`;
}

/** Reads a manifest. @throws BundleError that says which part is wrong */
export function parseManifest(text: string, file: string): BundleManifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw bundleError(file, `${MANIFEST} is not JSON`, 'ask for the file again');
  }
  const { format, version } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  if (format !== 'odonata-bundle')
    throw bundleError(file, `${MANIFEST} does not say "format": "odonata-bundle"`, 'was another file meant?');
  if (!VERSIONS.some((known) => known === version))
    throw bundleError(
      file,
      `the bundle has version ${JSON.stringify(version)} of the format, and this program reads versions ${VERSIONS.join(' and ')}`,
      'open it with the version of Odonata that made it, or a newer one',
    );
  const read = manifestSchema.safeParse(value);
  if (!read.success)
    throw new BundleError(
      read.error.issues.slice(0, 5).map(({ path, message }) => ({
        file,
        pointer: `${MANIFEST}#/${path.map(String).join('/')}`,
        message,
      })),
    );
  const problems = inconsistencies(read.data, file);
  if (problems.length > 0) throw new BundleError(problems);
  return read.data;
}

/** What a schema cannot say: each file belongs to an entry, each name is safe and stands once. */
function inconsistencies({ entries, files }: BundleManifest, file: string): Problem[] {
  const problems: Problem[] = [];
  const complain = (pointer: string, message: string): void => {
    if (problems.length < 5) problems.push({ file, pointer: `${MANIFEST}#${pointer}`, message });
  };
  const folders = new Set<string>();
  entries.forEach((entry, index) => {
    const folder = folderOfEntry(entry).toLowerCase();
    if (folders.has(folder)) complain(`/entries/${String(index)}`, `the entry "${entry.id}" stands twice`);
    folders.add(folder);
  });
  const paths = new Set<string>();
  files.forEach(({ path }, index) => {
    const pointer = `/files/${String(index)}/path`;
    const folder = path.split('/').slice(0, 2).join('/').toLowerCase();
    if (!isSafePath(path)) complain(pointer, `"${path}" is not a name inside the bundle`);
    else if (!folders.has(`${folder}/`)) complain(pointer, `"${path}" belongs to no entry`);
    // Two names that differ in case alone are one file on some systems.
    if (paths.has(path.toLowerCase())) complain(pointer, `"${path}" stands twice`);
    paths.add(path.toLowerCase());
  });
  return problems;
}

/** Names that Windows keeps for devices, whatever their ending. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** Whether a path stays inside its folder on every system: plain parts between slashes. */
export function isSafePath(path: string): boolean {
  return path.split('/').every(isSafeName);
}

export function isSafeName(name: string): boolean {
  return !/[\u0000-\u001f<>:"|?*\\/]/.test(name) && !/^\.{0,2}$|[. ]$/.test(name) && !DEVICE.test(name);
}
