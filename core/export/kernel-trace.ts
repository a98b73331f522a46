// The kernel records of a cause log in a Chrome trace: a track per CPU with nested slices (a handler lies on the thread that it
// interrupts), marks and arrows between them, and for each token and lock a group of its own with holds and waits.

import { CauseKind } from '../base';
import type { PutTraceEvent, TraceRecord } from './trace';

/** What the numbers in kernel records stand for. */
export interface KernelNames {
  readonly cpus: readonly string[];
  readonly threads: readonly string[];
  readonly ports: readonly string[];
  readonly syncs: readonly string[];
}

const CPUS_PID = 4;
/** Each token and lock is a group ("process") of its own from here on. */
const FIRST_SYNC_PID = 100;
const HANDLER_NAMES = ['IPIs', 'interrupt'];

/** Whether a record is a kernel's. */
export function isKernelRecord({ kind }: Pick<TraceRecord, 'kind'>): boolean {
  return kind >= CauseKind.run && kind <= CauseKind.end;
}

export function nameKernelTracks(names: KernelNames, put: PutTraceEvent): void {
  const meta = (name: string, pid: number, tid: number, value: string): void => {
    put({ name, ph: 'M', pid, tid, ts: 0, args: { name: value } });
  };
  if (names.cpus.length > 0) meta('process_name', CPUS_PID, 0, 'CPUs');
  names.cpus.forEach((name, index) => {
    meta('thread_name', CPUS_PID, index + 1, name);
  });
  names.syncs.forEach((name, index) => {
    meta('process_name', FIRST_SYNC_PID + index, 0, name);
  });
}

/** @param recordAt finds the record that an arrow comes from, or that an end ends */
export function putKernelRecord(
  record: TraceRecord,
  names: KernelNames,
  recordAt: (id: number) => TraceRecord | undefined,
  put: PutTraceEvent,
): void {
  switch (record.kind) {
    case CauseKind.run:
    case CauseKind.handler:
      put({ ...onCpu(record), name: kernelRecordName(record, names), ph: 'B', cat: 'cpu', args: argsOf(record) });
      if (record.kind === CauseKind.run) putArrow('wake', record, recordAt, put);
      break;
    case CauseKind.end: {
      const begun = recordAt(record.subject);
      if (begun !== undefined) putEnd(begun, record, names, put);
      break;
    }
    case CauseKind.syncWait:
    case CauseKind.syncHold:
      put({
        ...onSync(record),
        name: kernelRecordName(record, names),
        ph: 'b',
        cat: 'sync',
        id: record.id,
        args: argsOf(record),
      });
      break;
    default:
      put({
        ...onCpu(record),
        name: kernelRecordName(record, names),
        ph: 'i',
        s: 't',
        cat: 'cpu',
        args: argsOf(record),
      });
      if (record.kind === CauseKind.messageTaken) putArrow('message', record, recordAt, put);
      if (record.kind === CauseKind.ipiTaken) putArrow('IPI', record, recordAt, put);
  }
}

function putEnd(begun: TraceRecord, { at }: TraceRecord, names: KernelNames, put: PutTraceEvent): void {
  const name = kernelRecordName(begun, names);
  if (begun.kind === CauseKind.run || begun.kind === CauseKind.handler)
    put({ ...onCpu(begun), name, ph: 'E', cat: 'cpu', ts: at / 1000 });
  else put({ ...onSync(begun), name, ph: 'e', cat: 'sync', id: begun.id, ts: at / 1000 });
}

function onCpu({ subject, at }: TraceRecord): { pid: number; tid: number; ts: number } {
  return { pid: CPUS_PID, tid: subject + 1, ts: at / 1000 };
}

function onSync({ subject, at, kind }: TraceRecord): { pid: number; tid: number; ts: number } {
  return { pid: FIRST_SYNC_PID + subject, tid: kind, ts: at / 1000 };
}

function argsOf({ id, parent }: TraceRecord): Readonly<Record<string, unknown>> {
  return { id, cause: parent };
}

/** What a kernel record tells, in a few words. */
export function kernelRecordName({ kind, detail }: TraceRecord, { threads, ports, cpus }: KernelNames): string {
  const thread = threads[detail] ?? 'CPU';
  switch (kind) {
    case CauseKind.run:
      return thread;
    case CauseKind.handler:
      return HANDLER_NAMES[detail] ?? 'handler';
    case CauseKind.wake:
      return `wake ${thread}`;
    case CauseKind.messagePut:
      return `message to ${ports[detail] ?? '?'}`;
    case CauseKind.messageReplied:
      return `reply to ${ports[detail] ?? '?'}`;
    case CauseKind.messageTaken:
      return `${thread} has it`;
    case CauseKind.ipi:
      return `IPI to ${cpus[detail] ?? '?'}`;
    case CauseKind.ipiTaken:
      return 'IPI';
    case CauseKind.syncWait:
      return `${thread} waits`;
    case CauseKind.syncHold:
      return `${thread} holds`;
    default:
      return `interrupt for ${thread}`;
  }
}

/** An arrow from the record's cause, on whichever CPU that was; both ends lie within slices. */
function putArrow(
  name: string,
  record: TraceRecord,
  recordAt: (id: number) => TraceRecord | undefined,
  put: PutTraceEvent,
): void {
  const parent = recordAt(record.parent);
  if (parent === undefined || !isKernelRecord(parent)) return;
  const arrow = { name, cat: 'cause', id: record.id };
  put({ ...arrow, ...onCpu(parent), ph: 's' });
  put({ ...arrow, ...onCpu(record), ph: 'f', bp: 'e' });
}
