// store: what is kept on disk. The folder of a run (used by the command line and the workbench), the workbench's
// database of runs, and the results of a plan. One of the rooms that may use Node. Realises product.md §3.4 and §4 (killing loses nothing).

export type { StoredRun } from './database';
export { RunDatabase } from './database';
export type { ExperimentResults } from './experiment-folder';
export { writeExperimentFolder } from './experiment-folder';
export type { Origin } from './experiment-store';
export { ExperimentFile, ExperimentStore, StoreConflict } from './experiment-store';
export { LiveSeries } from './live-series';
export type { RunResults } from './run-folder';
export { GrowingFile, readSeries, readSummary, RunFile, writeRunFolder, writeWhole } from './run-folder';
