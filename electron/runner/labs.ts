// Labs and classes in processes of their own: the catalogue, one lab's run, a folder's marks, or the process that a class works with.
// Loaded only when one of these is asked for.

import { BadInput } from '../../core/base';
import { catalogue } from './catalogue';
import { type ScenariosJob, scenariosOf } from './lab-scenarios';
import { CourseHost, type CourseQuestions } from './course-host';
import { carryOutLab, type LabJob } from './lab-run';
import { markClass, type MarkJob } from './mark-class';

export type LabsJob =
  | { readonly type: 'catalogue' }
  | LabJob
  | ScenariosJob
  | MarkJob
  /** Stays, and answers. */
  | { readonly type: 'course'; readonly folder: string };

interface Asked {
  readonly number: number;
  readonly name: keyof CourseQuestions;
  readonly asked: CourseQuestions[keyof CourseQuestions];
}

export function serveLabs(job: LabsJob, tell: (report: unknown) => void): void {
  switch (job.type) {
    case 'catalogue':
      tell(catalogue());
      break;
    case 'lab':
      carryOutLab(job, tell);
      break;
    case 'lab-scenarios':
      tell(scenariosOf(job));
      break;
    case 'mark':
      tell(markClass(job));
      break;
    case 'course':
      serveCourse(new CourseHost(job.folder), tell);
      break;
  }
}

function serveCourse(host: CourseHost, tell: (report: unknown) => void): void {
  process.parentPort.on('message', ({ data }) => {
    const { number, name, asked } = data as Asked;
    host.answer(name, asked).then(
      (value) => {
        tell({ number, ok: true, value });
      },
      (error: unknown) => {
        const [first] = error instanceof BadInput ? error.problems : [];
        const message = error instanceof Error ? error.message : String(error);
        tell({ number, ok: false, message: first?.message ?? message, advice: first?.suggestion ?? '' });
      },
    );
  });
  // Main asks once it has heard this.
  tell({ number: 0, ok: true });
}
