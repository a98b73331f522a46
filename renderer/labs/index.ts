// labs: the catalogue and each lab's page, guided labs beside the live workbench, and the teacher's view. Computes nothing: labs run, and
// answers are judged, in processes of their own. Realises the Labs row of workbench.md.

export { default as ClassPanel } from './ClassPanel.vue';
export { default as GuidePanel } from './GuidePanel.vue';
export { useGuide } from './guide.store';
export { default as LabsPanel } from './LabsPanel.vue';
export { hasChance, useLabs } from './labs.store';
export type { Found } from './model/findable';
export { aboutTime } from './model/times';
export type { StepSetting, Workbench } from './workbench';
