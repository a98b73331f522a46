// labs: experiments as plans, pictures and verdicts, each in its folder. Realises kernel.md §12.

export type { Check } from './checks';
export { LABS } from './catalogue';
export { type DumbbellOptions, dumbbellScenario } from './dumbbell';
export type { Factor, Lab, LabChart, Measure, Point, Values } from './lab';
export { labCsv, labFigure, type LabResult, pointsOf, runLab } from './run-lab';
