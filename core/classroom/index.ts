// classroom: guided labs and hand-ins of a class on disk, the runs that they are judged by, and marks. What `odonata grade` and the teacher's
// view do alike. May use Node's files; `course` says what is right, this room finds and runs it. Realises issue 6, item 7.

export { runProblems } from './check-lab';
export { labNamed, labsWith, readLabFolder } from './lab-folders';
export type { FolderMarks, MarkedHandIn } from './mark-folder';
export { HAND_IN_ENDING, markFolder, reportFiles, writeMarks } from './mark-folder';
export { evidenceOfLab, runStep } from './steps';
