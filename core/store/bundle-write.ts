// Packs folders of runs and experiments into a bundle. The same folders give the same bytes on every machine: names
// in order, one time for all, and a compressor in JavaScript, because the system's differ. Files are read twice, once
// for their checksums, in pieces; none is held as a whole.

import { createHash } from 'node:crypto';
import { closeSync, existsSync, lstatSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { Zip, ZipDeflate } from 'fflate';
import {
  BUNDLE_BYTES_MAX,
  BUNDLE_FILES_MAX,
  type BundleEntry,
  bundleError,
  type BundleFile,
  type BundleManifest,
  folderOfEntry,
  isSafeName,
  MANIFEST,
  MANIFEST_CHECKSUM,
  versionFor,
} from './bundle-format';
import { LabFile, readLabResult } from './lab-folder';
import { GrowingFile, readSummary, RunFile } from './run-folder';

const CHUNK_BYTES = 1 << 20;
/** The first instant that a zip can name; local, as zips are. */
const ALL_FILES_MTIME = new Date(1980, 0, 1);
const PLAN = 'plan.json';
const PROVENANCE = 'provenance.json';
/** What is not a result: halves of files, locks, and samples of a run that is going on. */
const LEFT_OUT = /\.(part|lock|pid)$|^series\.csv\.live$|^owner\.json$|^\./;

/** A folder to pack, and what a person has said of it. */
export interface BundleSource {
  readonly folder: string;
  /** Its name in the bundle; the folder's own when left out. */
  readonly id?: string;
  readonly about?: Partial<Pick<BundleEntry, 'name' | 'tags' | 'notes' | 'startedAt' | 'endedAt' | 'outcome'>>;
}

interface PackedFile extends BundleFile {
  readonly source: string;
}

/**
 * Writes a bundle; the file appears when it is whole.
 * @throws BundleError if a folder is not one of results, or there is too much
 */
export function writeBundle(path: string, sources: readonly BundleSource[], programVersion: string): BundleManifest {
  const ids = new Set<string>();
  const entries: BundleEntry[] = [];
  const files: PackedFile[] = [];
  for (const source of sources) {
    const entry = describe(source, ids);
    entries.push(entry);
    for (const name of namesBelow(source.folder, ''))
      files.push(fingerprint(join(source.folder, name), folderOfEntry(entry) + name));
  }
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  refuseTooMuch(files);
  const manifest: BundleManifest = {
    format: 'odonata-bundle',
    version: versionFor(entries),
    program: { name: 'Odonata', version: programVersion },
    entries,
    files: files.map(({ path: inside, bytes, sha256 }) => ({ path: inside, bytes, sha256 })),
  };
  pack(path, manifest, files);
  return manifest;
}

function describe({ folder, id, about }: BundleSource, ids: Set<string>): BundleEntry {
  const kind = kindOf(folder);
  const common = {
    kind,
    id: freeId(id ?? basename(resolve(folder)), ids),
    tags: about?.tags ?? [],
    notes: about?.notes ?? '',
    ...(about?.startedAt === undefined ? {} : { startedAt: about.startedAt }),
    ...(about?.endedAt === undefined ? {} : { endedAt: about.endedAt }),
  } as const;
  if (kind === 'experiment')
    return { ...common, name: about?.name ?? basename(resolve(folder)), ...experimentIn(folder), ...outcomeOf(about) };
  if (kind === 'lab') return { ...common, ...labIn(folder) };
  if (!existsSync(join(folder, RunFile.summary)) || !existsSync(join(folder, RunFile.scenario)))
    throw bundleError(
      folder,
      'this is not the folder of a run that has ended, nor of an experiment or a lab',
      'give a folder that odonata run --out, odonata sweep --out or odonata lab run --out wrote',
    );
  const summary = readSummary(folder);
  const { scenario, seed, durationNs, outcome, digest, digestParts } = summary;
  const parts = { ...digestParts };
  return { ...common, name: about?.name ?? scenario, scenario, seed, durationNs, outcome, digest, digestParts: parts };
}

function kindOf(folder: string): BundleEntry['kind'] {
  if (existsSync(join(folder, PLAN))) return 'experiment';
  return existsSync(join(folder, LabFile.outcome)) ? 'lab' : 'run';
}

/** What a lab's result says of itself. @throws BundleError if it says nothing that this version understands */
function labIn(folder: string): Pick<BundleEntry, 'name' | 'lab' | 'quick' | 'endedAt'> {
  try {
    const {
      facts: { lab, quick, ranAt },
      title,
    } = readLabResult(folder);
    return { name: title ?? lab, lab, quick, endedAt: ranAt };
  } catch (error) {
    throw bundleError(folder, error instanceof Error ? error.message : String(error), 'run the lab again');
  }
}

function outcomeOf(about: BundleSource['about']): Pick<BundleEntry, 'outcome'> {
  return about?.outcome === undefined ? {} : { outcome: about.outcome };
}

/** What plan and provenance say of an experiment; a plan that nobody can read is packed as it is. */
function experimentIn(folder: string): Pick<BundleEntry, 'scenario' | 'seed' | 'digest'> {
  const read = (name: string): Record<string, unknown> => {
    try {
      return JSON.parse(readFileSync(join(folder, name), 'utf8')) as Record<string, unknown>;
    } catch {
      return {};
    }
  };
  const { scenario, seed } = read(PLAN);
  const { digest } = read(PROVENANCE);
  const name = (scenario as Record<string, unknown> | undefined)?.['name'];
  return {
    ...(typeof name === 'string' ? { scenario: name } : {}),
    ...(typeof seed === 'number' ? { seed } : {}),
    ...(typeof digest === 'string' ? { digest } : {}),
  };
}

/** A plain name that no other entry has. */
function freeId(wanted: string, ids: Set<string>): string {
  const plain = wanted
    .replace(/[^\w.-]+/g, '-')
    .replace(/^\.+|[. ]+$/g, '')
    .slice(0, 90);
  const base = plain !== '' && isSafeName(plain) ? plain : 'results';
  let id = base;
  for (let n = 2; ids.has(id.toLowerCase()); n += 1) id = `${base}-${String(n)}`;
  ids.add(id.toLowerCase());
  return id;
}

/** Names of all results below a folder. Links are not followed: what they point to is not part of the results. */
function namesBelow(folder: string, prefix: string): string[] {
  return readdirSync(join(folder, prefix), { withFileTypes: true }).flatMap((item) => {
    const name = prefix + item.name;
    if (LEFT_OUT.test(item.name)) return [];
    if (item.isDirectory()) return namesBelow(folder, `${name}/`);
    if (!item.isFile()) return [];
    if (!isSafeName(item.name))
      throw bundleError(join(folder, name), 'this name does not exist on every system', 'rename the file');
    return [name];
  });
}

function fingerprint(source: string, path: string): PackedFile {
  const sha = createHash('sha256');
  let bytes = 0;
  eachChunk(source, (chunk) => {
    sha.update(chunk);
    bytes += chunk.length;
  });
  return { source, path, bytes, sha256: sha.digest('hex') };
}

function refuseTooMuch(files: readonly PackedFile[]): void {
  if (files.length > BUNDLE_FILES_MAX)
    throw bundleError('', `${String(files.length)} files are more than a bundle holds`, 'pack fewer folders');
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  if (bytes <= BUNDLE_BYTES_MAX) return;
  const largest = files.reduce((a, b) => (b.bytes > a.bytes ? b : a));
  throw bundleError(
    largest.source,
    `the results have ${(bytes / 1e9).toFixed(1)} GB together, and a bundle holds ${(BUNDLE_BYTES_MAX / 1e9).toFixed(0)} GB`,
    'leave captures and traces out, or make several bundles',
  );
}

function pack(path: string, manifest: BundleManifest, files: readonly PackedFile[]): void {
  const out = new GrowingFile(path);
  try {
    let failure: Error | null = null;
    const zip = new Zip((error, chunk) => {
      failure ??= error;
      out.write(chunk);
    });
    const text = Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`);
    const checksum = createHash('sha256').update(text).digest('hex');
    begin(zip, MANIFEST).push(text, true);
    begin(zip, MANIFEST_CHECKSUM).push(Buffer.from(`${checksum}  ${MANIFEST}\n`), true);
    for (const file of files) packFile(zip, file);
    zip.end();
    if (failure !== null) throw failure as Error;
    out.close();
  } catch (error) {
    out.discard();
    throw error;
  }
}

function begin(zip: Zip, name: string): ZipDeflate {
  const file = new ZipDeflate(name, { level: 6 });
  file.mtime = ALL_FILES_MTIME;
  zip.add(file);
  return file;
}

function packFile(zip: Zip, { source, path, sha256 }: PackedFile): void {
  const packed = begin(zip, path);
  const sha = createHash('sha256');
  eachChunk(source, (chunk) => {
    sha.update(chunk);
    packed.push(chunk);
  });
  packed.push(new Uint8Array(0), true);
  if (sha.digest('hex') !== sha256)
    throw bundleError(source, 'the file changed while it was packed', 'wait until nobody writes there');
}

/** Reads a file in pieces that the listener may keep. */
function eachChunk(path: string, listener: (chunk: Uint8Array) => void): void {
  if (!lstatSync(path).isFile()) return;
  const descriptor = openSync(path, 'r');
  try {
    for (;;) {
      const chunk = new Uint8Array(CHUNK_BYTES);
      const read = readSync(descriptor, chunk, 0, CHUNK_BYTES, null);
      if (read === 0) break;
      listener(chunk.subarray(0, read));
    }
  } finally {
    closeSync(descriptor);
  }
}
