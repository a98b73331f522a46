// TCP sequence numbers and timestamps: 32-bit serial numbers that wrap (RFC 9293 §3.4, RFC 7323 §5.2).
// At run time an int32; comparison is the sign of the wrapped difference, which is right while the two
// lie within 2^31 of each other. Arithmetic and comparison go through these helpers only.

declare const seqKey: unique symbol;
declare const tsKey: unique symbol;

/** A sequence number; opaque, so that `+`, `-` and comparison with another type do not compile. */
export interface SeqNum {
  readonly [seqKey]: 'SeqNum';
}

/** A value of the TCP timestamp clock (RFC 7323 §3); opaque like SeqNum. */
export interface TsVal {
  readonly [tsKey]: 'TsVal';
}

const raw = (value: SeqNum | TsVal): number => value as unknown as number;

/** The sequence number with these 32 bits (any integer; taken modulo 2^32). */
export function seqNum(value: number): SeqNum {
  return (value | 0) as unknown as SeqNum;
}

/** `seq + count` modulo 2^32. */
export function seqAdd(seq: SeqNum, count: number): SeqNum {
  return ((raw(seq) + count) | 0) as unknown as SeqNum;
}

/** `a - b` as a signed count in [-2^31, 2^31). */
export function seqDiff(a: SeqNum, b: SeqNum): number {
  return (raw(a) - raw(b)) | 0;
}

export function seqLt(a: SeqNum, b: SeqNum): boolean {
  return ((raw(a) - raw(b)) | 0) < 0;
}

export function seqLeq(a: SeqNum, b: SeqNum): boolean {
  return ((raw(a) - raw(b)) | 0) <= 0;
}

export function seqMax(a: SeqNum, b: SeqNum): SeqNum {
  return seqLt(a, b) ? b : a;
}

/** Whether `seq` lies in `[start, start + size)`. */
export function seqInWindow(seq: SeqNum, start: SeqNum, size: number): boolean {
  const offset = seqDiff(seq, start);
  return offset >= 0 && offset < size;
}

/** The 32 bits as an unsigned number, for the wire and for people. */
export function seqToU32(seq: SeqNum): number {
  return raw(seq) >>> 0;
}

/** The timestamp value with these 32 bits. */
export function tsVal(value: number): TsVal {
  return (value | 0) as unknown as TsVal;
}

/** `a - b` as a signed count of timestamp ticks. */
export function tsDiff(a: TsVal, b: TsVal): number {
  return (raw(a) - raw(b)) | 0;
}

/** Whether `a` is older than `b`, in serial-number arithmetic. */
export function tsLt(a: TsVal, b: TsVal): boolean {
  return ((raw(a) - raw(b)) | 0) < 0;
}

/** The 32 bits as an unsigned number, for the wire and for people. */
export function tsToU32(ts: TsVal): number {
  return raw(ts) >>> 0;
}
