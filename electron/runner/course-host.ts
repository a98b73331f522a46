// The process that a class works with: reads guided labs, keeps what students did, runs steps unseen to judge by them exactly as grading
// will, and lets the window know no more than a student has earned. One question after the other, each with its answer.

import { BadInput } from '../../core/base';
import { evidenceOfLab, readLabFolder, runProblems } from '../../core/classroom';
import {
  type Deed,
  type EvidenceOf,
  type GuidedLab,
  guidedLabById,
  handInOf,
  handoutHtml,
  isPrediction,
  judge,
  measuredCurve,
  objection,
  questionsOf,
  standingAfter,
  stepScenario,
  writeHandIn,
} from '../../core/course';
import { niceAxis } from '../../core/export';
import { handoutToPdf } from '../../core/print';
import { writeWhole } from '../../core/store';
import { version } from '../../package.json';
import type { AttemptCard, AttemptState, Reply, Request } from '../ipc';
import { Attempts } from './attempts';
import { attemptState, guidedView, isSettled, rightAnswers } from './guided-view';

/** What main asks; most of it is what the window asks of main. */
export interface CourseQuestions {
  'course.lab': Request<'course.lab'>;
  'course.attempts': undefined;
  'course.begin': Request<'course.begin'>;
  'course.continue': Request<'course.continue'>;
  'course.step': Request<'course.step'>;
  'course.ran': Request<'course.ran'>;
  'course.answer': Request<'course.answer'>;
  'course.hint': Request<'course.hint'>;
  'course.axis': Request<'course.axis'>;
  /** With the file that main had a person choose. */
  'course.handIn': Request<'course.handIn'> & { readonly path: string };
  'course.print': Request<'course.print'> & { readonly path: string };
  'class.openLab': { readonly folder: string };
}

interface Opened {
  readonly lab: GuidedLab;
  readonly evidenceOf: EvidenceOf;
}

export class CourseHost {
  private readonly attempts: Attempts;
  private readonly opened = new Map<string, Opened>();

  constructor(folder: string) {
    this.attempts = new Attempts(folder);
  }

  /** @throws BadInput, or Error with a sentence for a person */
  async answer<Name extends keyof CourseQuestions>(name: Name, asked: CourseQuestions[Name]): Promise<unknown> {
    switch (name) {
      case 'course.lab':
        return guidedView(this.open((asked as CourseQuestions['course.lab']).lab).lab);
      case 'course.attempts':
        return this.list();
      case 'course.begin':
        return this.begin(asked as CourseQuestions['course.begin']);
      case 'course.continue':
        return this.state((asked as CourseQuestions['course.continue']).attempt);
      case 'course.step':
        return this.step(asked as CourseQuestions['course.step']);
      case 'course.ran':
        return this.ran(asked as CourseQuestions['course.ran']);
      case 'course.answer':
        return this.take(asked as CourseQuestions['course.answer']);
      case 'course.hint':
        return this.hint(asked as CourseQuestions['course.hint']);
      case 'course.axis':
        return this.axis(asked as CourseQuestions['course.axis']);
      case 'course.handIn':
        return this.handIn(asked as CourseQuestions['course.handIn']);
      case 'course.print':
        return this.print(asked as CourseQuestions['course.print']);
      case 'class.openLab':
        return this.openLab(asked as CourseQuestions['class.openLab']);
      default:
        throw new Error(`nobody answers ${name}`);
    }
  }

  private open(id: string): Opened {
    const known = this.opened.get(id);
    if (known !== undefined) return known;
    const lab = guidedLabById(id);
    if (lab === undefined)
      throw new Error(`there is no guided lab "${id}" here; open its folder in the teacher's view`);
    const opened = { lab, evidenceOf: evidenceOfLab(lab) };
    this.opened.set(id, opened);
    return opened;
  }

  private list(): AttemptCard[] {
    return this.attempts.names().flatMap((attempt): AttemptCard[] => {
      const entries = this.attempts.entries(attempt);
      const first = entries[0]?.deed;
      if (first?.do !== 'begin') return [];
      const lab = this.opened.get(first.lab)?.lab ?? guidedLabById(first.lab);
      const answered = new Set(
        entries.flatMap(({ deed }) => (deed.do === 'answer' || deed.do === 'predict' ? [deed.question] : [])),
      );
      return [
        {
          attempt,
          lab: first.lab,
          student: first.student.name,
          atMs: entries.at(-1)!.atMs,
          settled: answered.size,
          questions: lab === undefined ? 0 : questionsOf(lab).length,
          finished: entries.some(({ deed }) => deed.do === 'finish'),
        },
      ];
    });
  }

  private begin({ lab: id, student, trial }: CourseQuestions['course.begin']): AttemptState {
    const { lab } = this.open(id);
    const { edition, fingerprint } = lab;
    const deed = { do: 'begin', lab: id, edition, fingerprint, program: version, student } as const;
    return this.state(this.attempts.begin(deed, Date.now(), trial));
  }

  private facts(attempt: string) {
    const entries = this.attempts.entries(attempt);
    const first = entries[0]?.deed;
    if (first?.do !== 'begin') throw new Error('this attempt is not here any more');
    const { lab, evidenceOf } = this.open(first.lab);
    return { attempt, lab, evidenceOf, standing: standingAfter(lab, entries), trial: this.attempts.isTrial(attempt) };
  }

  private state(attempt: string): AttemptState {
    const facts = this.facts(attempt);
    return attemptState(facts, facts.evidenceOf);
  }

  /** Writes a deed down, if it is allowed now. */
  private note(attempt: string, deed: Deed): AttemptState {
    const { lab, standing } = this.facts(attempt);
    const refused = objection(lab, standing, deed);
    if (refused !== undefined) throw new Error(refused);
    this.attempts.append(attempt, deed, Date.now());
    return this.state(attempt);
  }

  private step({ attempt, step: id }: CourseQuestions['course.step']): Reply<'course.step'> {
    const { lab, standing } = this.facts(attempt);
    if (!standing.finished) this.note(attempt, { do: 'open', step: id });
    const step = lab.steps.find((one) => one.id === id);
    if (step === undefined || (step.scenario === undefined && step.inline === undefined && step.sameAs === undefined))
      return undefined;
    const checked = stepScenario(lab, step, lab.id);
    if (!checked.ok) throw new BadInput(checked.problems);
    const document = { ...checked.value.document, name: `${lab.title}: ${step.title}`.slice(0, 200) };
    return { scenario: `${JSON.stringify(document, undefined, 2)}\n`, name: `${lab.id}-${step.id}.json` };
  }

  private ran({ attempt, step, digest }: CourseQuestions['course.ran']): AttemptState {
    return this.note(attempt, { do: 'run', step, digest });
  }

  private place(attempt: string, id: string) {
    const facts = this.facts(attempt);
    const place = questionsOf(facts.lab).find(({ question }) => question.id === id);
    if (place === undefined) throw new Error(`there is no question "${id}"`);
    return { ...facts, ...place };
  }

  private take({ attempt, question: id, answer }: CourseQuestions['course.answer']): AttemptState {
    const { lab, question, step, standing, evidenceOf } = this.place(attempt, id);
    const deed: Deed = { do: isPrediction(question) ? 'predict' : 'answer', question: id, answer };
    const refused = objection(lab, standing, deed);
    if (refused !== undefined) throw new Error(refused);
    if (deed.do === 'answer' && isSettled(question, step.id, standing, evidenceOf))
      throw new Error('this question is settled');
    // What cannot be judged is no try.
    const judged = judge(question, answer, step.id, evidenceOf);
    if (!judged.ok) throw new Error(judged.reason);
    return this.note(attempt, deed);
  }

  private hint({ attempt, question }: CourseQuestions['course.hint']): AttemptState {
    const { standing } = this.place(attempt, question);
    return this.note(attempt, { do: 'hint', question, hint: standing.questions.get(question)?.hints ?? 0 });
  }

  /** Room above what is measured, so that the axis does not tell the highest value. */
  private axis({ attempt, question: id }: CourseQuestions['course.axis']): Reply<'course.axis'> {
    const { question, step, evidenceOf } = this.place(attempt, id);
    if (question.kind !== 'draw') throw new Error('nothing is drawn here');
    const series = evidenceOf(question.of ?? step.id)?.series.find(({ name }) => name === question.series);
    const values = series === undefined ? [] : measuredCurve(question, series).map(({ y }) => y);
    const { min, max } = niceAxis(Math.min(0, ...values), Math.max(1e-9, ...values) * 1.3, 5, '1');
    return { low: min, high: max };
  }

  private handIn({ attempt, key, path }: CourseQuestions['course.handIn']): { path: string } {
    const { standing } = this.facts(attempt);
    if (!standing.finished) this.note(attempt, { do: 'finish' });
    writeWhole(path, writeHandIn(handInOf(this.attempts.entries(attempt), key)));
    return { path };
  }

  private async print({ lab: id, format, answers, path }: CourseQuestions['course.print']): Promise<{ path: string }> {
    const { lab, evidenceOf } = this.open(id);
    const right = answers ? rightAnswers(lab, evidenceOf) : undefined;
    writeWhole(path, format === 'html' ? handoutHtml(lab, right) : await handoutToPdf(lab, right));
    return { path };
  }

  private openLab({ folder }: CourseQuestions['class.openLab']): Reply<'class.openLab'> {
    try {
      const lab = readLabFolder(folder);
      const evidenceOf = evidenceOfLab(lab);
      const problems = [...runProblems(lab, 'lab.yaml')];
      this.opened.set(lab.id, { lab, evidenceOf });
      return { folder, problems, lab: guidedView(lab) };
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      return { folder, problems: [...error.problems] };
    }
  }
}
