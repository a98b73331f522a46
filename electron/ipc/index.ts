// ipc: the contract between window, main process and runner. Types and schemas; no behaviour, no Electron.
// Realises architecture.md §3 (a person presses Run) and style.md §3.10.

export type {
  CallName,
  Calls,
  EventName,
  EventPayload,
  Events,
  Lab,
  RecordNames,
  Reply,
  Request,
  Result,
  RunnerCommand,
  RunnerMessage,
  StreamedProbe,
} from './contract';
export { calls, events, RUN_PORT_MESSAGE } from './contract';
export type {
  AttemptCard,
  AttemptState,
  GivenAnswer,
  GuidedCard,
  GuidedView,
  KeptLab,
  LabCard,
  LabOutcome,
  MarkedView,
  OpenedLab,
  QuestionState,
  QuestionView,
  StepView,
} from './labs';
export type {
  CellField,
  ExperimentCommand,
  ExperimentMessage,
  ExperimentProgress,
  ExperimentState,
  PlanJudgement,
  RepeatableRun,
  ResultTable,
  RunPlace,
  ShownComparison,
  ShownResults,
  ToldRuns,
} from './experiments';
export { CELL_FIELDS, EXPERIMENT_PORT_MESSAGE, RESULT_TABLES, RUN_FIELDS } from './experiments';
export type { Arrival, Brought, LadderRow, RunRecord, ScriptProfile, ScriptVerdict, StoppedAt } from './records';
export {
  ladderRowSchema,
  problemSchema,
  RECORDING_COST,
  runRecordSchema,
  SCRIPT_PROFILES,
  scriptVerdictSchema,
  summarySchema,
} from './records';
