// What the differences rest on, in words: pairs of runs, independent runs, or single ones.

import type { Basis } from './differences';

/** Said once where it is the same for all runs, else with the letters of those it is about. */
export function basisText(bases: readonly (Basis | undefined)[], confidence: number): string {
  const percent = `${String(confidence * 100)}%`;
  const said = bases.flatMap((basis, index) => (basis ? [{ run: 'ABCD'[index]!, text: saidOf(basis, percent) }] : []));
  const texts = [...new Set(said.map(({ text }) => text))];
  if (texts.length === 1) return texts[0]!;
  return texts
    .map((one) => `${said.flatMap(({ run, text }) => (text === one ? [run] : [])).join(', ')}: ${one}`)
    .join(' ');
}

function saidOf(basis: Basis, percent: string): string {
  switch (basis.kind) {
    case 'paired':
      return `In pairs, by ${String(basis.pairs)} common seeds (common random numbers); ${percent} Student-t intervals.`;
    case 'independent':
      return `Independent runs, ${String(basis.count)} against ${String(basis.baseline)}; ${percent} intervals by Welch.`;
    case 'single':
      return basis.sameSeed
        ? 'Single runs with the same seed: there is no confidence, the difference is that of this one seed. Replicate to have some.'
        : 'Single runs with different seeds: there is no confidence, and chance is part of every difference. Replicate to have some.';
    case 'none':
      return 'A run has no summary, and so no numbers.';
  }
}
