// The plans that come with the program, in the order in which a newcomer should meet them; scenarios that they name by path are in them.

import { GALLERY } from '../scenario';
import limitedTransmit from '../../plans/limited-transmit.json';
import queueLength from '../../plans/queue-length.json';
import initialWindow from '../../plans/initial-window.json';
import type { PlanDocument } from './plan-schema';

/** A ready plan: its file's name without ending, and the document. */
export interface ReadyPlan {
  readonly id: string;
  readonly document: PlanDocument;
}

const SCENARIO_PATH = /^\.\.\/scenarios\/(.+)\.json$/;

/** JSON imports are wider than the schema's literals; a test checks each as the command line does. */
function entry(id: string, plan: { readonly scenario: unknown }): ReadyPlan {
  const { scenario } = plan;
  const name = typeof scenario === 'string' ? SCENARIO_PATH.exec(scenario)?.[1] : undefined;
  const found = name === undefined ? undefined : GALLERY.find((one) => one.id === name)?.document;
  return { id, document: { ...plan, ...(found === undefined ? {} : { scenario: found }) } as PlanDocument };
}

export const READY_PLANS: readonly ReadyPlan[] = [
  entry('limited-transmit', limitedTransmit),
  entry('queue-length', queueLength),
  entry('initial-window', initialWindow),
];
