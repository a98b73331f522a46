// Finding labs: by topic, mechanism and slide, and by words anywhere in what a lab says of itself.

import { type Lab, TOPICS } from './lab';

export interface LabFilter {
  readonly topic?: string | undefined;
  readonly mechanism?: string | undefined;
  readonly slide?: string | undefined;
  readonly words?: readonly string[];
}

function has(text: string, part: string): boolean {
  return text.toLowerCase().includes(part.toLowerCase());
}

/** Labs that fit all that is asked; parts of names suffice, and case does not matter. */
export function findLabs<L extends Lab>(labs: readonly L[], { topic, mechanism, slide, words = [] }: LabFilter): L[] {
  return labs.filter((lab) => {
    const said = textOf(lab);
    return (
      (topic === undefined || lab.topics.some((one) => one.toLowerCase() === topic.toLowerCase())) &&
      (mechanism === undefined || lab.mechanisms.some((one) => has(one, mechanism))) &&
      (slide === undefined || has(lab.slide, slide)) &&
      words.every((word) => has(said, word))
    );
  });
}

function textOf(lab: Lab): string {
  const { id, title, slide, question, expected, lookFor, topics, mechanisms, sources, factors, measures } = lab;
  const labels = [...factors, ...measures].map(({ label }) => label);
  return [id, title, slide, question, expected, lookFor, ...topics, ...mechanisms, ...sources, ...labels].join('\n');
}

/** All mechanisms that labs name, in order of the alphabet. */
export function mechanismsOf(labs: readonly Lab[]): string[] {
  return [...new Set(labs.flatMap(({ mechanisms }) => mechanisms))].sort((a, b) =>
    a.toLowerCase() < b.toLowerCase() ? -1 : 1,
  );
}

/** The topics that labs have, in the order of TOPICS. */
export function topicsOf(labs: readonly Lab[]): string[] {
  return TOPICS.filter((topic) => labs.some(({ topics }) => topics.includes(topic)));
}
