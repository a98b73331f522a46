// Reads the line forms of tcp.md appendix A.

export interface AckLine {
  readonly kind: 'ack';
  readonly seconds: number;
  readonly ack: number;
  /** Value of the echoed timestamp, in the trace's numbering. */
  readonly ecr: number | undefined;
  readonly sack: readonly { readonly left: number; readonly right: number }[];
  readonly after: Readonly<Record<string, number>>;
}

export type TraceLine =
  | AckLine
  | {
      readonly kind: 'timeout';
      readonly seconds: number;
      readonly after: Readonly<Record<string, number>>;
    }
  | {
      readonly kind: 'send';
      readonly seconds: number;
      readonly segments: readonly { readonly from: number; readonly to: number }[];
    };

export interface Trace {
  readonly name: string;
  readonly title: string;
  readonly lines: readonly TraceLine[];
  readonly end: { una: number; max: number; cwnd: number; ssth: number; nextTimeout: string };
}

export function parseTrace(text: string): Trace[] {
  return text
    .split(/^### /m)
    .slice(1)
    .map((block) => {
      const [head = '', ...rows] = block.trimEnd().split('\n');
      const [, name = '', title = ''] = /^(\S+) (.*)$/.exec(head) ?? [];
      const last = rows.pop() ?? '';
      const [, una, max, cwnd, ssth, next = ''] =
        /^end: una (\d+) max (\d+) cwnd (\d+) ssth (\w+) next RTO at (\S+)$/.exec(last) ?? [];
      return {
        name,
        title,
        lines: rows.filter((row) => !/^\S+ \. /.test(row)).map(parseLine),
        end: { una: Number(una), max: Number(max), cwnd: Number(cwnd), ssth: amount(ssth), nextTimeout: next },
      };
    });
}

function amount(text: string | undefined): number {
  return text === 'inf' ? Infinity : Number(text);
}

function parseLine(row: string): TraceLine {
  const [, time = '', mark = '', rest = ''] = /^(\S+) (\S) (.*)$/.exec(row) ?? [];
  const seconds = Number(time);
  if (mark === '>') return { kind: 'send', seconds, segments: parseSegments(rest) };
  const [left = '', values = ''] = rest.split(' | ');
  const after = parseAfter(values);
  if (mark === 'T') {
    // What the pipe is after a timeout depends on whether SACK information is kept (RFC 6675 §5.1) or dropped.
    delete after['pipe'];
    return { kind: 'timeout', seconds, after };
  }
  const ecr = /ecr (\d+)/.exec(left)?.[1];
  return {
    kind: 'ack',
    seconds,
    ack: Number(/ack (\d+)/.exec(left)?.[1]),
    ecr: ecr === undefined ? undefined : Number(ecr),
    sack: [...left.matchAll(/(\d+):(\d+)/g)].map(([, from, to]) => ({ left: Number(from), right: Number(to) })),
    after,
  };
}

/** `a:b(n)`, or `a:b (k x n)` for k equal segments. */
function parseSegments(text: string): { from: number; to: number }[] {
  const [, a, b, count, size] = /^(\d+):(\d+) ?\((?:(\d+) x )?(\d+)\)/.exec(text) ?? [];
  const [from, bytes] = [Number(a), Number(size)];
  if (from + Number(count ?? 1) * bytes !== Number(b)) throw new Error(`segments do not add up: ${text}`);
  return Array.from({ length: Number(count ?? 1) }, (_, index) => ({
    from: from + index * bytes,
    to: from + (index + 1) * bytes,
  }));
}

/** Values after the line: `cwnd 3000->5000` is 5000. The meaning of "dup" differs between models and is left out. */
function parseAfter(text: string): Record<string, number> {
  const after: Record<string, number> = {};
  for (const [, name = '', value] of text.matchAll(/(cwnd|ssth|flight|pipe) (?:\w+->)?(\w+)/g))
    after[name] = amount(value);
  return after;
}
