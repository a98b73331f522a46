// A scenario from a file or from standard input, with the command line's overrides.

import { BadInput, badInput } from '../base';
import { applyOverrides, checkScenario, type CheckedScenario, parseScenario } from '../scenario';
import { readReplayFiles, readText } from '../store';

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
