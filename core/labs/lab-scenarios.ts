// The scenarios that a measurement of a lab runs, to be opened by themselves. The measurement itself is carried out, and what it asks
// worlds for is noted: so they are what it runs, and nothing that stands in for it.

import { formatBytes, formatDuration, formatRate, withUnits } from '../scenario';
import type { Lab, Level, Point } from './lab';
import { worldOfScenario } from './on-wire';

export interface LabScenario {
  /** What tells it from others of the same point; empty if it is the only one. */
  readonly what: string;
  /** Under a name that says lab and point. */
  readonly document: Readonly<Record<string, unknown>>;
  /** Of the run that the lab measured. */
  readonly digest: string;
}

/** Each scenario once, in the order in which the lab runs them; none where it is all programs in TypeScript. */
export function labScenarios(
  lab: Lab,
  point: Point,
  plan: { readonly seed: number; readonly quick: boolean },
): LabScenario[] {
  const made: { document: Record<string, unknown>; what: string; world: ReturnType<typeof worldOfScenario> }[] = [];
  lab.measure(point, {
    ...plan,
    world(document, what = '') {
      const world = worldOfScenario(document);
      made.push({ document: JSON.parse(JSON.stringify(document)) as Record<string, unknown>, what, world });
      return world;
    },
  });
  const each = made.filter(
    ({ document }, index) => made.findIndex((other) => isSame(other.document, document)) === index,
  );
  const name = `${lab.title}: ${pointText(lab, point)}`;
  return each.map(({ document, what, world }) => {
    const told = each.length === 1 ? '' : what;
    return {
      what: told,
      document: { ...withUnits(document), name: told === '' ? name : `${name}; ${told}` },
      digest: world.summary('finished', 0).digest,
    };
  });
}

function isSame(one: object, other: object): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Levels that say nothing without the name of what is switched. */
const SWITCH: ReadonlySet<unknown> = new Set(['on', 'off', 'yes', 'no']);

/** `Reno, TSO off, losses in one window 3`. */
export function pointText(lab: Lab, point: Point): string {
  return lab.factors
    .map(({ name, label, unit = '1' }) => {
      const level = point[name]!;
      const alone = typeof level === 'string' && !SWITCH.has(level);
      return alone ? level : `${inText(label)} ${levelText(level, unit)}`;
    })
    .join(', ');
}

/** A label in the middle of a text; abbreviations stay. */
function inText(label: string): string {
  return /^\p{Lu}\p{Ll}/u.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label;
}

function levelText(level: Level, unit: string): string {
  if (typeof level === 'string') return level;
  if (unit === 'ns') return level < 0 ? `−${formatDuration(-level)}` : formatDuration(level);
  if (unit === 'bps') return formatRate(level);
  if (unit === 'bytes') return formatBytes(level);
  return unit === '1' || unit === 'count' ? String(level) : `${String(level)} ${unit.replace('1/s', 'per second')}`;
}
