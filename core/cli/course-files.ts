// Guided labs and hand-ins on disk, and the runs that questions are judged by.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Problem } from '../base';
import {
  type Evidence,
  type EvidenceOf,
  type GuidedLab,
  guidedLabById,
  guidedLabs,
  needsRecords,
  pickRecords,
  readGuidedLab,
  runs,
  type Step,
  stepScenario,
} from '../course';
import { nearest } from '../scenario';
import { World } from '../world';
import { BadInput, badInput } from './output';

/** Runs a step. @param file for the problems of its scenario */
export function runStep(lab: GuidedLab, step: Step, file: string): Evidence {
  const scenario = stepScenario(lab, step, file);
  if (!scenario.ok) throw new BadInput(scenario.problems);
  const world = new World(scenario.value.resolved, { causes: needsRecords(lab, step) });
  const startedAt = performance.now();
  world.run(world.endAt);
  world.finishSeries();
  const { causes } = world.engine;
  return {
    summary: world.summary('finished', (performance.now() - startedAt) / 1000),
    series: world.series,
    records: causes === undefined ? [] : pickRecords(causes, world.causeNames()),
  };
}

/** Evidence of a lab's steps, each run once, when first asked for. */
export function evidenceOfLab(lab: GuidedLab, file = lab.id): EvidenceOf {
  const kept = new Map<string, Evidence>();
  return (id) => {
    const step = lab.steps.find((candidate) => candidate.id === id);
    if (step === undefined || !runs(step)) return undefined;
    const evidence = kept.get(id) ?? runStep(lab, step, file);
    kept.set(id, evidence);
    return evidence;
  };
}

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

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    throw badInput(folder, 'this is not a folder that can be read', 'give the path of a folder');
  }
}

export const HAND_IN_ENDING = '.odonata-handin';

/** Hand-ins in a folder and the folders below it, by name. */
export function handInsBelow(folder: string): string[] {
  return namesIn(folder).flatMap((name) => {
    const path = join(folder, name);
    if (name.endsWith(HAND_IN_ENDING)) return [path];
    return isFolder(path) ? handInsBelow(path) : [];
  });
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
