// Packets of a run in the window: the rows that the run sends, and what the cause records say became of each. A packet's records are
// a chain: what made it (the sending, or the DMA that cut it off a burst), transmissions, DMA into the other host, then that
// it was received or dropped. Never reactive; `version` tells that something changed.

import { CauseKind } from '../../core/base';
import { Flag, Option, PACKET_ROW_WIDTH, packetRow, Protocol } from '../../core/packet';
import { grown, type RecordLog } from './record-log';

/** What became of a packet so far. */
export type Fate = 'underway' | 'delivered' | 'dropped';
const FATES: readonly Fate[] = ['underway', 'delivered', 'dropped'];
const DELIVERED = FATES.indexOf('delivered');
const DROPPED = FATES.indexOf('dropped');

/** Two ends that talk: their packets have numbers relative to each side's first. */
export interface Connection {
  readonly protocol: number;
  readonly flow: number;
  /** The end whose packet was seen first, then the other one. */
  readonly ends: readonly [End, End];
  /** First and last of its packets; between them `nextOf`. */
  readonly firstRow: number;
  lastRow: number;
  packets: number;
}

interface End {
  readonly node: number;
  readonly port: number;
  /** Sequence number of its first packet. */
  first: number | undefined;
  /** Window scale that it announced; used only if both did. */
  scale: number | undefined;
  /** Most sequence space after the first that it has used. */
  reach: number;
}

const AT_FIRST = 1024;
const FOLLOWED: readonly number[] = [CauseKind.transmit, CauseKind.dma, CauseKind.drop, CauseKind.receive];

export class PacketTable {
  rows = new Int32Array(AT_FIRST * PACKET_ROW_WIDTH);
  size = 0;
  version = 0;
  /** Packets that the run had no room for. */
  lost = 0;
  readonly connections: Connection[] = [];
  /** Longest time between a packet's sending and its end so far, ns. */
  longestNs = 0;

  // By row
  private fates = new Uint8Array(AT_FIRST);
  private lastRecords = new Int32Array(AT_FIRST);
  private connectionOfs = new Int32Array(AT_FIRST);
  private isBacks = new Uint8Array(AT_FIRST);
  private nexts = new Int32Array(AT_FIRST);
  private previous = new Int32Array(AT_FIRST);
  private edgeStarts = new Int32Array(AT_FIRST);
  // By record: row + 1
  private rowOfs = new Int32Array(AT_FIRST);

  private edges = new Int32Array(AT_FIRST);
  private edgeCount = 0;
  private recordsDone = 0;
  /** Connections by the end with the lower port, then by the other one. */
  private readonly byEnds = new Map<number, Map<number, number>>();
  private touched: number[] = [];

  constructor(readonly log: RecordLog) {}

  /** Takes in new rows; the records about them come later. */
  addRows(rows: Int32Array, edges: Int32Array, lost: number): void {
    const count = rows.length / PACKET_ROW_WIDTH;
    this.makeRoom(this.size + count);
    this.rows.set(rows, this.size * PACKET_ROW_WIDTH);
    if (this.edgeCount + edges.length > this.edges.length)
      this.edges = grown(this.edges, new Int32Array(Math.max(2 * this.edges.length, this.edgeCount + edges.length)));
    this.edges.set(edges, this.edgeCount);
    let edge = this.edgeCount;
    this.edgeCount += edges.length;
    for (let row = this.size; row < this.size + count; row += 1) {
      const base = row * PACKET_ROW_WIDTH;
      this.edgeStarts[row] = edge;
      edge += 2 * packetRow.sackCount(this.rows, base);
      const cause = packetRow.cause(this.rows, base);
      this.makeRecordRoom(cause);
      this.rowOfs[cause - 1] = row + 1;
      this.lastRecords[row] = cause;
      this.join(row, base);
    }
    this.size += count;
    this.lost = lost;
    this.version += 1;
  }

  /** Takes in what the log has got since the last time. */
  update(): void {
    const { log } = this;
    if (this.recordsDone === log.size) return;
    this.makeRecordRoom(log.size);
    for (let id = this.recordsDone + 1; id <= log.size; id += 1) {
      const kind = log.kinds[id - 1]!;
      if (!FOLLOWED.includes(kind)) continue;
      const parent = log.parents[id - 1]!;
      const row = this.rowOfs[id - 1] !== 0 ? this.rowOfs[id - 1]! : parent === 0 ? 0 : this.rowOfs[parent - 1]!;
      if (row === 0) continue;
      this.rowOfs[id - 1] = row;
      this.follow(row - 1, id, kind);
    }
    this.recordsDone = log.size;
    this.version += 1;
  }

  private follow(row: number, id: number, kind: number): void {
    const { log } = this;
    const fate = this.fates[row]!;
    // A duplicate may still be under way, or lost, when the packet has come.
    if (fate === DELIVERED) return;
    this.lastRecords[row] = id;
    if (kind === CauseKind.receive) this.fates[row] = DELIVERED;
    else if (kind === CauseKind.drop) this.fates[row] = DROPPED;
    this.touched.push(row);
    const lifeNs = log.endOf(id, log.ats[id - 1]!) - this.at(row);
    if (lifeNs > this.longestNs) this.longestNs = lifeNs;
  }

  /** Rows whose fate or place changed since the last time; some more than once. */
  takeTouched(): readonly number[] {
    const { touched } = this;
    this.touched = [];
    return touched;
  }

  // What a row says

  base(row: number): number {
    return row * PACKET_ROW_WIDTH;
  }

  at(row: number): number {
    return packetRow.at(this.rows, row * PACKET_ROW_WIDTH);
  }

  fate(row: number): Fate {
    return FATES[this.fates[row]!]!;
  }

  /** The record that made it. */
  madeBy(row: number): number {
    return packetRow.cause(this.rows, row * PACKET_ROW_WIDTH);
  }

  /** The latest record of it: where it is, or how it ended. */
  lastRecord(row: number): number {
    return this.lastRecords[row]!;
  }

  /** The packet that a record is about, if it is known. */
  rowOf(record: number): number | undefined {
    const row = this.rowOfs[record - 1] ?? 0;
    return row === 0 ? undefined : row - 1;
  }

  /** Its records from what made it to the latest one. */
  records(row: number): number[] {
    const ids: number[] = [];
    const first = this.madeBy(row);
    for (let id = this.lastRecords[row]!; id >= first && id > 0; id = this.log.parents[id - 1] ?? 0) {
      ids.push(id);
      if (id === first) break;
    }
    return ids.reverse();
  }

  connection(row: number): Connection {
    return this.connections[this.connectionOfs[row]!]!;
  }

  connectionIndex(row: number): number {
    return this.connectionOfs[row]!;
  }

  /** Whether it goes to the end that sent first. */
  isBack(row: number): boolean {
    return this.isBacks[row] === 1;
  }

  /** The next and the previous packet of the same connection, either way; undefined at its ends. */
  nextOf(row: number): number | undefined {
    const next = this.nexts[row]!;
    return next === 0 ? undefined : next - 1;
  }

  previousOf(row: number): number | undefined {
    const before = this.previous[row]!;
    return before === 0 ? undefined : before - 1;
  }

  /** Sequence number relative to the sender's first. */
  sequence(row: number): number {
    const base = row * PACKET_ROW_WIDTH;
    return this.relative(row, packetRow.seq(this.rows, base), this.isBack(row) ? 1 : 0);
  }

  /** What it acknowledges, relative to the receiver's first number; undefined without the flag. */
  acknowledged(row: number): number | undefined {
    const base = row * PACKET_ROW_WIDTH;
    if ((packetRow.flags(this.rows, base) & Flag.ack) === 0) return undefined;
    return this.relative(row, packetRow.ack(this.rows, base), this.isBack(row) ? 0 : 1);
  }

  /** SACK blocks, relative to the receiver's first number. */
  sackBlocks(row: number): { readonly left: number; readonly right: number }[] {
    const start = this.edgeStarts[row]!;
    const side = this.isBack(row) ? 0 : 1;
    return Array.from({ length: packetRow.sackCount(this.rows, row * PACKET_ROW_WIDTH) }, (_, block) => ({
      left: this.relative(row, this.edges[start + 2 * block]!, side),
      right: this.relative(row, this.edges[start + 2 * block + 1]!, side),
    }));
  }

  /** Sequence space that it takes: payload, SYN, FIN. */
  sequenceLength(row: number): number {
    const base = row * PACKET_ROW_WIDTH;
    const flags = packetRow.flags(this.rows, base);
    return (
      packetRow.payloadBytes(this.rows, base) + ((flags & Flag.syn) === 0 ? 0 : 1) + ((flags & Flag.fin) === 0 ? 0 : 1)
    );
  }

  /** Receive window in bytes, scaled if both ends agreed to (RFC 7323 §2.2: never that of a SYN). */
  windowBytes(row: number): number {
    const base = row * PACKET_ROW_WIDTH;
    const window = packetRow.window(this.rows, base);
    const { ends } = this.connection(row);
    const scale = ends[this.isBack(row) ? 1 : 0].scale;
    const other = ends[this.isBack(row) ? 0 : 1].scale;
    const isSyn = (packetRow.flags(this.rows, base) & Flag.syn) !== 0;
    return isSyn || scale === undefined || other === undefined ? window : window * 2 ** scale;
  }

  /** The first row that left its host at `ns` or later. */
  firstFrom(ns: number): number {
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.at(middle) < ns) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private relative(row: number, seq: number, side: 0 | 1): number {
    const first = this.connection(row).ends[side].first;
    if (first === undefined) return seq >>> 0;
    // Numbers go round after 4 GiB, and what is sent now is not far from where its sender has come to.
    const { reach } = this.connection(row).ends[side];
    const near = (first + reach) | 0;
    return reach + ((seq - near) | 0);
  }

  /** Puts a row into its connection, which begins with its first packet. */
  private join(row: number, base: number): void {
    const { rows } = this;
    const src = packetRow.src(rows, base) * 65536 + packetRow.srcPort(rows, base);
    const dst = packetRow.dst(rows, base) * 65536 + packetRow.dstPort(rows, base);
    const isLower =
      packetRow.srcPort(rows, base) < packetRow.dstPort(rows, base) || (src % 65536 === dst % 65536 && src < dst);
    const lower = isLower ? src : dst;
    let others = this.byEnds.get(lower);
    if (others === undefined) this.byEnds.set(lower, (others = new Map()));
    const key = isLower ? dst : src;
    let index = others.get(key);
    if (index === undefined || this.beginsAnew(this.connections[index]!, base, src)) {
      index = this.begin(row, base);
      others.set(key, index);
    }
    const connection = this.connections[index]!;
    const side = sideOf(connection, src);
    this.connectionOfs[row] = index;
    this.isBacks[row] = side;
    if (connection.packets > 0) {
      this.nexts[connection.lastRow] = row + 1;
      this.previous[row] = connection.lastRow + 1;
    }
    connection.lastRow = row;
    connection.packets += 1;
    if (packetRow.protocol(rows, base) !== Protocol.tcp) return;
    const flags = packetRow.flags(rows, base);
    const end = connection.ends[side];
    const seq = packetRow.seq(rows, base);
    end.first ??= seq;
    if ((flags & Flag.syn) !== 0) {
      end.first = seq;
      end.reach = 0;
      end.scale =
        (packetRow.options(rows, base) & Option.windowScale) === 0 ? undefined : packetRow.windowScale(rows, base);
    }
    const reach = this.relative(row, seq, side) + this.sequenceLength(row);
    if (reach > end.reach) end.reach = reach;
  }

  /** Whether a SYN begins another connection between ends that have had one. */
  private beginsAnew(connection: Connection, base: number, src: number): boolean {
    const flags = packetRow.flags(this.rows, base);
    if ((flags & (Flag.syn | Flag.ack)) !== Flag.syn) return false;
    const { first } = connection.ends[sideOf(connection, src)];
    return first !== undefined && first !== packetRow.seq(this.rows, base);
  }

  private begin(row: number, base: number): number {
    const { rows } = this;
    const end = (node: number, port: number): End => ({ node, port, first: undefined, scale: undefined, reach: 0 });
    this.connections.push({
      protocol: packetRow.protocol(rows, base),
      flow: packetRow.flow(rows, base),
      ends: [
        end(packetRow.src(rows, base), packetRow.srcPort(rows, base)),
        end(packetRow.dst(rows, base), packetRow.dstPort(rows, base)),
      ],
      firstRow: row,
      lastRow: row,
      packets: 0,
    });
    return this.connections.length - 1;
  }

  private makeRoom(size: number): void {
    if (size <= this.fates.length) return;
    const length = Math.max(size, 2 * this.fates.length);
    this.rows = grown(this.rows, new Int32Array(length * PACKET_ROW_WIDTH));
    this.fates = grown(this.fates, new Uint8Array(length));
    this.lastRecords = grown(this.lastRecords, new Int32Array(length));
    this.connectionOfs = grown(this.connectionOfs, new Int32Array(length));
    this.isBacks = grown(this.isBacks, new Uint8Array(length));
    this.nexts = grown(this.nexts, new Int32Array(length));
    this.previous = grown(this.previous, new Int32Array(length));
    this.edgeStarts = grown(this.edgeStarts, new Int32Array(length));
  }

  private makeRecordRoom(size: number): void {
    if (size <= this.rowOfs.length) return;
    this.rowOfs = grown(this.rowOfs, new Int32Array(Math.max(size, 2 * this.rowOfs.length)));
  }
}

/** Which end of a connection this is: node and port in one number. */
function sideOf({ ends: [first] }: Connection, end: number): 0 | 1 {
  return first.node * 65536 + first.port === end ? 0 : 1;
}
