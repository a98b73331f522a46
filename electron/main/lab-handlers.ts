// Who answers what the window asks about labs and classes.

import type { Course } from './course';
import type { Handlers } from './door';
import type { Labs } from './labs';

type LabHandlers = Pick<Handlers, Extract<keyof Handlers, `${'labs' | 'course' | 'class'}.${string}`>>;

export function labHandlers(labs: Labs, course: Course): LabHandlers {
  return {
    'labs.catalogue': () => labs.catalogue(),
    'labs.run': (request) => {
      labs.run(request);
    },
    'labs.stop': ({ id }) => {
      labs.stop(id);
    },
    'labs.kept': () => labs.kept(),
    'labs.result': (request) => labs.result(request),
    'labs.scenarios': (request) => labs.scenarios(request),
    'labs.remove': (request) => labs.remove(request),
    'labs.restore': (request) => labs.restore(request),
    'labs.saveReport': (request) => labs.saveReport(request),
    'course.lab': (request) => course.ask('course.lab', request),
    'course.attempts': () => course.ask('course.attempts', undefined),
    'course.begin': (request) => course.ask('course.begin', request),
    'course.continue': (request) => course.ask('course.continue', request),
    'course.step': (request) => course.ask('course.step', request),
    'course.ran': (request) => course.ask('course.ran', request),
    'course.answer': (request) => course.ask('course.answer', request),
    'course.hint': (request) => course.ask('course.hint', request),
    'course.axis': (request) => course.ask('course.axis', request),
    'course.handIn': (request) => course.handIn(request),
    'course.print': (request) => course.print(request),
    'class.mark': (request) => course.mark(request),
    'class.save': () => course.save(),
    'class.openLab': (request) => course.openLab(request),
  };
}
