// A packetdrill script as data: what the parser makes and everybody else reads. Times in nanoseconds.

/** Ends a script: where and why. `unsupported` when the language has it and we do not. */
export class ScriptError extends Error {
  constructor(
    readonly line: number,
    message: string,
    readonly kind: 'fail' | 'unsupported' | 'syntax' = 'fail',
  ) {
    super(message);
  }
}

export interface Script {
  /** `--name=value` lines, without the dashes; a flag has the value ''. */
  readonly options: ReadonlyMap<string, { readonly value: string; readonly line: number }>;
  readonly events: readonly ScriptEvent[];
}

/** When an event is to happen. `any` is the asterisk. */
export type When =
  { readonly kind: 'absolute' | 'relative'; readonly from: number; readonly to: number } | { readonly kind: 'any' };

export interface ScriptEvent {
  readonly line: number;
  readonly when: When;
  /** A blocking call returns then; relative to the same instant as `when`. */
  readonly returnsAt?: number | undefined;
  readonly action: PacketAction | CallAction | CommandAction | CodeAction;
}

export interface PacketAction {
  readonly kind: 'packet';
  readonly direction: 'inbound' | 'outbound';
  readonly packet: ScriptSegment | ScriptIcmp | ScriptDatagram;
}

/** A system call with its arguments and what it must return. */
export interface CallAction {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly Expression[];
  readonly result: Expression;
  /** Name of the expected error. */
  readonly errno: string | undefined;
}

/** A shell command between backticks; never executed, only understood. */
export interface CommandAction {
  readonly kind: 'command';
  readonly text: string;
}

/** A Python section over tcp_info. */
export interface CodeAction {
  readonly kind: 'code';
  readonly text: string;
}

/** ECN field of the IP header as scripts write it; `ect01` is either of the two. */
export type ScriptEcn = 'noecn' | 'ect0' | 'ect1' | 'ect01' | 'ce';

interface IpPart {
  readonly ecn: ScriptEcn | undefined;
  readonly tos: number | undefined;
  readonly ttl: number | undefined;
}

export interface ScriptSegment extends IpPart {
  readonly protocol: 'tcp';
  /** Letters as written: S F R P U A E W, `.` for ACK, digits for the ACE field. */
  readonly flags: string;
  /** Undefined for `...`: any number. */
  readonly seq: number | undefined;
  readonly payloadBytes: number;
  /** The number stands for itself, not for an offset from the initial one (`!`). */
  readonly isSeqAbsolute: boolean;
  readonly ack: number | undefined;
  readonly window: number | undefined;
  readonly urgent: number | undefined;
  /** Undefined for `<...>`: not compared. */
  readonly options: readonly ScriptOption[] | undefined;
}

export type ScriptOption =
  | { readonly kind: 'mss' | 'wscale'; readonly value: number }
  | { readonly kind: 'sackOK' | 'nop' | 'eol' }
  | { readonly kind: 'TS'; readonly val: number | undefined; readonly ecr: number | undefined }
  | { readonly kind: 'sack'; readonly blocks: readonly (readonly [number, number])[] }
  | { readonly kind: 'FO' | 'FOEXP'; readonly cookie: string }
  | { readonly kind: 'other'; readonly text: string };

/** An ICMP message that quotes a segment of ours. */
export interface ScriptIcmp extends IpPart {
  readonly protocol: 'icmp';
  readonly type: string;
  readonly code: string | undefined;
  readonly mtu: number | undefined;
  /** First octet of the quoted segment; undefined when the script does not say. */
  readonly quotedSeq: number | undefined;
}

export interface ScriptDatagram extends IpPart {
  readonly protocol: 'udp';
  readonly payloadBytes: number;
}

/** Arguments and results of calls. */
export type Expression =
  | { readonly kind: 'any' }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'name'; readonly value: string }
  | { readonly kind: 'or'; readonly parts: readonly Expression[] }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'struct'; readonly items: readonly StructItem[] };

export interface StructItem {
  /** Absent for a positional item. */
  readonly field: string | undefined;
  readonly value: Expression;
}
