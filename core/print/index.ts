// print: figures as PDF and PNG, and reports and handouts as PDF, for the command line and for Electron's main process. Uses libraries that need
// Node; the figures themselves are made by `export`, which does not. Realises the Figures row of workbench.md.

export { handoutToPdf } from './handout-pdf';
export { svgToPdf } from './pdf';
export { reportToPdf } from './report-pdf';
export { svgToPng } from './png';
