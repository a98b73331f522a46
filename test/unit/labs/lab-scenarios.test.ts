// What a lab opens in the workbench is what it ran: each scenario is asked for by the measurement itself, is a valid document under its
// own name, and run by itself has the digest of the lab's own run (of the labs that do not take long). The others are asked for their
// first scenario, and not run.

import { beforeEach, describe, expect, test, vi } from 'vitest';
import { type Lab, LAB_COSTS, labScenarios, LABS, type Point, pointsOf } from '../../../core/labs';
import { parseScenario, type ResolvedScenario } from '../../../core/scenario';
import { World } from '../../../core/world';

const built = vi.hoisted(() => ({ worlds: 0 }));
vi.mock('../../../core/world', async (original) => {
  const module = await original<{ World: typeof World }>();
  class Counted extends module.World {
    constructor(...parts: ConstructorParameters<typeof World>) {
      super(...parts);
      built.worlds += 1;
    }
  }
  return { ...module, World: Counted };
});
beforeEach(() => {
  built.worlds = 0;
});

const PLAN = { seed: 1, quick: true };
/** A lab whose measurements take so long at most is run here, s. */
const CHEAP_SECONDS = 0.05;
const isCheap = ({ id }: Lab): boolean => {
  const { measurements, seconds } = LAB_COSTS[id]!.first;
  return seconds / measurements < CHEAP_SECONDS;
};
const opening = LABS.filter(({ inTypeScript }) => inTypeScript?.all !== true);
const others = LABS.filter(({ inTypeScript }) => inTypeScript?.all === true);

/** Of lab 41 only the whole stack, its last variant, is a scenario. */
function pointOf(lab: Lab): Point {
  return pointsOf(lab, true).at(lab.id === '41-cohort-scheduling' ? -1 : 0)!;
}

function valid(document: unknown): ResolvedScenario {
  const parsed = parseScenario(JSON.stringify(document), 'opened');
  if (!parsed.ok) throw new Error(parsed.problems.map(({ pointer, message }) => `${pointer}: ${message}`).join('\n'));
  return parsed.value.resolved;
}

describe.each(opening.filter(isCheap).map((lab) => ({ id: lab.id, lab })))('$id', ({ id, lab }) => {
  test('opens what it ran, which is valid and runs to the same digest', () => {
    const scenarios = labScenarios(lab, pointOf(lab), PLAN);
    const made = built.worlds;
    expect(new Set(scenarios.map(({ document }) => document['name'])).size).toBe(scenarios.length);
    // With one segment at first, lab 51 runs what it compares with twice; it is opened once.
    expect(scenarios).toHaveLength(id === '51-satellite' ? made / 2 : made);
    for (const { document, digest } of scenarios) {
      const resolved = valid(document);
      expect(resolved.name).toContain(lab.title);
      const world = new World(resolved);
      world.run(world.endAt);
      expect(world.summary('finished', 0).digest).toBe(digest);
    }
  });
});

class Enough extends Error {}

describe.each(opening.filter((lab) => !isCheap(lab)).map((lab) => ({ id: lab.id, lab })))('$id', ({ lab }) => {
  test('asks for a world of a valid scenario', () => {
    let asked: unknown;
    const measure = (): unknown =>
      lab.measure(pointOf(lab), {
        ...PLAN,
        world: (document) => {
          asked = document;
          throw new Enough();
        },
      });
    expect(measure).toThrow(Enough);
    expect(valid(asked).nodes.length).toBeGreaterThan(1);
  });
});

test('labs made of programs in TypeScript say so, and are the others', () => {
  expect(opening.length + others.length).toBe(LABS.length);
  for (const lab of others) {
    expect([lab.id, lab.inTypeScript!.what]).toEqual([lab.id, expect.stringMatching(/TypeScript.*\.$/)]);
    if (isCheap(lab)) expect([lab.id, labScenarios(lab, pointOf(lab), PLAN)]).toEqual([lab.id, []]);
  }
});

test('scenarios of one point have names that tell them apart, and points have theirs', () => {
  const eifel = LABS.find(({ id }) => id === '24-eifel')!;
  const [point] = pointsOf(eifel, true);
  expect(labScenarios(eifel, point!, PLAN).map(({ what, document }) => [what, document['name']])).toEqual([
    ['a spike of the delay', 'Eifel detection: plain, spike of the delay 2s; a spike of the delay'],
    ['segments that others overtake', 'Eifel detection: plain, spike of the delay 2s; segments that others overtake'],
  ]);
  const recovery = LABS.find(({ id }) => id === '21-newreno')!;
  const [own] = labScenarios(recovery, { sender: 'SACK', losses: 3 }, PLAN);
  expect(own!.document['name']).toBe('NewReno: SACK, losses in one window 3');
  expect(own!.document).toMatchObject({ defaults: { tcp: { sack: true } } });
});

test('another seed is another run where there is chance', () => {
  const lab = LABS.find(({ id }) => id === '25-early-retransmit')!;
  const point = { sender: 'Early Retransmit', segments: 3 };
  const late = [1, 2].map((seed) => labScenarios(lab, point, { seed, quick: true }).at(-1)!);
  expect(late[0]!.what).toBe('segments that come late');
  expect(late[0]!.digest).not.toBe(late[1]!.digest);
});
