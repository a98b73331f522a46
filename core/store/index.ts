// store: what is kept on disk. The folder of a run (used by the command line and the workbench), the workbench's
// library of runs with its database, the results of plans, and bundles; and reading what a person gives, with all that it names. One of the rooms that may use Node. Realises
// product.md §3.4 and §4 (killing loses nothing).

export type { BundleEntry, BundleManifest } from './bundle-format';
export { BUNDLE_ENDING, BundleError, folderOfEntry } from './bundle-format';
export { OpenBundle } from './bundle-read';
export type { BundleSource } from './bundle-write';
export { writeBundle } from './bundle-write';
export { RunDatabase } from './database';
export type { ExperimentResults } from './experiment-folder';
export { writeExperimentFolder } from './experiment-folder';
export type { Origin } from './experiment-store';
export { ExperimentFile, ExperimentStore, StoreConflict } from './experiment-store';
export type { PlanInput } from './input-files';
export { readPlanInput, readReplayFiles, readText } from './input-files';
export type { Arrival, DiskUse } from './library';
export type { LabTable, ReadLabResult } from './lab-folder';
export { LabFile, parseLabResult, readLabResult, writeLabResult } from './lab-folder';
export { LabResults } from './lab-results';
export { losslessJson } from './lossless-json';
export type { LabFacts, LabKey, LabRow } from './lab-rows';
export { RunLibrary } from './library';
export { LiveSeries } from './live-series';
export { DamagedDatabase, openDatabaseFile } from './open-database';
export type { KeptExperiment, KeptRun } from './read-experiment';
export { parseCsv, parseExperiment, readExperiment } from './read-experiment';
export type { RunResults } from './run-folder';
export { folderBytes, GrowingFile, readSeries, readSummary, RunFile, writeRunFolder, writeWhole } from './run-folder';
export type { RunOrder, RunQuery } from './run-query';
export type { NewRun, RunChange, RunEnd, RunStatus, StoredRun } from './run-row';
export { isUnderWay } from './run-row';
