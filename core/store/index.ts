// store: what is kept on disk. The folder of a run (used by the command line and the workbench) and the workbench's
// database of runs. One of the rooms that may use Node. Realises product.md §3.4 and §4 (killing loses nothing).

export type { StoredRun } from './database';
export { RunDatabase } from './database';
export { LiveSeries } from './live-series';
export type { RunResults } from './run-folder';
export { GrowingFile, readSeries, readSummary, RunFile, writeRunFolder, writeWhole } from './run-folder';
