// Whether each question of a guided lab has a right answer in what its steps leave.

import type { Problem } from '../base';
import { expectedNumber, type GuidedLab, judge, rightPicks, runs } from '../course';
import { evidenceOfLab } from './steps';

/** What only shows when the lab runs. @param file for the problems */
export function runProblems(lab: GuidedLab, file: string): Problem[] {
  const evidenceOf = evidenceOfLab(lab, file);
  return lab.steps.flatMap((step, at) => {
    if (runs(step)) evidenceOf(step.id);
    return step.questions.flatMap((question, index): Problem[] => {
      const pointer = `/steps/${String(at)}/questions/${String(index)}`;
      const wrong = (below: string, message: string, suggestion?: string): Problem[] => [
        { file, pointer: pointer + below, message, suggestion },
      ];
      if (question.kind === 'number') {
        const expected = expectedNumber(question, step.id, evidenceOf);
        return expected.ok ? [] : wrong('/measured', expected.reason);
      }
      if (question.kind === 'pick') {
        const records = evidenceOf(question.of ?? step.id)?.records ?? [];
        if (rightPicks(question, records).length > 0) return [];
        const names = [...new Set(records.map(({ kind, name }) => `${kind}: ${name}`))].slice(0, 8);
        return wrong('/where', 'nothing in the run fits', `there are such as ${names.join(' · ')}`);
      }
      if (question.kind === 'draw') {
        const judged = judge(
          question,
          {
            kind: 'draw',
            points: [
              [0, 0],
              [1, 0],
            ],
          },
          step.id,
          evidenceOf,
        );
        return judged.ok ? [] : wrong('/series', judged.reason);
      }
      return [];
    });
  });
}
