// What a question may find: labs, guided labs and scenarios, and what of each is searched.

import type { GalleryEntry } from '../../../core/scenario';
import type { GuidedCard, LabCard } from '../../../electron/ipc';
import { type Findable, SearchIndex } from './search';

export type Found =
  | { readonly kind: 'lab'; readonly lab: LabCard }
  | { readonly kind: 'guided'; readonly guided: GuidedCard }
  | { readonly kind: 'scenario'; readonly entry: GalleryEntry };

export function indexOf(
  labs: readonly LabCard[],
  guided: readonly GuidedCard[],
  gallery: readonly GalleryEntry[],
): SearchIndex<Found> {
  const all: Found[] = [
    ...labs.map((lab) => ({ kind: 'lab' as const, lab })),
    ...guided.map((one) => ({ kind: 'guided' as const, guided: one })),
    ...gallery.map((entry) => ({ kind: 'scenario' as const, entry })),
  ];
  return new SearchIndex(all, describe);
}

function describe(found: Found): Findable {
  if (found.kind === 'lab') {
    const { title, mechanisms, topics, slide, question, expected, lookFor, sources, factors, measures } = found.lab;
    const labels = [...factors, ...measures].map(({ label }) => label);
    return {
      name: title,
      subjects: [...mechanisms, ...topics, slide],
      question,
      text: [expected, lookFor, ...sources, ...labels].join(' '),
    };
  }
  if (found.kind === 'guided') {
    const { title, topic, slides, goals, literature } = found.guided;
    const plain = (html: string): string => html.replaceAll(/<[^>]*>/g, ' ');
    return {
      name: plain(title),
      subjects: [topic, ...slides],
      question: goals.map(plain).join(' '),
      text: literature.map(plain).join(' '),
    };
  }
  const { name, description = '' } = found.entry.document;
  return { name, subjects: [], question: '', text: description };
}
