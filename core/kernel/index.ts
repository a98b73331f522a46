// kernel: LWKT as DragonFly designed it. Threads that belong to CPUs, messages and ports, tokens, IPI messages. Knows no
// network. Realises kernel.md §1-§3, §4, §5 and the big lock of §6.8.

export { checkKernel } from './check';
export { Calls, type KernelProgram } from './calls';
export type { Cpu } from './cpu';
export type { CpuCounters } from './cpu-counters';
export type { CpuObserver } from './cpu-time';
export { KernelProgramError } from './errors';
export type { FaultPlace, Faults } from './faults';
export {
  type InterruptCounters,
  type InterruptHandler,
  InterruptSource,
  type InterruptWishes,
} from './interrupt-source';
export type { Lock, LockCounters } from './lock/lock';
export { LockFamily } from './lock/family';
export { Mutex } from './lock/mutex';
export { Serializer } from './lock/serializer';
export { Spinlock } from './lock/spinlock';
export { Kernel, type ThreadWishes } from './kernel';
export { EASYNC, Message, MessageFlag, type MessageWishes } from './message';
export { KERNEL_DEFAULTS, type KernelOptions } from './options';
export type { Operation } from './operation';
export { post, retire } from './operations/messages';
export { PanicPort, PutOnlyPort, ReplyOnlyPort } from './port/function-ports';
export { EINTR, type Predicate, type PredicateCounters, PredicateMessage, PredicateQueue } from './predicate';
export type { Port, PortCounters } from './port/port';
export { SerializerPort } from './port/serializer-port';
export { ServicePort } from './port/service-port';
export { SpinPort } from './port/spin-port';
export { ThreadPort } from './port/thread-port';
export type { OwnedTokenCounters } from './token/owned-token';
export { type AddressSpace, type Body, type Thread, ThreadPriority } from './thread';
export type { Token, TokenCounters } from './token/token';
export type { TraceNames } from './trace';
export {
  type CapsClient,
  type CapsMessage,
  CapsNames,
  type CapsService,
  type Credentials,
  ECONNRESET,
  ENOTCONN,
} from './user/caps';
export { type Interposer, SystemCalls } from './user/system-calls';
export { UserScheduler } from './user/user-scheduler';
export { type UserProgram, type UserRequest, UserThread, userThreads } from './user/user-threads';
