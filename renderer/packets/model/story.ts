// Why a packet was sent, and what it led to: the chain of cause records in sentences (product.md §2: click a retransmission and walk
// back). The chain itself is in the records; what a person would add, the first copy that was lost and who filled the queue, is
// looked up in the table.

import { CauseKind } from '../../../core/base';
import { recordName } from '../../../core/export';
import { Flag, isRetransmission, packetRow, SEND_REASON_NAMES, type SendReason } from '../../../core/packet';
import type { LoggedRecord, PacketTable } from '../../records';
import { count, DROP_CLAUSES, duration, packetText, REASON_CLAUSES } from './describe';
import { directionName, linkId, nodeName } from './names';

/** One step of a story; newest first when it goes back, oldest first when it goes on. */
export interface Step {
  /** The record to go to. */
  readonly record: number;
  /** The packet that it is about, if it is about one. */
  readonly row: number | undefined;
  readonly text: string;
  /** Host, CPU and thread, link or interface. */
  readonly place: string;
  readonly atNs: number;
  /** How long it lasted; undefined for what takes no time by itself. */
  readonly tookNs: number | undefined;
  /** Between this and the step that it caused, ns; undefined for the last. */
  readonly untilNextNs: number | undefined;
  /** Something that is not in the chain and explains it. */
  readonly isAside: boolean;
  readonly kind: 'packet' | 'tcp' | 'kernel' | 'application' | 'drop';
}

/** Steps of the chain from `record` back towards its origin, at most `max`. */
export function storyBack(table: PacketTable, record: number, max: number): { steps: Step[]; goesOn: boolean } {
  const { log } = table;
  const steps: Step[] = [];
  let later: number | undefined = undefined;
  let at = log.at(record);
  for (let told = 0; at !== undefined && told < max; told += 1) {
    steps.push(stepOf(table, at, later));
    if (at.kind === CauseKind.send) steps.push(...asidesOf(table, at));
    if (at.kind === CauseKind.drop) steps.push(...queueAside(table, at));
    later = at.at;
    at = log.at(at.parent);
  }
  return { steps, goesOn: at !== undefined };
}

const EFFECTS_MAX = 60;
const NEWS: readonly number[] = [
  CauseKind.send,
  CauseKind.write,
  CauseKind.run,
  CauseKind.timer,
  CauseKind.drop,
  CauseKind.receive,
];

/** What a packet led to, until the next packets and runs of threads: in the order of time. */
export function storyOn(table: PacketTable, row: number): Step[] {
  const { log } = table;
  const steps: Step[] = [];
  const waiting = [...table.records(row)];
  const own = new Set(waiting);
  for (let next = waiting.shift(); next !== undefined && steps.length < EFFECTS_MAX; next = waiting.shift()) {
    for (const effect of log.effects(next, EFFECTS_MAX)) {
      if (own.has(effect.id) || effect.kind === CauseKind.bus) continue;
      if (NEWS.includes(effect.kind)) steps.push(stepOf(table, effect, undefined));
      // What a packet of its own led to is that packet's story.
      if (effect.kind !== CauseKind.send && effect.kind !== CauseKind.run) waiting.push(effect.id);
    }
  }
  steps.sort((a, b) => a.atNs - b.atNs);
  const again = table.fate(row) === 'dropped' ? sentAgain(table, row) : undefined;
  if (again !== undefined) {
    const { made, text } = again;
    steps.push({ ...stepOf(table, made, undefined), row: again.row, text, isAside: true });
  }
  return steps;
}

function stepOf(table: PacketTable, record: LoggedRecord, laterNs: number | undefined): Step {
  const { log } = table;
  const lastNs = log.ats[log.size - 1] ?? 0;
  const begin = log.beginOf(record.id);
  const end = log.endOf(record.id, lastNs);
  const hasLength = LONG.includes(record.kind);
  const row = table.rowOf(record.id) ?? (record.kind === CauseKind.send ? firstFrame(table, record.id) : undefined);
  return {
    record: record.id,
    row,
    text: textOf(table, record, row),
    place: placeOf(table, record, row),
    atNs: begin,
    tookNs: hasLength ? end - begin : undefined,
    untilNextNs: laterNs === undefined ? undefined : Math.max(0, laterNs - (hasLength && end <= laterNs ? end : begin)),
    isAside: false,
    kind: KINDS[record.kind] ?? 'kernel',
  };
}

const LONG: readonly number[] = [
  CauseKind.transmit,
  CauseKind.dma,
  CauseKind.bus,
  CauseKind.run,
  CauseKind.handler,
  CauseKind.syncHold,
  CauseKind.syncWait,
];
const KINDS: Readonly<Record<number, Step['kind']>> = {
  [CauseKind.transmit]: 'packet',
  [CauseKind.dma]: 'packet',
  [CauseKind.bus]: 'packet',
  [CauseKind.drop]: 'drop',
  [CauseKind.send]: 'tcp',
  [CauseKind.receive]: 'tcp',
  [CauseKind.timer]: 'tcp',
  [CauseKind.write]: 'application',
  [CauseKind.change]: 'application',
};

/** The first frame of a burst: a sending of TCP that an interface cuts has no row of its own. */
function firstFrame(table: PacketTable, send: number): number | undefined {
  for (const { id, kind } of table.log.effects(send, 200)) {
    const row = kind === CauseKind.dma ? table.rowOf(id) : undefined;
    if (row !== undefined) return row;
  }
  return undefined;
}

function framesOf(table: PacketTable, send: number): number {
  return table.log.effects(send, 200).filter(({ id, kind }) => kind === CauseKind.dma && table.rowOf(id) !== undefined)
    .length;
}

const TIMERS = [
  'retransmission',
  'delayed-ACK',
  'persist',
  'TIME-WAIT',
  'FIN-WAIT-2',
  'early-retransmit',
  'keep-alive',
] as const;

function textOf(table: PacketTable, record: LoggedRecord, row: number | undefined): string {
  const { log } = table;
  const { names } = log;
  const { kernel } = names;
  const thread = kernel.threads[record.detail] ?? 'a thread';
  switch (record.kind) {
    case CauseKind.write:
      return `The application wrote ${count(record.detail)} bytes.`;
    case CauseKind.send:
      return sendText(table, record, row);
    case CauseKind.transmit: {
      const ends = names.ends[record.subject];
      const waited = record.detail - record.at;
      const way = ends === undefined ? '' : ` from ${nodeName(names, ends.from)} to ${nodeName(names, ends.to)}`;
      const wait = waited > 0 ? `, after ${duration(waited)} in the queue` : '';
      return `Link “${linkId(directionName(names, record.subject))}” carried it${way}${wait}.`;
    }
    case CauseKind.dma:
      return directionName(names, record.subject).endsWith(': in')
        ? `The network interface wrote it into a receive ring: ${count(record.extra)} bytes.`
        : `The network interface fetched it from memory: ${count(record.extra)} bytes.`;
    case CauseKind.drop:
      return `It was dropped: ${DROP_CLAUSES[record.detail] ?? 'for a reason of its own'}.`;
    case CauseKind.receive:
      if (record.subject < 0 && !isSyn(table, row)) return 'It came to a host that has no socket for it.';
      return row === undefined
        ? 'A packet came.'
        : `${nodeName(names, packetRow.dst(table.rows, table.base(row)))} took it in: ${packetText(table, row)}.`;
    case CauseKind.timer:
      return `The ${TIMERS[record.detail] ?? ''} timer ran out.`;
    case CauseKind.change:
      return 'The scenario changed a link.';
    case CauseKind.run:
      return `${thread} had the CPU.`;
    case CauseKind.handler:
      return record.detail === 0 ? 'The CPU looked at its IPI messages.' : 'The CPU handled an interrupt.';
    case CauseKind.wake:
      return `${thread} was woken.`;
    case CauseKind.messagePut:
      return `A message was put on ${kernel.ports[record.detail] ?? 'a port'}.`;
    case CauseKind.messageReplied:
      return `The message was replied to ${kernel.ports[record.detail] ?? 'a port'}.`;
    case CauseKind.messageTaken:
      return `${thread} took the message.`;
    case CauseKind.ipi:
      return `An IPI message was sent to ${kernel.cpus[record.detail] ?? 'another CPU'}.`;
    case CauseKind.ipiTaken:
      return 'The IPI message was taken.';
    case CauseKind.interrupt:
      return `The network interface or a timer interrupted for ${thread}.`;
    default:
      return `${recordName(record, kernel)}.`;
  }
}

function isSyn(table: PacketTable, row: number | undefined): boolean {
  return row !== undefined && (packetRow.flags(table.rows, table.base(row)) & Flag.syn) !== 0;
}

function sendText(table: PacketTable, record: LoggedRecord, row: number | undefined): string {
  const { names } = table.log;
  const name = SEND_REASON_NAMES[record.extra];
  const clause = name === undefined ? 'sent' : REASON_CLAUSES[name];
  if (row === undefined) return `It ${clause}.`;
  const who = nodeName(names, packetRow.src(table.rows, table.base(row)));
  const frames = framesOf(table, record.id);
  const burst = frames > 1 ? `, a burst that the interface cut into ${String(frames)} frames` : '';
  return `${who} ${clause}: ${packetText(table, row)}${burst}.`;
}

/** Host, CPU and thread of a record; for devices their name. */
function placeOf(table: PacketTable, record: LoggedRecord, row: number | undefined): string {
  const { log } = table;
  const { names } = log;
  const { kernel } = names;
  switch (record.kind) {
    case CauseKind.transmit:
    case CauseKind.dma:
    case CauseKind.bus:
    case CauseKind.drop:
      return record.subject < 0 ? 'in a node without a way' : directionName(names, record.subject);
    case CauseKind.write:
    case CauseKind.receive:
    case CauseKind.timer:
    case CauseKind.send: {
      const slice = sliceOf(table, record);
      if (slice !== undefined) return inSlice(table, slice);
      const host = names.sockets[record.subject];
      if (host !== undefined) return host;
      return row === undefined ? '' : nodeName(names, packetRow.src(table.rows, table.base(row)));
    }
    case CauseKind.change:
      return 'scenario';
    case CauseKind.syncHold:
    case CauseKind.syncWait:
      return kernel.syncs[record.subject] ?? '';
    default:
      return kernel.cpus[record.subject] ?? '';
  }
}

function inSlice(table: PacketTable, slice: LoggedRecord): string {
  const { kernel } = table.log.names;
  const cpu = kernel.cpus[slice.subject] ?? '';
  if (slice.kind === CauseKind.handler) return `${cpu}, handler`;
  return `${cpu}, ${kernel.threads[slice.detail] ?? ''}`;
}

const SLICE_STEPS = 12;

/** The slice of a CPU in which something happened, or the kernel's record nearest before it that names CPU and thread. */
function sliceOf(table: PacketTable, record: LoggedRecord): LoggedRecord | undefined {
  const { log } = table;
  let at: LoggedRecord | undefined = record;
  for (let step = 0; at !== undefined && step < SLICE_STEPS; step += 1) {
    if ([CauseKind.run, CauseKind.messageTaken, CauseKind.handler].some((kind) => kind === at!.kind)) return at;
    if (
      at.kind !== CauseKind.send &&
      at.extra > 0 &&
      [CauseKind.write, CauseKind.receive, CauseKind.timer].some((kind) => kind === at!.kind)
    )
      return log.at(at.extra);
    // Beyond the receiving lies another host.
    if (at.kind === CauseKind.receive || at.kind === CauseKind.transmit) return undefined;
    at = log.at(at.parent);
  }
  return undefined;
}

// What is not in the chain

function asidesOf(table: PacketTable, send: LoggedRecord): Step[] {
  if (!isRetransmission(send.extra as SendReason)) return [];
  const row = table.rowOf(send.id) ?? firstFrame(table, send.id);
  if (row === undefined) return [];
  const earlier = sentBefore(table, row);
  if (earlier === undefined) return [];
  const last = table.log.at(table.lastRecord(earlier));
  if (last === undefined) return [];
  const step = stepOf(table, last, undefined);
  const number = `packet ${count(earlier + 1)}, sent ${duration(table.at(row) - table.at(earlier))} before`;
  const aside = { ...step, row: earlier, isAside: true, untilNextNs: undefined };
  if (table.fate(earlier) === 'dropped')
    return [
      {
        ...aside,
        kind: 'drop',
        text: `These bytes had been in ${number}. It was dropped: ${DROP_CLAUSES[last.detail] ?? ''}.`,
      },
      ...queueAside(table, last),
    ];
  const hadCome = table.fate(earlier) === 'delivered' && last.at <= table.at(row);
  const came = hadCome
    ? 'It had arrived: sending again was not necessary.'
    : table.fate(earlier) === 'delivered'
      ? 'It was still under way and arrived: sending again was not necessary.'
      : 'It is still under way.';
  return [{ ...aside, text: `These bytes had been in ${number}. ${came}` }];
}

const overlaps = (table: PacketTable, a: number, b: number): boolean => {
  const from = Math.max(table.sequence(a), table.sequence(b));
  const to = Math.min(table.sequence(a) + table.sequenceLength(a), table.sequence(b) + table.sequenceLength(b));
  return from < to && table.isBack(a) === table.isBack(b);
};

const LOOK_MAX = 100_000;

/** The latest packet before `row` that carried some of its bytes: what it repeats. */
export function sentBefore(table: PacketTable, row: number): number | undefined {
  let at = table.previousOf(row);
  for (let looked = 0; at !== undefined && looked < LOOK_MAX; looked += 1) {
    if (overlaps(table, row, at)) return at;
    at = table.previousOf(at);
  }
  return undefined;
}

/** The first packet after a lost one that carried its bytes again. */
function sentAgain(table: PacketTable, row: number): { row: number; made: LoggedRecord; text: string } | undefined {
  let at = table.nextOf(row);
  for (let looked = 0; at !== undefined && looked < LOOK_MAX; looked += 1) {
    const made = table.log.at(table.madeBy(at));
    if (made !== undefined && overlaps(table, row, at)) {
      const after = duration(table.at(at) - table.at(row));
      return { row: at, made, text: `Its bytes were sent again ${after} later, in packet ${count(at + 1)}.` };
    }
    at = table.nextOf(at);
  }
  return undefined;
}

const QUEUE_LOOK_RECORDS = 200_000;

/** Whose packets filled the queue that had no room for one. */
function queueAside(table: PacketTable, drop: LoggedRecord): Step[] {
  const { log } = table;
  if (drop.kind !== CauseKind.drop || drop.detail !== 0) return [];
  const shares = new Map<number, number>();
  let waiting = 0;
  let first = drop.id;
  for (let id = drop.id - 1; id > 0 && drop.id - id < QUEUE_LOOK_RECORDS; id -= 1) {
    if (log.kinds[id - 1] !== CauseKind.transmit || log.subjects[id - 1] !== drop.subject) continue;
    // A link serves in order: what was taken before this had begun by then.
    if (log.details[id - 1]! <= drop.at) break;
    const row = table.rowOf(id);
    const flow = row === undefined ? -1 : packetRow.flow(table.rows, table.base(row));
    shares.set(flow, (shares.get(flow) ?? 0) + 1);
    waiting += 1;
    first = id;
  }
  if (waiting === 0) return [];
  const parts = [...shares]
    .sort((a, b) => b[1] - a[1])
    .slice(0, 4)
    .map(([flow, packets]) => `${String(packets)} of ${log.names.flows[flow] ?? 'others'}`);
  const step = stepOf(table, log.at(first)!, undefined);
  const text = `${String(waiting)} packets stood in that queue: ${parts.join(', ')}. The oldest of them had come ${duration(drop.at - log.ats[first - 1]!)} before.`;
  return [
    {
      ...step,
      atNs: drop.at,
      tookNs: undefined,
      text,
      isAside: true,
      place: linkId(directionName(log.names, drop.subject)),
      kind: 'drop',
    },
  ];
}
