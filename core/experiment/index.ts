// experiment: plans, replications, statistics. A plan is plain data that expands into jobs; who has worlds runs them (`carryOut`), who
// has processes runs many (`WorkerPool`, `PlanRun`); what they measured is summarised here. Runs nothing by itself, keeps no file and
// reads no clock. Realises product.md §3.2 (sweep) and architecture.md §1.

export type { Outcome, RunnableWorld } from './carry-out';
export { carryOut, GivenUp } from './carry-out';
export type { PlanSource } from './check-points';
export { checkPlan, parsePlan, readPlan } from './check-plan';
export { combinations } from './design';
export type { Job } from './jobs';
export { expandPlan, jobOf, scenarioAt, scenarioOf } from './jobs';
export { levelLabels } from './levels';
export { probesOf, summaryProblems } from './measures';
export type { Factor, Level, Measure, Plan, Point, Quantity, StoppingRule, Study, WarmUp } from './plan';
export { pointName } from './plan';
export type { PlanDocument } from './plan-schema';
export { AGGREGATES, planJsonSchema, planSchema, STATISTICS, wordOf } from './plan-schema';
export { resolvedAt } from './point-scenarios';
export type { JudgedSample, Reference, ReferenceSample, Verdict } from './reference';
export { judgeReferences } from './reference';
export type { ReadyPlan } from './ready-plans';
export { READY_PLANS } from './ready-plans';
export type { RunOne } from './run-plan';
export { PlanRun } from './run-plan';
export type { DoneRun, Ended, Shard, Told } from './schedule';
export { countedRuns, Schedule, shardJobs, WHOLE } from './schedule';
export type { Distribution, QuantileIntervals } from './distribution';
export { distributionOf, QUANTILES } from './distribution';
export type { SummaryNumber } from './summary-numbers';
export { summaryNumbers } from './summary-numbers';
export type { Cell, Comparison, Effects, LevelMean, PlanSummary } from './summarise';
export type { StudyParts } from './study';
export { studyOf } from './study';
export { cellsOf, summarisePlan } from './summarise';
export * from './statistics';
export type { SetAlarm, StartWorker, WorkerEvents, WorkerOrder, WorkerProcess } from './worker-pool';
export { WorkerPool } from './worker-pool';
