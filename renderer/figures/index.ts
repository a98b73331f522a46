// figures: the composer of figures for papers. What it shows is the file it writes. Realises the Figures row of
// workbench.md.

export { default as FigureDialog } from './FigureDialog.vue';
