// topology: the drawing of a scenario and the forms of its parts. The document, its edits and its history are plain
// TypeScript; the drawing only shows them. Realises the Topology row of workbench.md and style.md §3.11.

export { useDocument } from './document.store';
export { emptyScenario } from './edit';
export { default as InspectorPanel } from './InspectorPanel.vue';
export { default as ProblemsPanel } from './ProblemsPanel.vue';
export { default as TopologyPanel } from './TopologyPanel.vue';
