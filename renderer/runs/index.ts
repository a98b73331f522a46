// runs: the library of all runs and experiments. Search, tags, notes, disk use, removal with undo, bundles. Rows come
// page by page as they are scrolled to. Realises the Runs row of workbench.md.

export { useLibrary } from './library.store';
export { default as RunsPanel } from './RunsPanel.vue';
