// Guided labs on disk: a teacher's own, beside those in the box.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { BadInput, badInput, type Problem } from '../base';
import { type GuidedLab, guidedLabById, guidedLabs, readGuidedLab } from '../course';
import { nearest } from '../scenario';

function readText(path: string, problems: Problem[], suggestion: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    problems.push({ file: path, pointer: '', message: 'the file cannot be read', suggestion });
    return '';
  }
}

/** A lab from its folder. @throws BadInput with every problem */
export function readLabFolder(folder: string): GuidedLab {
  const yamlFile = join(folder, 'lab.yaml');
  const textFile = join(folder, 'text.md');
  const problems: Problem[] = [];
  const yaml = readText(yamlFile, problems, 'a guided lab is a folder with lab.yaml and text.md');
  const text = readText(textFile, problems, 'a guided lab is a folder with lab.yaml and text.md');
  if (problems.length > 0) throw new BadInput(problems);
  const read = readGuidedLab({ yaml, text, yamlFile, textFile, folder: basename(resolve(folder)) });
  if (!read.ok) throw new BadInput(read.problems);
  return read.value;
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The labs in the box, and those of a folder of a teacher's: a lab, or a folder of labs. */
export function labsWith(folder: string | undefined): readonly GuidedLab[] {
  if (folder === undefined) return guidedLabs();
  if (isFile(join(folder, 'lab.yaml'))) return [readLabFolder(folder), ...guidedLabs()];
  const own = namesIn(folder)
    .map((name) => join(folder, name))
    .filter((path) => isFile(join(path, 'lab.yaml')));
  if (own.length === 0)
    throw badInput(folder, 'there is no guided lab in it', 'a folder with lab.yaml and text.md, or a folder of such');
  return [...own.map(readLabFolder), ...guidedLabs()];
}

/** A lab in the box by its id, or one from a folder. */
export function labNamed(name: string): GuidedLab {
  const known = guidedLabById(name);
  if (known !== undefined) return known;
  if (isFile(join(name, 'lab.yaml'))) return readLabFolder(name);
  const near = nearest(
    name,
    guidedLabs().map(({ id }) => id),
  );
  throw badInput(
    name,
    'no guided lab has this id, and no folder of this name holds one',
    near === undefined ? 'odonata course list shows them' : `did you mean "${near}"?`,
  );
}

/** What is in a folder, by name. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    throw badInput(folder, 'this is not a folder that can be read', 'give the path of a folder');
  }
}
