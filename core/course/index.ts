// course: guided labs for a class. Their format, their texts as HTML, judging of answers, what a student may do next, the hand-in file that
// shows when it was touched, marks and reports. Pure: it runs no scenario and reads no file; callers bring what runs left and the
// time. Realises issue 6, item 7, and the Labs row of workbench.md.

export type { Answer } from './answer';
export { answerSchema } from './answer';
export { guidedLabById, guidedLabs } from './catalogue';
export type { Evidence, EvidenceOf, PickRecord, RecordNames } from './evidence';
export { PICK_KINDS, pickRecords } from './evidence';
export type { GuidedLab } from './guided-lab';
export {
  closingOf,
  introductionOf,
  isPrediction,
  needsRecords,
  questionsOf,
  runs,
  sectionOf,
  stepScenario,
} from './guided-lab';
export type { Deed, Entry, HandIn } from './hand-in';
export { appended, deedSchema, flawsOf, handInOf, readHandIn, sealOf, writeHandIn } from './hand-in';
export type { Judged, Judgement } from './judge';
export { expectedNumber, judge, letterOf, measuredCurve, rightPicks } from './judge';
export { htmlOf, inlineHtmlOf, tokensOf } from './markdown';
export type { Mark, Marked } from './marks';
export { COST_OF_HELP, expectedText, markHandIn } from './marks';
export { marksCsv } from './marks-csv';
export type { RightAnswers } from './page';
export { handoutHtml, studentReportHtml } from './page';
export type { LabFiles } from './read-lab';
export { readGuidedLab } from './read-lab';
export type { GuidedLabDocument, Question, Step } from './schema';
export { guidedLabJsonSchema, guidedLabSchema } from './schema';
export type { QuestionStanding, Standing } from './standing';
export { after, BEFORE, objection, standingAfter, standingOf } from './standing';
export { summaryValue } from './summary-value';
