// Asks a filter of packets. The filter becomes one function of a row; lists of matching rows grow with the table and follow what
// becomes of packets that were under way.

import { CauseKind } from '../../../core/base';
import { Ecn, Flag, isRetransmission, packetRow, Protocol, SendReason } from '../../../core/packet';
import type { PacketTable } from '../../records';
import type { Comparison, Filter } from './filter-parse';
import type { FieldName, WordName } from './filter-words';

export type RowTest = (row: number) => boolean;

export function rowTest(filter: Filter, table: PacketTable): RowTest {
  switch (filter.type) {
    case 'all':
      return () => true;
    case 'and': {
      const left = rowTest(filter.left, table);
      const right = rowTest(filter.right, table);
      return (row) => left(row) && right(row);
    }
    case 'or': {
      const left = rowTest(filter.left, table);
      const right = rowTest(filter.right, table);
      return (row) => left(row) || right(row);
    }
    case 'not': {
      const of = rowTest(filter.of, table);
      return (row) => !of(row);
    }
    case 'word':
      return wordTest(filter.word, table);
    case 'name':
      return nameTest(filter.field, filter.places, table);
    case 'number': {
      const holds = comparison(filter.is, filter.value);
      if (filter.field === 'port') return (row) => portsOf(table, row).some(holds);
      const value = valueOf(filter.field, table);
      return (row) => holds(value(row));
    }
    case 'range': {
      const { from, to } = filter;
      if (filter.field === 'port') return (row) => portsOf(table, row).some((port) => port >= from && port <= to);
      const value = valueOf(filter.field, table);
      return (row) => {
        const found = value(row);
        return found >= from && found <= to;
      };
    }
  }
}

function comparison(is: Comparison, value: number): (found: number) => boolean {
  switch (is) {
    case '==':
      return (found) => found === value;
    case '!=':
      return (found) => found !== value;
    case '<':
      return (found) => found < value;
    case '<=':
      return (found) => found <= value;
    case '>':
      return (found) => found > value;
    case '>=':
      return (found) => found >= value;
  }
}

function wordTest(word: WordName, table: PacketTable): RowTest {
  const flags = (row: number): number => packetRow.flags(table.rows, table.base(row));
  const payload = (row: number): number => packetRow.payloadBytes(table.rows, table.base(row));
  const reason = (row: number): SendReason => packetRow.reason(table.rows, table.base(row)) as SendReason;
  const protocol = (row: number): number => packetRow.protocol(table.rows, table.base(row));
  switch (word) {
    case 'retransmit':
      return (row) => isRetransmission(reason(row));
    case 'drop':
      return (row) => table.fate(row) === 'dropped';
    case 'delivered':
      return (row) => table.fate(row) === 'delivered';
    case 'underway':
      return (row) => table.fate(row) === 'underway';
    case 'data':
      return (row) => payload(row) > 0;
    case 'ack':
      return (row) => (flags(row) & (Flag.ack | Flag.syn | Flag.fin | Flag.rst)) === Flag.ack && payload(row) === 0;
    case 'dupack':
      return (row) => reason(row) === SendReason.dupack;
    case 'sack':
      return (row) => packetRow.sackCount(table.rows, table.base(row)) > 0;
    case 'syn':
      return (row) => (flags(row) & Flag.syn) !== 0;
    case 'fin':
      return (row) => (flags(row) & Flag.fin) !== 0;
    case 'rst':
      return (row) => (flags(row) & Flag.rst) !== 0;
    case 'urgent':
      return (row) => (flags(row) & Flag.urg) !== 0;
    case 'marked':
      return (row) => packetRow.ecn(table.rows, table.base(row)) === Ecn.ce || (flags(row) & Flag.ece) !== 0;
    case 'tcp':
      return (row) => protocol(row) === Protocol.tcp;
    case 'udp':
      return (row) => protocol(row) === Protocol.udp;
  }
}

function nameTest(field: FieldName, places: ReadonlySet<number>, table: PacketTable): RowTest {
  const src = (row: number): boolean => places.has(packetRow.src(table.rows, table.base(row)));
  const dst = (row: number): boolean => places.has(packetRow.dst(table.rows, table.base(row)));
  switch (field) {
    case 'flow':
      return (row) => places.has(packetRow.flow(table.rows, table.base(row)));
    case 'src':
      return src;
    case 'dst':
      return dst;
    case 'host':
      return (row) => src(row) || dst(row);
    case 'reason':
      return (row) => places.has(packetRow.reason(table.rows, table.base(row)));
    case 'protocol':
      return (row) => places.has(packetRow.protocol(table.rows, table.base(row)) === Protocol.tcp ? 0 : 1);
    case 'lost':
      return (row) => table.fate(row) === 'dropped' && places.has(table.log.details[table.lastRecord(row) - 1]!);
    default:
      return (row) => wasOn(table, row, places);
  }
}

/** Whether a packet was on one of these link directions, or was dropped there. */
function wasOn(table: PacketTable, row: number, places: ReadonlySet<number>): boolean {
  const { log } = table;
  const first = table.madeBy(row);
  for (let id = table.lastRecord(row); id > first; id = log.parents[id - 1]!) {
    const kind = log.kinds[id - 1];
    if ((kind === CauseKind.transmit || kind === CauseKind.drop) && places.has(log.subjects[id - 1]!)) return true;
  }
  return false;
}

const NEVER = NaN;

function portsOf(table: PacketTable, row: number): [number, number] {
  const base = table.base(row);
  return [packetRow.srcPort(table.rows, base), packetRow.dstPort(table.rows, base)];
}

/** A field's number; NaN, which compares with nothing, where a packet has none. */
function valueOf(field: FieldName, table: PacketTable): (row: number) => number {
  const isTcp = (row: number): boolean => packetRow.protocol(table.rows, table.base(row)) === Protocol.tcp;
  switch (field) {
    case 'packet':
      return (row) => row + 1;
    case 'time':
      return (row) => table.at(row);
    case 'took':
      return (row) =>
        table.fate(row) === 'underway' ? NEVER : table.log.ats[table.lastRecord(row) - 1]! - table.at(row);
    case 'seq':
      return (row) => (isTcp(row) ? table.sequence(row) : NEVER);
    case 'ack':
      return (row) => table.acknowledged(row) ?? NEVER;
    case 'length':
      return (row) => packetRow.payloadBytes(table.rows, table.base(row));
    case 'size':
      return (row) => packetRow.ipBytes(table.rows, table.base(row));
    case 'window':
      return (row) => (isTcp(row) ? table.windowBytes(row) : NEVER);
    default:
      return () => NEVER;
  }
}

/** Rows that a filter lets through, in order. */
export class Matches {
  rows = new Int32Array(1024);
  length = 0;
  version = 0;
  private done = 0;
  private seenVersion = -1;

  constructor(
    readonly table: PacketTable,
    private readonly test: RowTest,
  ) {}

  /** Whether every row has been asked. */
  get isComplete(): boolean {
    return this.done === this.table.size;
  }

  /** Asks rows that are new or have changed, at most `max` new ones. */
  update(touched: readonly number[], max: number): void {
    const { table } = this;
    for (const row of touched) if (row < this.done) this.askAgain(row);
    const end = Math.min(table.size, this.done + max);
    for (let row = this.done; row < end; row += 1) if (this.test(row)) this.insert(this.length, row);
    if (this.done === end && this.seenVersion === table.version) return;
    this.done = end;
    this.seenVersion = table.version;
    this.version += 1;
  }

  /** Place of a row in the list, or of the first after it. */
  placeOf(row: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.rows[middle]! < row) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  has(row: number): boolean {
    return this.rows[this.placeOf(row)] === row && this.placeOf(row) < this.length;
  }

  /** What changes is near the end of the list, so moving the rest is cheap. */
  private askAgain(row: number): void {
    const place = this.placeOf(row);
    const isIn = place < this.length && this.rows[place] === row;
    const fits = this.test(row);
    if (fits === isIn) return;
    this.version += 1;
    if (fits) this.insert(place, row);
    else {
      this.rows.copyWithin(place, place + 1, this.length);
      this.length -= 1;
    }
  }

  private insert(place: number, row: number): void {
    if (this.length === this.rows.length) {
      const more = new Int32Array(2 * this.rows.length);
      more.set(this.rows);
      this.rows = more;
    }
    if (place < this.length) this.rows.copyWithin(place + 1, place, this.length);
    this.rows[place] = row;
    this.length += 1;
  }
}
