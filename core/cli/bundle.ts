// odonata bundle, unbundle: results as one file that another person can open, and back into folders.

import { existsSync, statSync } from 'node:fs';
import { BadInput, badInput } from '../base';
import { BUNDLE_ENDING, BundleError, type BundleManifest, folderOfEntry, OpenBundle, writeBundle } from '../store';
import { ExitCode, printJson, printLine } from './output';
import { VERSION } from './version';

export function bundleCommand(folders: readonly string[], options: { out: string; json?: boolean }): number {
  if (!options.out.endsWith(BUNDLE_ENDING))
    throw badInput('--out', `"${options.out}" does not end in ${BUNDLE_ENDING}`, 'for example --out results.odonata');
  for (const folder of folders)
    if (!existsSync(folder) || !statSync(folder).isDirectory())
      throw badInput(
        folder,
        'there is no such folder',
        'give a folder that odonata run, sweep or lab run wrote with --out',
      );
  const manifest = asBadInput(() =>
    writeBundle(
      options.out,
      folders.map((folder) => ({ folder })),
      VERSION,
    ),
  );
  const bytes = statSync(options.out).size;
  if (options.json === true) printJson({ bundle: options.out, bytes, entries: manifest.entries });
  else {
    listEntries(manifest);
    printLine(`${options.out}: ${String(manifest.files.length)} files in ${(bytes / 1e3).toFixed(1)} kB`);
  }
  return ExitCode.done;
}

export async function unbundleCommand(file: string, options: { out: string; json?: boolean }): Promise<number> {
  const bundle = await openBundle(file);
  try {
    await bundle.unpack(options.out).catch(rethrow);
  } finally {
    bundle.close();
  }
  const { manifest } = bundle;
  if (options.json === true) printJson({ folder: options.out, entries: manifest.entries });
  else {
    listEntries(manifest);
    printLine(`${String(manifest.files.length)} files in ${options.out}`);
  }
  return ExitCode.done;
}

/** @throws BadInput if the file is not a bundle */
export function openBundle(file: string): Promise<OpenBundle> {
  return OpenBundle.open(file).catch(rethrow);
}

/** What is wrong with a bundle is bad input to a command. */
export function rethrow(error: unknown): never {
  throw error instanceof BundleError ? new BadInput(error.problems) : error;
}

function asBadInput<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    return rethrow(error);
  }
}

function listEntries({ entries }: BundleManifest): void {
  for (const entry of entries)
    printLine(`${folderOfEntry(entry)} ${entry.name}${entry.digest === undefined ? '' : `, digest ${entry.digest}`}`);
}
