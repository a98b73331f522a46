// Imports a capture in a process of its own: captures are large, and main has a window to keep alive.

import { basename } from 'node:path';
import { dialog } from 'electron';
import { askRunner } from './ask-runner';
import { Advised } from './door';

/** What the runner process is asked, and what it answers. */
export interface ImportJob {
  readonly type: 'import';
  readonly path: string;
}
export type ImportReport =
  | { readonly type: 'imported'; readonly text: string; readonly report: readonly string[] }
  | { readonly type: 'refused'; readonly reason: string };

export async function importCapture(): Promise<{ name: string; text: string; report: string[] } | undefined> {
  const filters = [{ name: 'Captures', extensions: ['pcap', 'pcapng', 'cap'] }];
  const { filePaths } = await dialog.showOpenDialog({ properties: ['openFile'], filters });
  const path = filePaths[0];
  if (path === undefined) return undefined;
  const job: ImportJob = { type: 'import', path };
  const answer = await askRunner<ImportReport>('import', job);
  if (answer === undefined) throw new Advised('the import ended unexpectedly', 'try it with a smaller capture');
  if (answer.type === 'refused') throw new Advised(answer.reason, 'choose a file that tcpdump or Wireshark wrote');
  return { name: `${basename(path)}.json`, text: answer.text, report: [...answer.report] };
}
