// labs: experiments as plans, pictures and verdicts, each in its folder. Realises kernel.md §12.

export type { Check } from './checks';
export { LABS } from './catalogue';
export { type DumbbellOptions, dumbbellScenario } from './dumbbell';
export type { Factor, Lab, LabChart, Measure, Point, Topic, Values, WorldMaker } from './lab';
export { TOPICS } from './lab';
export { forecastSeconds, type LabCost, LAB_COSTS } from './costs';
export { findLabs, type LabFilter, mechanismsOf, topicsOf } from './find';
export { labFigure, labFigures } from './lab-figure';
export { type LabMeans, labMeans, labMeansCsv } from './means';
export { labCommand, labFiles, labVerdict } from './lab-files';
export { labOutcome, type LabRunFacts } from './lab-outcome';
export { type LabScenario, labScenarios } from './lab-scenarios';
export { labSection } from './lab-report';
export { worldOfScenario } from './on-wire';
export { type Reference, toleranceText } from './reference';
export type { LabMeasurement, LabProgress, LabResult, LabRunOptions, LabSoFar } from './run-lab';
export { LabCancelled, labCsv, labPoint, LabRun, labStudy, pointsOf, referenceCsv, runLab } from './run-lab';
export type { Ends, Row, Table } from './table';
