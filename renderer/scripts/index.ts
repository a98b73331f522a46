// scripts: packetdrill scripts in the workbench. The text, the ladder of what was expected and what happened, steps.

export { useScripts } from './scripts.store';
export { default as ScriptsPanel } from './ScriptsPanel.vue';
