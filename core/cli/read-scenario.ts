// A scenario from a file or from standard input, with the command line's overrides.

import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { BadInput, badInput, type Problem } from '../base';
import {
  applyOverrides,
  checkScenario,
  type CheckedScenario,
  parseScenario,
  readJson,
  SCENARIO_BYTES_MAX,
  tooLarge,
} from '../scenario';

const STDIN = '-';

/** @throws BadInput with every problem */
export function readScenario(file: string, overrides: readonly string[]): CheckedScenario {
  const text = readText(file);
  const parsed = parseScenario(text, file);
  // A file may be right only with the overrides, or refer to files beside it: look at the document itself then.
  let document: unknown;
  try {
    document = JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text) as unknown;
  } catch {
    if (!parsed.ok) throw new BadInput(parsed.problems);
    throw badInput(file, 'the text is not JSON');
  }
  const duplicates = parsed.ok ? [] : parsed.problems.filter(({ message }) => message.includes('stands twice'));
  const { value, problems } = applyOverrides(document, overrides);
  const withFiles = readReplayFiles(value, file, problems);
  const checked = checkScenario(withFiles, file);
  const all = [...duplicates, ...problems, ...(checked.ok ? [] : checked.problems)];
  if (!checked.ok || all.length > 0) throw new BadInput(all);
  return checked.value;
}

/** The document of a scenario, with the files that it names; what is wrong with it otherwise is not looked at. */
export function readDocument(file: string): { document: unknown; problems: Problem[] } {
  const { value, problems } = readJson(readText(file), file);
  return { document: value === undefined ? undefined : readReplayFiles(value, file, problems), problems };
}

/** Text of a file, or of standard input. @throws BadInput if there is none */
export function readText(file: string, example = 'scenarios/dumbbell.json'): string {
  try {
    if (file === STDIN) return readFileSync(0, 'utf8');
    const status = statSync(file);
    if (status.isDirectory()) throw badInput(file, 'this is a folder', `give a file, such as ${example}`);
    if (status.size > SCENARIO_BYTES_MAX) throw new BadInput([tooLarge(file, status.size)]);
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof BadInput) throw error;
    throw badInput(
      file,
      'the file cannot be read',
      `give the path of a file such as ${example}, or - for standard input`,
    );
  }
}

/** Replays that name a CSV file get its text; paths count from the scenario's folder. */
export function readReplayFiles(document: unknown, file: string, problems: Problem[]): unknown {
  if (typeof document !== 'object' || document === null || !('traffic' in document) || !Array.isArray(document.traffic))
    return document;
  const base = file === STDIN ? process.cwd() : dirname(file);
  const traffic = document.traffic.map((flow: unknown, index: number): unknown => {
    if (typeof flow !== 'object' || flow === null || !('file' in flow) || typeof flow.file !== 'string') return flow;
    const { file: name, ...rest } = flow;
    try {
      return { ...rest, csv: readFileSync(resolve(base, name), 'utf8') };
    } catch {
      problems.push({
        file,
        pointer: `/traffic/${String(index)}/file`,
        message: `"${name}" cannot be read`,
        suggestion: 'the path counts from the folder of the scenario',
      });
      return rest;
    }
  });
  return { ...document, traffic };
}
