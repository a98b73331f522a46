// base: brands, instants, serial numbers, ids, invariants, problems, exact mathematics, named random streams. No state of its own; free to all rooms.
// Realises architecture.md §2 (units in types, errors that carry where and what) and style.md §3.3, §3.9.

export { BadInput, badInput } from './bad-input';
export type { Brand } from './brand';
export { CauseKind, DropReason } from './cause-kind';
export type { CauseId, FlowId, NodeId } from './ids';
export { NO_CAUSE } from './ids';
export { invariant, InvariantError, unreachable, violated } from './invariant';
export { cbrt, exp, ln, pow } from './exact-math';
export { fitsPattern } from './name-pattern';
export type { Checked, Problem } from './problem';
export { formatProblem } from './problem';
export type { SeqNum, TsVal } from './seq-num';
export {
  seqAdd,
  seqDiff,
  seqInWindow,
  seqLeq,
  seqLt,
  seqMax,
  seqNum,
  seqToU32,
  tsDiff,
  tsLt,
  tsToU32,
  tsVal,
} from './seq-num';
export { RandomStream, Streams } from './streams';
export type { Nanos } from './time';
export { before, nanos, NS_PER_MS, NS_PER_SECOND, NS_PER_US, plus, spanNs, TIME_NEVER, TIME_ZERO } from './time';
