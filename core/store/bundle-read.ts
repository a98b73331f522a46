// Opens a bundle that somebody else made, trusting nothing: the archive's directory must list exactly the files of the
// manifest, with its sizes; what unpacks to absurdly much is refused before it is unpacked; every byte is checked
// against its checksum; and names that lead out of the bundle never reach the file system.

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import {
  BUNDLE_BYTES_MAX,
  BUNDLE_FILES_MAX,
  BundleError,
  bundleError,
  type BundleFile,
  type BundleManifest,
  EXPANSION_FREE_BYTES,
  EXPANSION_MAX,
  MANIFEST,
  MANIFEST_BYTES_MAX,
  MANIFEST_CHECKSUM,
  parseManifest,
} from './bundle-format';

/** Largest file that is read as a whole: scenarios and summaries. */
const WHOLE_FILE_BYTES_MAX = 512 * 1024 * 1024;
const ASK_AGAIN = 'the file is damaged; ask for it again';

export class OpenBundle {
  private constructor(
    readonly path: string,
    readonly manifest: BundleManifest,
    private readonly manifestText: string,
    private readonly zip: ZipFile,
    private readonly members: ReadonlyMap<string, Entry>,
  ) {}

  /** @throws BundleError if it is not a bundle, or a broken one; file contents are not read yet */
  static async open(path: string): Promise<OpenBundle> {
    const zip = await openZip(path);
    try {
      const members = await listMembers(zip, path);
      const text = await readManifest(zip, members, path);
      const manifest = parseManifest(text, basename(path));
      compare(manifest, members, basename(path));
      return new OpenBundle(path, manifest, text, zip, members);
    } catch (error) {
      zip.close();
      throw error;
    }
  }

  close(): void {
    this.zip.close();
  }

  /** A file of the bundle as text. @throws BundleError if it is not there, or not what the manifest says */
  async text(path: string): Promise<string> {
    const file = this.manifest.files.find((one) => one.path === path);
    if (file === undefined) throw bundleError(basename(this.path), `${path} is missing`, ASK_AGAIN);
    if (file.bytes > WHOLE_FILE_BYTES_MAX)
      throw bundleError(basename(this.path), `${path} has ${String(file.bytes)} bytes, which is too much`);
    const chunks: Uint8Array[] = [];
    await this.read(file, (chunk) => {
      chunks.push(chunk);
    });
    return Buffer.concat(chunks).toString('utf8');
  }

  /** Reads every file to its end. @throws BundleError that names each one that is not what the manifest says */
  async check(onProgress: (share: number) => void = () => undefined): Promise<void> {
    await this.eachFile(onProgress, () => Promise.resolve((): void => undefined));
  }

  /** Writes all files below `folder`, which must not hold anything. Whole or not at all. */
  async unpack(folder: string): Promise<void> {
    if (existsSync(folder) && (!statSync(folder).isDirectory() || readdirSync(folder).length > 0))
      throw bundleError(folder, 'something is there already', 'give a new folder');
    mkdirSync(dirname(resolve(folder)), { recursive: true });
    const part = `${resolve(folder)}.part`;
    rmSync(part, { recursive: true, force: true });
    this.refuseWithoutRoom(dirname(part), folder);
    try {
      mkdirSync(part);
      writeFileSync(join(part, MANIFEST), this.manifestText);
      for (const { path } of this.manifest.files) mkdirSync(dirname(join(part, path)), { recursive: true });
      await this.eachFile(
        () => undefined,
        (file) => Promise.resolve(writerOf(join(part, file.path))),
      );
      rmSync(folder, { recursive: true, force: true });
      renameSync(part, folder);
    } catch (error) {
      rmSync(part, { recursive: true, force: true });
      throw error;
    }
  }

  private refuseWithoutRoom(where: string, folder: string): void {
    const bytes = this.manifest.files.reduce((sum, file) => sum + file.bytes, 0);
    const { bavail, bsize } = statfsSync(where);
    if (bytes <= bavail * bsize) return;
    const [needed, free] = [bytes, bavail * bsize].map((size) => `${String(Math.ceil(size / 1e6))} MB`);
    throw bundleError(folder, `the bundle unpacks to ${needed!}, and ${free!} are free there`, 'make room first');
  }

  /** Gives each file's pieces to what `begin` returns for it; collects what is wrong with files. */
  private async eachFile(
    onProgress: (share: number) => void,
    begin: (file: BundleFile) => Promise<(chunk: Uint8Array | undefined) => void | Promise<void>>,
  ): Promise<void> {
    const problems: BundleError['problems'][number][] = [];
    let done = 0;
    for (const file of this.manifest.files) {
      const sink = await begin(file);
      try {
        await this.read(file, sink);
      } catch (error) {
        if (!(error instanceof BundleError)) throw error;
        problems.push(...error.problems);
      } finally {
        await sink(undefined);
      }
      done += 1;
      onProgress(done / this.manifest.files.length);
    }
    if (problems.length > 0) throw new BundleError(problems);
  }

  private async read(file: BundleFile, sink: (chunk: Uint8Array) => void | Promise<void>): Promise<void> {
    const sha = createHash('sha256');
    await readMember(this.zip, this.members.get(file.path)!, basename(this.path), async (chunk) => {
      sha.update(chunk);
      await sink(chunk);
    });
    if (sha.digest('hex') !== file.sha256)
      throw bundleError(
        basename(this.path),
        `${file.path} is not what the manifest says: its checksum differs`,
        ASK_AGAIN,
      );
  }
}

/** Appends pieces to a file; undefined ends it. */
function writerOf(path: string): (chunk: Uint8Array | undefined) => Promise<void> {
  const out = createWriteStream(path, { flags: 'wx' });
  return async (chunk) => {
    if (chunk === undefined) {
      out.end();
      if (!out.closed) await once(out, 'close');
    } else if (!out.write(chunk)) await once(out, 'drain');
  };
}

async function openZip(path: string): Promise<ZipFile> {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined) throw bundleError(path, 'there is no such file', 'give the path of a .odonata file');
  if (status.isDirectory())
    throw bundleError(path, 'this is a folder', 'give a .odonata file, or pack the folder with odonata bundle');
  try {
    return await openPromise(path, { autoClose: false, lazyEntries: true, strictFileNames: true });
  } catch (error) {
    throw bundleError(path, `this is not a bundle, or one that was cut off (${reasonOf(error)})`, ASK_AGAIN);
  }
}

async function listMembers(zip: ZipFile, path: string): Promise<Map<string, Entry>> {
  const file = basename(path);
  if (zip.entryCount > BUNDLE_FILES_MAX + 2)
    throw bundleError(file, `${String(zip.entryCount)} files are more than a bundle holds`, 'was another file meant?');
  const members = new Map<string, Entry>();
  let packed = 0;
  let unpacked = 0;
  try {
    for await (const entry of zip.eachEntry()) {
      // Folders, as archivers write them, hold nothing.
      if (entry.fileName.endsWith('/') && entry.uncompressedSize === 0) continue;
      if (members.has(entry.fileName)) throw bundleError(file, `${entry.fileName} stands twice in the archive`);
      if (!entry.canDecodeFileData())
        throw bundleError(file, `${entry.fileName} is encrypted, or packed in a way that bundles are not`);
      members.set(entry.fileName, entry);
      packed += entry.compressedSize;
      unpacked += entry.uncompressedSize;
    }
  } catch (error) {
    if (error instanceof BundleError) throw error;
    throw bundleError(file, `the archive's directory cannot be read (${reasonOf(error)})`, ASK_AGAIN);
  }
  // Members that share their bytes would count twice in `packed`.
  const held = Math.min(packed, zip.fileSize);
  if (unpacked > BUNDLE_BYTES_MAX || (unpacked > EXPANSION_FREE_BYTES && unpacked > EXPANSION_MAX * held))
    throw bundleError(
      file,
      `${String(Math.ceil(held / 1e3))} kB unpack to ${String(Math.ceil(unpacked / 1e6))} MB: no bundle of results does`,
      'do not open this file',
    );
  return members;
}

async function readManifest(zip: ZipFile, members: Map<string, Entry>, path: string): Promise<string> {
  const file = basename(path);
  const [entry, checksum] = [members.get(MANIFEST), members.get(MANIFEST_CHECKSUM)];
  if (entry === undefined || checksum === undefined)
    throw bundleError(
      file,
      `this archive is not a bundle: ${entry === undefined ? MANIFEST : MANIFEST_CHECKSUM} is missing`,
      'was another file meant?',
    );
  if (Math.max(entry.uncompressedSize, checksum.uncompressedSize) > MANIFEST_BYTES_MAX)
    throw bundleError(file, `${MANIFEST} has ${String(entry.uncompressedSize)} bytes, which is too much`);
  const [text, sum] = [await wholeMember(zip, entry, file), await wholeMember(zip, checksum, file)];
  if (sum.toString('latin1').slice(0, 64) !== createHash('sha256').update(text).digest('hex'))
    throw bundleError(file, `${MANIFEST} is not what ${MANIFEST_CHECKSUM} says`, ASK_AGAIN);
  return text.toString('utf8');
}

/** The archive's directory and the manifest must say the same. */
function compare({ files }: BundleManifest, members: Map<string, Entry>, file: string): void {
  const extra = new Set(members.keys());
  extra.delete(MANIFEST);
  extra.delete(MANIFEST_CHECKSUM);
  for (const { path, bytes } of files) {
    const member = members.get(path);
    if (member === undefined) throw bundleError(file, `${path} is missing`, ASK_AGAIN);
    if (member.uncompressedSize !== bytes)
      throw bundleError(
        file,
        `${path} has ${String(member.uncompressedSize)} bytes, and the manifest says ${String(bytes)}`,
        ASK_AGAIN,
      );
    extra.delete(path);
  }
  const [first] = extra;
  if (first !== undefined) throw bundleError(file, `the manifest does not know ${first}`, 'do not open this file');
}

async function wholeMember(zip: ZipFile, entry: Entry, file: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  await readMember(zip, entry, file, (chunk) => {
    chunks.push(chunk);
  });
  return Buffer.concat(chunks);
}

async function readMember(
  zip: ZipFile,
  entry: Entry,
  file: string,
  sink: (chunk: Uint8Array) => void | Promise<void>,
): Promise<void> {
  let inSink = false;
  try {
    const stream = await zip.openReadStreamPromise(entry);
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      inSink = true;
      await sink(chunk);
      inSink = false;
    }
  } catch (error) {
    if (inSink) throw error;
    throw bundleError(file, `${entry.fileName} cannot be unpacked (${reasonOf(error)})`, ASK_AGAIN);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
