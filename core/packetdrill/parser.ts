// From text to a script: option lines, then events in the order in which they stand.

import { NS_PER_SECOND } from '../base';
import { parseCall } from './parse-call';
import { parsePacket } from './parse-packet';
import { preprocess } from './preprocess';
import { Scanner } from './scanner';
import type { Script, ScriptEvent, When } from './script';

const EVENT = '+0 < . 1:1(0) ack 1 win 257';
const SECONDS = /(?:\d+(?:\.(?!\.)\d*)?|\.\d+)/uy;

/** @throws ScriptError with kind `syntax` or `unsupported` */
export function parseScript(text: string, defined: ReadonlySet<string>): Script {
  const scanner = new Scanner(preprocess(text, defined));
  const options = new Map<string, { value: string; line: number }>();
  const events: ScriptEvent[] = [];
  while (!scanner.atEnd()) {
    const { line } = scanner;
    const option = scanner.match(/--(\w+)(?:=("[^"\n]*"|\S*))?/uy);
    if (option === undefined) events.push(parseEvent(scanner));
    else options.set(option[1]!, { value: (option[2] ?? '').replace(/^"|"$/gu, ''), line });
  }
  if (events.length === 0) throw scanner.error('expected an event', EVENT);
  return { options, events };
}

/** A command may stand without a time, first and last; it then happens at once. */
const AT_ONCE: When = { kind: 'relative', from: 0, to: 0 };

function parseEvent(scanner: Scanner): ScriptEvent {
  const { line } = scanner;
  if (scanner.takes('`'))
    return { line, when: AT_ONCE, action: { kind: 'command', text: scanner.until('`', 'a command') } };
  if (scanner.takes('%{'))
    return { line, when: AT_ONCE, action: { kind: 'code', text: scanner.until('}%', 'a code section') } };
  const { when, returnsAt } = parseTimes(scanner);
  return { line, when, returnsAt, action: parseAction(scanner) };
}

function parseAction(scanner: Scanner): ScriptEvent['action'] {
  if (scanner.takes('`')) return { kind: 'command', text: scanner.until('`', 'a command') };
  if (scanner.takes('%{')) return { kind: 'code', text: scanner.until('}%', 'a code section') };
  if (scanner.takes('<')) return parsePacket(scanner, 'inbound');
  if (scanner.takes('>')) return parsePacket(scanner, 'outbound');
  return parseCall(scanner);
}

/** `0.1`, `+.02`, `+0~+.01`, `1~1.5`, `*`, and for blocking calls `0...0.2`. */
function parseTimes(scanner: Scanner): { when: When; returnsAt: number | undefined } {
  if (scanner.takes('*')) return { when: { kind: 'any' }, returnsAt: undefined };
  const isRelative = scanner.takes('+');
  const from = parseSeconds(scanner);
  let to = from;
  if (scanner.takes('~')) {
    scanner.takes('+');
    to = parseSeconds(scanner);
  }
  const when: When = { kind: isRelative ? 'relative' : 'absolute', from, to };
  if (!scanner.takes('...')) return { when, returnsAt: undefined };
  scanner.takes('+');
  return { when, returnsAt: parseSeconds(scanner) };
}

function parseSeconds(scanner: Scanner): number {
  const seconds = scanner.match(SECONDS);
  if (seconds === undefined) throw scanner.error('expected a time', EVENT);
  return Math.round(Number(seconds[0]) * NS_PER_SECOND);
}
