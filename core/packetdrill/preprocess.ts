// The text before it is parsed: comments become spaces, and #ifdef sections of other systems too, so that every
// line keeps its number. Strings, shell commands and Python sections are left alone.

import { ScriptError } from './script';

const PROTECTED = /"(?:[^"\\\n]|\\.)*"|`[^`]*`|%\{[\s\S]*?\}%/uy;
const COMMENT = /\/\/[^\n]*|\/\*[\s\S]*?\*\//uy;

/** @param defined names for which #ifdef holds */
export function preprocess(text: string, defined: ReadonlySet<string>): string {
  return selectSections(blankComments(text.replaceAll('\r\n', '\n')), defined);
}

function blankComments(text: string): string {
  const parts: string[] = [];
  let at = 0;
  while (at < text.length) {
    PROTECTED.lastIndex = at;
    COMMENT.lastIndex = at;
    const kept = PROTECTED.exec(text);
    const comment = kept === null ? COMMENT.exec(text) : null;
    const found = kept?.[0] ?? comment?.[0].replace(/[^\n]/gu, ' ') ?? text[at]!;
    parts.push(found);
    at += found.length;
  }
  return parts.join('');
}

/** C's conditional lines; any other line that begins with # is a comment. */
function selectSections(text: string, defined: ReadonlySet<string>): string {
  const open: { line: number; holds: boolean }[] = [];
  const lines = text.split('\n').map((line, index) => {
    const directive = /^\s*#\s*(ifdef|ifndef|else|endif)\b\s*(\w*)/u.exec(line);
    if (directive === null) {
      const isHidden = open.some(({ holds }) => !holds) || /^\s*#/u.test(line);
      return isHidden ? '' : line;
    }
    const [, word, name] = directive;
    const last = open.at(-1);
    if (word === 'ifdef' || word === 'ifndef') {
      open.push({ line: index + 1, holds: defined.has(name!) === (word === 'ifdef') });
    } else if (last === undefined) {
      throw new ScriptError(index + 1, `#${word!} without #ifdef; for example: #ifdef FreeBSD`, 'syntax');
    } else if (word === 'else') last.holds = !last.holds;
    else open.pop();
    return '';
  });
  const left = open.at(-1);
  if (left !== undefined) throw new ScriptError(left.line, '#ifdef without #endif; for example: #endif', 'syntax');
  return lines.join('\n');
}
