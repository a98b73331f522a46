// compare: two to four runs side by side. What differs between their scenarios, charts with one axis, and the numbers that differ,
// with confidence where there are replications. Realises the Compare row of workbench.md.

export { default as ComparePanel } from './ComparePanel.vue';
