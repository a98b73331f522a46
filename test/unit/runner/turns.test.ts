// One experiment at a time, in the order in which they were started; whoever waits may go.

import { expect, test } from 'vitest';
import { Turns } from '../../../electron/main/turns';

function turns(): { turns: Turns; begun: string[] } {
  const begun: string[] = [];
  return { turns: new Turns((id) => begun.push(id)), begun };
}

test('the first begins at once, the others when the one before has ended, in their order', () => {
  const { turns: queue, begun } = turns();
  for (const id of ['a', 'b', 'c']) queue.want(id);
  expect(begun).toEqual(['a']);
  expect([queue.waits('a'), queue.waits('b'), queue.waits('c')]).toEqual([false, true, true]);
  queue.leave('a');
  queue.leave('b');
  expect(begun).toEqual(['a', 'b', 'c']);
  queue.leave('c');
  expect(queue.isFree).toBe(true);
});

test('who goes while waiting is passed over; who goes without a turn takes nobody’s', () => {
  const { turns: queue, begun } = turns();
  for (const id of ['a', 'b', 'c']) queue.want(id);
  queue.leave('b');
  queue.leave('x');
  expect(begun).toEqual(['a']);
  queue.leave('a');
  expect(begun).toEqual(['a', 'c']);
});

test('asking twice is asking once', () => {
  const { turns: queue, begun } = turns();
  for (const id of ['a', 'a', 'b', 'b']) queue.want(id);
  queue.leave('a');
  queue.leave('b');
  expect(begun).toEqual(['a', 'b']);
  expect(queue.isFree).toBe(true);
});
