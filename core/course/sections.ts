// The sections of `text.md`: a heading with an anchor, `## With SACK {#with-sack}`, begins the text of a step; what stands before the
// first of them is the introduction, and `{#end}` begins the closing words.

export interface Section {
  /** `start` for the introduction. */
  readonly id: string;
  readonly title: string;
  readonly markdown: string;
  /** Line of its heading, from 1. */
  readonly line: number;
}

export const START = 'start';
export const END = 'end';

const HEADING = /^#{1,6}\s+(.*?)\s*\{#([^}]*)\}\s*$/;
const FENCE = /^\s*(```|~~~)/;

export function sectionsOf(text: string): Section[] {
  const sections: { id: string; title: string; line: number; lines: string[] }[] = [
    { id: START, title: '', line: 1, lines: [] },
  ];
  let fenced = false;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (FENCE.test(line)) fenced = !fenced;
    const heading = fenced ? null : HEADING.exec(line);
    if (heading === null) sections.at(-1)!.lines.push(line);
    else sections.push({ id: heading[2]!.trim(), title: heading[1]!, line: index + 1, lines: [] });
  }
  return sections.map(({ lines, ...section }) => ({ ...section, markdown: lines.join('\n').trim() }));
}
