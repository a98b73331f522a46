// What became of a script: the ladder of its events, and where it ended.

/** One row of the ladder: an event of the script and what became of it. Times in ns since the script began. */
export interface LadderRow {
  readonly line: number;
  readonly kind: 'inbound' | 'outbound' | 'call' | 'command' | 'code';
  /** When the script wanted it; undefined for `*`. */
  readonly expectedAt: number | undefined;
  readonly at: number;
  readonly expected: string;
  /** What happened, where that can differ. */
  readonly actual: string | undefined;
  readonly ok: boolean;
}

export interface Run {
  readonly result: 'pass' | 'fail' | 'unsupported';
  /** Where it ended, 0 when it passed. */
  readonly line: number;
  readonly message: string;
  readonly rows: readonly LadderRow[];
}
