// A run's cause log and series as a Chrome trace (the JSON that Perfetto and chrome://tracing open): transmissions
// as slices on a track per link direction, sends, receptions and timers as slices on a track per socket, queues
// and windows as counters, and flow arrows along the causes.

import { CauseKind } from '../base';
import { isKernelRecord, kernelRecordName, type KernelNames, nameKernelTracks, putKernelRecord } from './kernel-trace';
import { type IcmpErrorName, icmpErrorName, SEND_REASON_NAMES, SendReason } from '../packet';
import type { SeriesData } from '../measure';

/** A record of the cause log; kinds as in the engine's CauseKind. */
export interface TraceRecord {
  readonly id: number;
  readonly parent: number;
  readonly kind: number;
  readonly at: number;
  readonly subject: number;
  readonly detail: number;
  readonly extra: number;
}

export interface TraceInput {
  readonly name: string;
  readonly records: Iterable<TraceRecord>;
  readonly recordAt: (id: number) => TraceRecord | undefined;
  /** Names of link directions, by subject. */
  readonly links: readonly string[];
  /** Names of sockets, by subject. */
  readonly sockets: readonly string[];
  /** Names of kernel records. */
  readonly kernel: KernelNames;
  readonly series: readonly SeriesData[];
}

const LINKS_PID = 1;
const SOCKETS_PID = 2;
const COUNTERS_PID = 3;
const TIMER_NAMES = [
  'retransmit',
  'delayed ACK',
  'persist',
  'TIME-WAIT',
  'FIN-WAIT-2',
  'early retransmit',
  'keep-alive',
];
const DROP_NAMES = [
  'queue full',
  'lost on the wire',
  'link down',
  'receive ring full',
  'send queue full',
  'no route',
  'too many routers',
  'larger than the MTU',
];
const ICMP_NAMES: Readonly<Record<IcmpErrorName, string>> = {
  hostUnreachable: 'host unreachable',
  portUnreachable: 'port unreachable',
  fragmentationNeeded: 'fragmentation needed',
  timeExceeded: 'time exceeded',
};
/** Instants are drawn as slices of a microsecond, because arrows need slices to hold on to. */
const INSTANT_US = 1;

export interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly cat?: string;
  readonly id?: number;
  readonly bp?: string;
  readonly s?: string;
  readonly args?: Readonly<Record<string, unknown>>;
}

export type PutTraceEvent = (event: TraceEvent) => void;

/** Writes the trace in pieces of text; together they are one JSON document. */
export function writeTrace(input: TraceInput, write: (text: string) => void): void {
  let separator = '';
  const put: PutTraceEvent = (event) => {
    write(separator + JSON.stringify(event));
    separator = ',\n';
  };
  write('{"displayTimeUnit":"ns","traceEvents":[\n');
  names(input, put);
  for (const record of input.records) {
    if (isKernelRecord(record)) {
      putKernelRecord(record, input.kernel, input.recordAt, put);
      continue;
    }
    putRecord(record, input.kernel, put);
    putArrow(record, input, put);
  }
  for (const { name, unit, times, values, length } of input.series) {
    for (let i = 0; i < length; i += 1) {
      put({ name, ph: 'C', pid: COUNTERS_PID, tid: 0, ts: times[i]! / 1000, args: { [unit]: values[i] } });
    }
  }
  write(`\n],"otherData":{"scenario":${JSON.stringify(input.name)}}}\n`);
}

function names(input: TraceInput, put: PutTraceEvent): void {
  const meta = (name: string, pid: number, tid: number, value: string): void => {
    put({ name, ph: 'M', pid, tid, ts: 0, args: { name: value } });
  };
  meta('process_name', LINKS_PID, 0, 'Links, network interfaces and buses');
  meta('process_name', SOCKETS_PID, 0, 'TCP and UDP sockets');
  meta('process_name', COUNTERS_PID, 0, 'Series');
  nameKernelTracks(input.kernel, put);
  input.links.forEach((name, index) => {
    meta('thread_name', LINKS_PID, index + 1, name);
  });
  input.sockets.forEach((name, index) => {
    meta('thread_name', SOCKETS_PID, index + 1, name);
  });
}

/** Where a record is drawn: its track, start and length. */
function placeOf(record: TraceRecord): { pid: number; tid: number; ts: number; dur: number } {
  const { kind } = record;
  const onDevice = kind === CauseKind.dma || kind === CauseKind.bus;
  const onLink = kind === CauseKind.transmit || kind === CauseKind.drop || onDevice;
  const pid = onLink ? LINKS_PID : SOCKETS_PID;
  const start = record.kind === CauseKind.transmit ? record.detail : record.at;
  const end = kind === CauseKind.transmit ? record.extra : record.detail;
  const hasEnd = kind === CauseKind.transmit || onDevice;
  const dur = hasEnd ? Math.max(0, end - start) / 1000 : INSTANT_US;
  return { pid, tid: record.subject + 1, ts: start / 1000, dur };
}

function putRecord(record: TraceRecord, kernel: KernelNames, put: PutTraceEvent): void {
  put({
    name: recordName(record, kernel),
    ph: 'X',
    cat: 'cause',
    ...placeOf(record),
    args: { id: record.id, cause: record.parent },
  });
}

/** What a record tells, in a few words. */
export function recordName(record: TraceRecord, kernel: KernelNames): string {
  if (isKernelRecord(record)) return kernelRecordName(record, kernel);
  switch (record.kind) {
    case CauseKind.write:
      return `write ${String(record.detail)} B`;
    case CauseKind.send:
      if (record.extra === SendReason.icmp) return `send ICMP ${icmpName(record.detail)}`;
      return `send ${SEND_REASON_NAMES[record.extra] ?? ''} seq ${String(record.detail)}`;
    case CauseKind.transmit:
      return 'transmit';
    case CauseKind.dma:
      return `DMA ${String(record.extra)} B`;
    case CauseKind.bus:
      return record.extra < 0 ? `bus read ${String(-record.extra)} B` : `bus write ${String(record.extra)} B`;
    case CauseKind.drop:
      return `drop: ${DROP_NAMES[record.detail] ?? ''}`;
    case CauseKind.receive:
      return `receive ack ${String(record.detail)}`;
    case CauseKind.icmp:
      return `receive ICMP ${icmpName(record.detail)}${record.extra > 0 ? `, MTU ${String(record.extra)}` : ''}`;
    case CauseKind.timer:
      return `timer: ${TIMER_NAMES[record.detail] ?? ''}`;
    default:
      return 'change';
  }
}

function icmpName(typeAndCode: number): string {
  const name = icmpErrorName(typeAndCode >> 8, typeAndCode & 0xff);
  return name === undefined ? '' : ICMP_NAMES[name];
}

/** An arrow from the record's cause to it. */
function putArrow(record: TraceRecord, input: TraceInput, put: PutTraceEvent): void {
  const parent = input.recordAt(record.parent);
  if (parent === undefined) return;
  const from = placeOf(parent);
  const to = placeOf(record);
  const arrow = { name: 'cause', cat: 'cause', id: record.id };
  put({ ...arrow, ph: 's', pid: from.pid, tid: from.tid, ts: from.ts });
  put({ ...arrow, ph: 'f', bp: 'e', pid: to.pid, tid: to.tid, ts: Math.max(from.ts, to.ts) });
}
