// Packets of a run as the window has them: a world's records and packet rows, sent in batches as a runner sends them.

import { RecordStream } from '../electron/runner/record-stream';
import { World } from '../core/world';
import { nanos } from '../core/base';
import { PacketTable } from '../renderer/records/packet-table';
import { RecordLog } from '../renderer/records/record-log';
import { resolved } from './worlds';

export interface RunPackets {
  readonly world: World;
  readonly log: RecordLog;
  readonly table: PacketTable;
}

/** How to look on. */
interface Looking {
  readonly batches?: number;
  readonly packetsMax?: number;
  readonly overrides?: readonly string[];
  /** Is shown the table after every batch. */
  readonly onBatch?: (table: PacketTable) => void;
}

/** Runs a document and lets a window look on, `batches` times. */
export function runPackets(
  document: unknown,
  { batches = 20, packetsMax = 1_000_000, overrides = [], onBatch }: Looking = {},
): RunPackets {
  const world = new World(resolved(document, ...overrides), { causes: true, packetsMax });
  const stream = new RecordStream(world, false);
  const log = new RecordLog();
  const table = new PacketTable(log);
  for (let batch = 1; batch <= batches; batch += 1) {
    world.run(nanos(Math.round((world.endAt * batch) / batches)));
    const packets = stream.takePackets();
    if (packets !== undefined) table.addRows(packets.rows, packets.edges, packets.lost);
    for (let records = stream.take(1000, Infinity); records !== undefined; records = stream.take(1000, Infinity))
      log.add(records.rows, records.names, records.lost);
    table.update();
    onBatch?.(table);
  }
  return { world, log, table };
}
