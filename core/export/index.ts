// export: results in the forms that people take home. Series as CSV, figures as SVG and pgfplots, captures, traces,
// provenance. Pure functions from plain data to text or bytes; PDF and PNG are made of the SVG in `print`.
// Realises product.md §3.4 and the Figures row of workbench.md.

export type { ChartInfo } from './charts';
export { chartById, chartFigure, CHARTS, figureCsv, partsOf, seriesOf, shapeOf } from './charts';
export type { ColumnPen } from './columns';
export { alongColumns, firstFrom } from './columns';
export { formatSeconds, writeSeriesCsv } from './csv';
export type { ExperimentChart } from './experiment-charts';
export { experimentCharts } from './experiment-charts';
export { anovaCsv, chartCsv, differencesCsv, resultsCsv, summaryCsv } from './experiment-csv';
export type { FigureLine, FigurePreset, FigureSpec, LineShape } from './figure';
export type { FigureMarker, FigureRange } from './marks';
export { FIGURE_FONT, FIGURE_PRESETS, renderFigure } from './figure';
export type { CaptureSetting } from './pcapng-tap';
export { PcapngTap } from './pcapng-tap';
export { panelsSize, panelsTex, renderPanels } from './panels';
export { figureTex } from './pgfplots';
export type { Provenance } from './provenance';
export { planProvenance, provenance } from './provenance';
export { judgedCharts, verdictsCsv } from './reference-lines';
export type { Report, ReportCheck, ReportFigure, ReportSection } from './report';
export { holds, summaryText, verdictText } from './report';
export { reportHtml } from './report-html';
export type { ShownUnit } from './scale';
export { niceAxis, shownUnit } from './scale';
export type { TraceInput, TraceRecord } from './trace';
export { recordName, writeTrace } from './trace';
export type { KernelNames } from './kernel-trace';
