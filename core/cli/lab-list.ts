// odonata lab list: the catalogue, by topic, mechanism, slide and words.

import { badInput } from '../base';
import { findLabs, type Lab, LAB_COSTS, type LabFilter, LABS, mechanismsOf, pointsOf, topicsOf } from '../labs';
import { nearest } from '../scenario';
import { ExitCode, printJson, printLine, printTable } from './output';

export interface LabListOptions {
  readonly topic?: string;
  readonly mechanism?: string;
  readonly slide?: string;
  readonly json?: boolean;
}

export function labListCommand(words: readonly string[], options: LabListOptions): number {
  const { topic, mechanism, slide } = options;
  if (topic !== undefined) known('--topic', topic, topicsOf(LABS), (one) => one.toLowerCase() === topic.toLowerCase());
  if (mechanism !== undefined)
    known('--mechanism', mechanism, mechanismsOf(LABS), (one) => one.toLowerCase().includes(mechanism.toLowerCase()));
  const filter: LabFilter = { topic, mechanism, slide, words };
  const labs = findLabs(LABS, filter);
  if (options.json === true) {
    printJson(labs.map(recordOf));
    return ExitCode.done;
  }
  if (labs.length === 0) {
    printLine('no lab has all of that; odonata lab list shows them all');
    return ExitCode.done;
  }
  printTable([
    ['lab', 'title', 'topics', 'full run', 'about'],
    ...labs.map((lab) => [lab.id, lab.title, lab.topics.join(', '), fullRun(lab), lab.slide]),
  ]);
  return ExitCode.done;
}

function known(option: string, given: string, names: readonly string[], fits: (name: string) => boolean): void {
  if (names.some(fits)) return;
  const near = nearest(given, names);
  throw badInput(
    option,
    `no lab has "${given}"`,
    `${near === undefined ? '' : `did you mean "${near}"? `}known are ${names.join(', ')}`,
  );
}

/** `40 s`, `12 min`: never more exact than a forecast can be. */
export function aboutTime(seconds: number): string {
  if (seconds < 10) return `${String(Math.max(1, Math.round(seconds)))} s`;
  if (seconds < 90) return `${String(5 * Math.round(seconds / 5))} s`;
  if (seconds < 90 * 60) return `${String(Math.round(seconds / 60))} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

function fullRun({ id }: Lab): string {
  const cost = LAB_COSTS[id];
  return cost === undefined ? '' : aboutTime(cost.fullSeconds);
}

function recordOf(lab: Lab): object {
  const { id, experiment, title, slide, topics, mechanisms, question, expected, sources, lookFor } = lab;
  const cost = LAB_COSTS[id];
  return {
    id,
    experiment,
    title,
    slide,
    topics,
    mechanisms,
    question,
    expected,
    sources,
    lookFor,
    factors: lab.factors,
    measures: lab.measures,
    measurements: {
      quick: pointsOf(lab, true).length * lab.replications.quick,
      full: pointsOf(lab, false).length * lab.replications.full,
    },
    ...(cost === undefined ? {} : { typicalSeconds: { quick: cost.quickSeconds, full: cost.fullSeconds } }),
    reference: lab.reference !== undefined,
  };
}
