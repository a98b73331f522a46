// Files that the system gives wait until the window has shown them, however often it loads in between.

import { expect, test } from 'vitest';
import { Arrivals, fileAmong } from '../../../electron/main/arrivals';

function arrivals(): { held: Arrivals; told: () => number } {
  let count = 0;
  const held = new Arrivals(
    {
      scenario: (path) => {
        if (path.includes('gone')) throw Object.assign(new Error('it is not there'), { advice: 'open it again' });
        return { path, name: path, text: '{}' };
      },
      bundle: (path) => Promise.resolve({ name: path, runIds: ['a'], labs: [] }),
    },
    () => {
      count += 1;
    },
  );
  return { held, told: () => count };
}

test('what was given before anybody looked is there when somebody does, and again after the window loaded anew', async () => {
  const { held, told } = arrivals();
  await held.open('one.json');
  await held.open('two.odonata');
  expect(told()).toBe(2);
  const first = held.list();
  expect(first.map(({ kind }) => kind)).toEqual(['scenario', 'bundle']);
  expect(held.list()).toEqual(first);
  held.seen(first[0]!.id);
  expect(held.list()).toEqual([first[1]]);
  held.seen(first[0]!.id);
  expect(held.list()).toEqual([first[1]]);
});

test('a file that cannot be opened is told with its advice, and waits as well', async () => {
  const { held } = arrivals();
  await held.open('gone.json');
  expect(held.list()).toEqual([{ id: 1, kind: 'refused', text: 'it is not there', advice: 'open it again' }]);
});

test('the file among the words of a command line is the scenario or the bundle, not an option', () => {
  expect(fileAmong(['.', '--set=a.json', 'dumbbell.json'])).toBe('dumbbell.json');
  expect(fileAmong(['.', 'four.odonata'])).toBe('four.odonata');
  expect(fileAmong(['.', '--user-data-dir=x'])).toBeUndefined();
});
