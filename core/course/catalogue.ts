// The guided labs in the box, in the order of the talk. Read when first asked for, because most commands and windows never ask.

import { formatProblem } from '../base';
import type { GuidedLab } from './guided-lab';
import { LAB_TEXTS } from './labs';
import { readGuidedLab } from './read-lab';

let known: readonly GuidedLab[] | undefined;

/** A lab of our own that is broken throws; a test reads each. */
export function guidedLabs(): readonly GuidedLab[] {
  known ??= LAB_TEXTS.map(({ id, yaml, text }) => {
    const read = readGuidedLab({ yaml, text, yamlFile: `${id}/lab.yaml`, textFile: `${id}/text.md`, folder: id });
    if (!read.ok) throw new Error(read.problems.map(formatProblem).join('\n'));
    return read.value;
  });
  return known;
}

export function guidedLabById(id: string): GuidedLab | undefined {
  return guidedLabs().find((lab) => lab.id === id);
}
