// System calls: `write(4, ..., 1000) = 1000`, `connect(3, ..., ...) = -1 EINPROGRESS (Operation now in progress)`.

import type { Scanner } from './scanner';
import type { CallAction, Expression, StructItem } from './script';

const EXAMPLE = 'write(4, ..., 1000) = 1000';

export function parseCall(scanner: Scanner): CallAction {
  const name = scanner.match(/[A-Za-z_]\w*/uy);
  if (name === undefined) throw scanner.error('expected a system call, a packet, a command or %{ }%', EXAMPLE);
  scanner.expect('(', EXAMPLE);
  const args = parseItems(scanner, ')').map(({ value }) => value);
  scanner.expect('=', EXAMPLE);
  const result = parseExpression(scanner);
  const errno = scanner.match(/E[A-Z0-9]+\b/uy);
  // What follows in brackets is a note to the reader: the error's text, or the names of flags.
  if (scanner.matchHere(/[^\S\n]*\(/uy) !== undefined) scanner.until(')', 'the note after the result');
  return { kind: 'call', name: name[0], args, result, errno: errno?.[0] };
}

/** Items up to `end`, which is taken too. */
function parseItems(scanner: Scanner, end: string): StructItem[] {
  const items: StructItem[] = [];
  if (scanner.takes(end)) return items;
  for (;;) {
    items.push(parseItem(scanner));
    if (scanner.takes(end)) return items;
    scanner.expect(',', EXAMPLE);
  }
}

/** `value`, `field=value` or `field(count)=value`. */
function parseItem(scanner: Scanner): StructItem {
  const field = scanner.match(/([A-Za-z_]\w*)\s*(?:\((?:\.\.\.|\d+)\))?\s*=(?!=)/uy);
  return { field: field?.[1], value: parseExpression(scanner) };
}

function parseExpression(scanner: Scanner): Expression {
  const parts = [parseValue(scanner)];
  while (scanner.takes('|')) parts.push(parseValue(scanner));
  return parts.length === 1 ? parts[0]! : { kind: 'or', parts };
}

function parseValue(scanner: Scanner): Expression {
  if (scanner.takes('...')) return { kind: 'any' };
  if (scanner.takes('[')) return { kind: 'list', items: parseItems(scanner, ']').map(({ value }) => value) };
  if (scanner.takes('{')) return { kind: 'struct', items: parseItems(scanner, '}') };
  const number = scanner.match(/-?(?:0x[\da-fA-F]+|\d+)/uy);
  if (number !== undefined) return { kind: 'number', value: toNumber(number[0]) };
  const text = scanner.match(/"((?:[^"\\\n]|\\.)*)"/uy);
  if (text !== undefined) return { kind: 'text', value: text[1]! };
  const name = scanner.match(/[A-Za-z_]\w*/uy);
  if (name === undefined) throw scanner.error('expected a value', EXAMPLE);
  if (scanner.takes('('))
    return { kind: 'call', name: name[0], args: parseItems(scanner, ')').map(({ value }) => value) };
  return { kind: 'name', value: name[0] };
}

function toNumber(text: string): number {
  return text.startsWith('-0x') ? -Number(text.slice(1)) : Number(text);
}
