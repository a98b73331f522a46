// experiments: plans made by picking parameters on the topology, and what became of them. The plan's edits and the table of runs are
// plain TypeScript under model/. Realises the Experiments row of workbench.md.

export { default as ExperimentsPanel } from './ExperimentsPanel.vue';
export { useExperiment } from './experiment.store';
export { usePlan } from './plan.store';
