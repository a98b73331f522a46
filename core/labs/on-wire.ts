// Two hosts on one link, without CPUs: for labs of TCP alone.

import { formatProblem } from '../base';
import { checkScenario } from '../scenario';
import { World } from '../world';
import type { WorldMaker } from './lab';

type Fields = Readonly<Record<string, unknown>>;

/** Hosts a and b on the link l; the parts that labs vary. */
export function wireScenario(parts: {
  readonly seed?: number;
  readonly duration: string | number;
  readonly tcp: object;
  readonly link: object;
  readonly traffic: readonly unknown[];
  readonly changes?: readonly unknown[];
}): Fields {
  return {
    format: 'odonata-scenario',
    version: 1,
    name: 'wire',
    seed: parts.seed ?? 7,
    duration: parts.duration,
    defaults: { tcp: parts.tcp },
    nodes: [
      { id: 'a', kind: 'host' },
      { id: 'b', kind: 'host' },
    ],
    links: [{ id: 'l', from: 'a', to: 'b', ...parts.link }],
    traffic: parts.traffic,
    changes: parts.changes ?? [],
  };
}

/** The world of a scenario, ready to run. */
export const worldOfScenario: WorldMaker = (document) => made(document, false);

/** The same, and it asserts invariants while it runs. */
export const checkedWorld: WorldMaker = (document) => made(document, true);

function made(document: unknown, check: boolean): World {
  const checked = checkScenario(document, 'lab');
  if (!checked.ok) throw new Error(checked.problems.map(formatProblem).join('; '));
  return new World(checked.value.resolved, { check });
}
