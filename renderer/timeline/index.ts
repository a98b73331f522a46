// timeline: what the CPUs of the present run do, as lanes of slices with arrows along causes, and as tables. Realises the
// Timeline row of workbench.md.

export { default as MachinesPanel } from './MachinesPanel.vue';
export { default as TimelinePanel } from './TimelinePanel.vue';
