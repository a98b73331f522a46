// Reading the arguments of system calls.

import { type Expression, ScriptError, type StructItem } from './script';

/** Values of names that calls take as numbers. */
const NUMBERS: Readonly<Record<string, number>> = {
  SHUT_RD: 0,
  SHUT_WR: 1,
  SHUT_RDWR: 2,
  O_RDONLY: 0,
  O_RDWR: 2,
  POLLIN: 1,
  POLLPRI: 2,
  POLLOUT: 4,
  POLLERR: 8,
  POLLHUP: 16,
  POLLRDHUP: 0x2000,
};

/** The arguments of one call, with the line to blame. */
export class Arguments {
  constructor(
    private readonly values: readonly Expression[],
    readonly line: number,
    private readonly names: Readonly<Record<string, number>>,
  ) {}

  get count(): number {
    return this.values.length;
  }

  at(index: number): Expression {
    const value = this.values[index];
    if (value === undefined) throw new ScriptError(this.line, `argument ${String(index + 1)} is missing`, 'syntax');
    return value;
  }

  number(index: number): number {
    return this.toNumber(this.at(index));
  }

  /** Text of a name, a string, or several names joined by |. */
  name(index: number): string {
    const value = this.at(index);
    if (value.kind === 'name' || value.kind === 'text') return value.value;
    if (value.kind === 'number') return String(value.value);
    return value.kind === 'or' ? value.parts.map(textOf).join('|') : '';
  }

  /** Whether flags such as MSG_PEEK are among these. */
  hasFlag(index: number, flag: string): boolean {
    return index < this.count && this.name(index).split('|').includes(flag);
  }

  toNumber(value: Expression): number {
    switch (value.kind) {
      case 'number':
        return value.value;
      case 'or':
        return value.parts.reduce((sum, part) => sum | this.toNumber(part), 0);
      case 'list':
        if (value.items.length === 1) return this.toNumber(value.items[0]!);
        break;
      case 'name': {
        const known = this.names[value.value] ?? NUMBERS[value.value];
        if (known !== undefined) return known;
        break;
      }
      case 'call':
        if (/^(?:htons|htonl|ntohs|ntohl)$/u.test(value.name)) return this.toNumber(value.args[0]!);
        break;
      default:
        break;
    }
    throw new ScriptError(this.line, `${showExpression(value)} is not understood as a number`, 'unsupported');
  }

  /** Bytes that the vectors `[{..., 1000}, {..., 24}]` hold. */
  vectorBytes(value: Expression): number {
    if (value.kind !== 'list') throw new ScriptError(this.line, 'expected vectors such as [{..., 1000}]', 'syntax');
    return value.items.reduce((sum, item) => {
      const length = item.kind === 'struct' ? item.items.at(-1)?.value : undefined;
      return sum + (length === undefined ? 0 : this.toNumber(length));
    }, 0);
  }

  /** A field of a struct argument. */
  field(value: Expression, name: string): Expression | undefined {
    return value.kind === 'struct' ? value.items.find(({ field }) => field === name)?.value : undefined;
  }
}

function textOf(value: Expression): string {
  return value.kind === 'name' || value.kind === 'text' ? value.value : '';
}

/** An expression as the script writes it. */
export function showExpression(value: Expression): string {
  switch (value.kind) {
    case 'any':
      return '...';
    case 'number':
      return String(value.value);
    case 'text':
      return `"${value.value}"`;
    case 'name':
      return value.value;
    case 'or':
      return value.parts.map(showExpression).join('|');
    case 'call':
      return `${value.name}(${value.args.map(showExpression).join(', ')})`;
    case 'list':
      return `[${value.items.map(showExpression).join(', ')}]`;
    case 'struct':
      return `{${value.items.map(showItem).join(', ')}}`;
  }
}

function showItem({ field, value }: StructItem): string {
  return field === undefined ? showExpression(value) : `${field}=${showExpression(value)}`;
}
