// shared: what the panels have in common. Design tokens, icons, charts, the typed client, commands, theme, selection.
// No panel lives here, and no panel is known here. Realises style.md §3.11.

export { default as AppIcon } from './AppIcon.vue';
export { coloursAt, sharpContext } from './canvas';
export { default as ChartHead } from './ChartHead.vue';
export { default as ChartKeys } from './ChartKeys.vue';
export { default as ChartLegend } from './ChartLegend.vue';
export type { TimeSpan } from './chart-view';
export type { Command } from './commands';
export { commands, execute, isEnabled, register } from './commands';
export type { ChartLine } from './draw-lines';
export { valueRange } from './draw-lines';
export { onFrame } from './frame-loop';
export { History } from './history';
export { call, LabError, on, pathOf } from './lab';
export { default as LineChart } from './LineChart.vue';
export { cpuActivity, linkActivity } from './activity';
export { default as NamePicker } from './NamePicker.vue';
export type { Place } from './places';
export { placesOf } from './places';
export { default as ScenarioThumbnail } from './ScenarioThumbnail.vue';
export { default as SchemaForm } from './SchemaForm.vue';
export { default as SearchField } from './SearchField.vue';
export type { PointedAt, Selection } from './selection';
export { chosenRecord, comparedRuns, pointedAt, recordsPackets, selection } from './selection';
export { vShown } from './shown-text';
export { followTheme, isDark, themeChoice, toggleTheme } from './theme';
export type { ThemeChoice } from './theme';
export type { ToastAction } from './toasts';
export { attempt, dismiss, tell, toasts } from './toasts';
export { Trail } from './trail';
export type { Parameter } from './vary';
export { onVary, variedPointers, vary } from './vary';
