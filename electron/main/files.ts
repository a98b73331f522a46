// Scenario files: dialogs, reading with the files that they name, writing. A path can be written only if a dialog of this session named it.

import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { dialog } from 'electron';
import { formatProblem, type Problem } from '../../core/base';
import { readJson, SCENARIO_BYTES_MAX, tooLarge } from '../../core/scenario';
import { readReplayFiles, type RunDatabase, writeWhole } from '../../core/store';
import { Advised } from './door';

export interface OpenedFile {
  readonly path: string;
  readonly name: string;
  readonly text: string;
}

const SCENARIOS = [{ name: 'Scenarios', extensions: ['json'] }];

export class Files {
  private readonly known = new Set<string>();

  constructor(private readonly database: RunDatabase) {
    for (const { path } of database.recent()) this.known.add(path);
  }

  async open(): Promise<OpenedFile | undefined> {
    const { filePaths } = await dialog.showOpenDialog({ properties: ['openFile'], filters: SCENARIOS });
    return filePaths[0] === undefined ? undefined : this.read(filePaths[0]);
  }

  /** @throws Advised unless the path is one of the recent files */
  openRecent(path: string): OpenedFile {
    if (!this.known.has(path)) throw new Advised('this file was not opened before', 'open it with File, Open');
    return this.read(path);
  }

  /** Reads a scenario file that a dialog, the list of recent files or the system named. */
  read(path: string): OpenedFile {
    const size = statSync(path, { throwIfNoEntry: false })?.size;
    if (size === undefined)
      throw new Advised(`${basename(path)} is not there any more`, 'it may have been moved; open it again');
    if (size > SCENARIO_BYTES_MAX) throw new Advised(tooLarge(basename(path), size).message, 'was another file meant?');
    const text = withReplays(readFileSync(path, 'utf8'), path);
    this.note(path);
    return { path, name: basename(path), text };
  }

  async save(
    path: string | undefined,
    suggestedName: string,
    text: string,
  ): Promise<{ path: string; name: string } | undefined> {
    const target =
      path !== undefined && this.known.has(path)
        ? path
        : (await dialog.showSaveDialog({ defaultPath: suggestedName, filters: SCENARIOS })).filePath;
    if (target === undefined || target === '') return undefined;
    writeWhole(target, text);
    this.note(target);
    return { path: target, name: basename(target) };
  }

  private note(path: string): void {
    this.known.add(path);
    this.database.noteRecent(path, basename(path), Date.now());
  }
}

/** The text with the CSV files of its replays in it, as the command line reads it. Text without any comes back as it is. */
function withReplays(text: string, path: string): string {
  const { value } = readJson(text, basename(path));
  const problems: Problem[] = [];
  const whole = readReplayFiles(value, path, problems);
  const [first] = problems;
  if (first !== undefined)
    throw new Advised(formatProblem({ ...first, file: basename(path), suggestion: undefined }), first.suggestion ?? '');
  return JSON.stringify(whole) === JSON.stringify(value) ? text : JSON.stringify(whole, undefined, 2);
}
