// Numbers of a summary have the names by which plans measure them, so what Compare shows can be measured by a plan as it is.

import { expect, test } from 'vitest';
import { summaryNumbers } from '../../../core/experiment';
import { summaryValue } from '../../../core/experiment/measures';
import { GALLERY, pathOf, checkScenario } from '../../../core/scenario';
import { World } from '../../../core/world';

const scenario = GALLERY.find(({ document }) => document.name === 'One load, four stacks')!.document;
const checked = checkScenario({ ...scenario, duration: '2ms' }, '');
if (!checked.ok) throw new Error('the gallery has a scenario with problems');
const world = new World(checked.value.resolved);
world.run(world.endAt);
const summary = world.summary('finished', 1.5);
const numbers = summaryNumbers(summary);

test('a plan finds nearly all numbers under their pointers, and the same values', () => {
  expect(new Set(numbers.map(({ pointer }) => pointer)).size).toBe(numbers.length);
  const found = numbers.filter(({ pointer, value }) => {
    const source = { kind: 'summary', path: pathOf(pointer)! } as const;
    return Object.is(summaryValue(summary, { name: '', label: '', unit: '', source, over: 'min' }), value);
  });
  // What plans cannot name: items that go by their place, and things that are called the same twice.
  const unnamed = numbers.filter((one) => !found.includes(one)).map(({ pointer }) => pointer);
  expect(unnamed.filter((pointer) => !/packetsByCpu|bins|wakeToRun|\(\d+\)|stages/.test(pointer))).toEqual([]);
  expect(found.length).toBeGreaterThan(500);
});

test('names, units and what a clock measured', () => {
  const byPointer = new Map(numbers.map((one) => [one.pointer, one]));
  expect(byPointer.get('/links/l1/forward/drops')).toMatchObject({ unit: 'count' });
  expect(byPointer.get('/cpus/pmp/0/busyNs')).toMatchObject({ unit: 'ns' });
  const spent = numbers.find(({ pointer }) => pointer.startsWith('/stacks/pmp/spentNs/'));
  expect(spent).toMatchObject({ unit: 'ns' });
  for (const pointer of ['/seed', '/version', '/totals/wallSeconds', '/cpus/pmp/0/cpu'])
    expect(byPointer.has(pointer), pointer).toBe(false);
});
