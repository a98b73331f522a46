// packetdrill scripts: chosen in a dialog, run in a process of their own.

import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { dialog } from 'electron';
import type { Reply, Request } from '../ipc';
import { askRunner } from './ask-runner';
import { Advised } from './door';

/** What the runner process is asked. */
export interface DrillJob {
  readonly type: 'drill';
  readonly text: string;
  readonly profile: Request<'scripts.run'>['profile'];
}

/** The largest script of the public suites has 40 kB. */
const SCRIPT_BYTES_MAX = 4 * 1024 * 1024;

export async function openScript(): Promise<Reply<'scripts.open'>> {
  const filters = [{ name: 'packetdrill scripts', extensions: ['pkt'] }];
  const { filePaths } = await dialog.showOpenDialog({ properties: ['openFile'], filters });
  const path = filePaths[0];
  if (path === undefined) return undefined;
  if (statSync(path).size > SCRIPT_BYTES_MAX)
    throw new Advised(`${basename(path)} is too large for a script`, 'was another file meant?');
  return { path, name: basename(path), text: readFileSync(path, 'utf8') };
}

export async function runScript({ text, profile }: Request<'scripts.run'>): Promise<Reply<'scripts.run'>> {
  const job: DrillJob = { type: 'drill', text, profile };
  const verdict = await askRunner<Reply<'scripts.run'>>('script', job);
  if (verdict === undefined) throw new Advised('the script ended unexpectedly', 'run it with: odonata packetdrill');
  return verdict;
}
