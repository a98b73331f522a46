// records: what a run tells of its causes and packets, as columns in the window. No Vue, no screen; filled by `run`, read by the
// timeline and by packets. Realises style.md §3.11 (samples and traces never enter reactive state).

export type { Connection, Fate } from './packet-table';
export { PacketTable } from './packet-table';
export type { LoggedRecord } from './record-log';
export { RecordLog } from './record-log';
