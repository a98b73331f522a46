// The heap against a sorted list: random schedules, cancellations and pops, the same order always.

import { expect, test } from 'vitest';
import { EventQueue, type EventTarget, Priority, Streams } from '../../core/engine';

interface Entry {
  readonly time: number;
  readonly priority: number;
  readonly order: number;
  readonly name: number;
}

test('events leave in the order of (time, priority, sequence), whatever is scheduled and cancelled between', () => {
  for (let seed = 1; seed <= 200; seed += 1) playAgainstList(seed);
});

function playAgainstList(seed: number): void {
  const random = new Streams(seed).named('play');
  const queue = new EventQueue(4);
  const target: EventTarget = { onEvent: () => undefined };
  let model: (Entry & { id: number })[] = [];
  let clock = 0;
  for (let step = 0; step < 300; step += 1) {
    const dice = random.integer(10);
    if (dice < 5) {
      const entry = { time: clock + random.integer(5), priority: random.integer(5), order: step, name: step };
      const id = queue.schedule(entry.time, entry.priority as Priority, target, entry.name, 0);
      model.push({ ...entry, id });
    } else if (dice < 6 && model.length > 0) {
      const [victim] = model.splice(random.integer(model.length), 1);
      expect(queue.cancel(victim!.id), `seed ${String(seed)}`).toBe(true);
      expect(queue.cancel(victim!.id), `seed ${String(seed)}: a second time`).toBe(false);
    } else {
      model = model.sort((a, b) => a.time - b.time || a.priority - b.priority || a.order - b.order);
      const first = model.shift();
      expect(queue.nextTime(), `seed ${String(seed)}`).toBe(first?.time ?? Infinity);
      if (first === undefined) continue;
      const slot = queue.open();
      expect(queue.arg(slot), `seed ${String(seed)}, step ${String(step)}`).toBe(first.name);
      queue.releaseSlot(slot);
      clock = first.time;
    }
    expect(queue.pending, `seed ${String(seed)}`).toBe(model.length);
  }
}

test('an id is dead once its event has run, also when its slot serves another event', () => {
  const queue = new EventQueue();
  const target: EventTarget = { onEvent: () => undefined };
  const id = queue.schedule(1, Priority.timer, target, 0, 0);
  queue.nextTime();
  queue.releaseSlot(queue.open());
  queue.schedule(2, Priority.timer, target, 0, 0);
  expect(queue.cancel(id)).toBe(false);
  expect(queue.pending).toBe(1);
});
