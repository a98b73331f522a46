// run: run control and the live charts. Samples never enter reactive state. Realises the Run and Live charts rows of
// workbench.md and style.md §3.11, §4.1.

export type { MachineState } from './run-feed';
export { lineLook } from './chart-specs';
export { default as ChartsPanel } from './ChartsPanel.vue';
export { repeatTime } from './repetition';
export { default as RepetitionStrip } from './RepetitionStrip.vue';
export { default as RepeatButton } from './RepeatButton.vue';
export { default as RunBar } from './RunBar.vue';
export { scenarioProbes } from './scenario-probes';
export { useRuns } from './run.store';
