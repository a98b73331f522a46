// A segment's life (architecture.md §3): from any frame the causes lead back to the write or the ACK that let it go, across both
// hosts, over messages, interfaces and links.

import { expect, test } from 'vitest';
import { CauseKind } from '../../core/base';
import { SEND_REASON_NAMES } from '../../core/packet';
import { World } from '../../core/world';
import { readyDocument, resolved } from '../worlds';

const world = new World(resolved(readyDocument('segment-life')), { causes: true });
world.run(world.endAt);
const causes = world.engine.causes!;
const NAMES = new Map(Object.entries(CauseKind).map(([name, kind]) => [kind as number, name]));
const chainOf = (id: number): string[] => [...causes.chain(id as never)].map(({ kind }) => NAMES.get(kind)!);

test('every frame on the wire was sent because of a write, a segment that came, a timer, or what an application did', () => {
  const { links } = world.causeNames();
  let frames = 0;
  for (const record of causes) {
    if (record.kind !== CauseKind.transmit) continue;
    expect(links[record.subject]).toContain('wire: ');
    const chain = chainOf(record.id);
    // On the wire by the interface, to the interface by a connection, in there by a thread that ran for a reason.
    expect(chain.slice(0, 3)).toEqual(['transmit', 'dma', 'send']);
    expect(['write', 'receive', 'timer', 'run', 'messageTaken', 'wake']).toContain(chain[3]);
    frames += 1;
  }
  expect(frames).toBeGreaterThan(200);
});

test('new data goes back to the application’s write by a message, or to the ACK that came over the other host', () => {
  let byWrite = 0;
  let byAck = 0;
  for (const record of causes) {
    if (record.kind !== CauseKind.send || SEND_REASON_NAMES[record.extra] !== 'new') continue;
    const chain = chainOf(record.id);
    const text = chain.join(' ');
    if (chain[1] === 'receive') {
      byAck += 1;
      // The ACK: received, over the bus, over the wire, out of the other host, which sent it because of what it had received.
      expect(text).toMatch(/^send receive dma transmit dma send/);
    } else {
      byWrite += 1;
      expect(text).toMatch(/^send messageTaken messagePut write/);
    }
  }
  expect(byWrite).toBeGreaterThan(1);
  expect(byAck).toBeGreaterThan(10);
});

test('received data wakes the reader on its own CPU', () => {
  const readers = [...causes].filter(({ kind, detail }) => {
    return kind === CauseKind.run && world.traceNames.threads[detail]?.startsWith('reader application') === true;
  });
  const woken = readers.map(({ id }) => chainOf(id).join(' ')).filter((text) => text.startsWith('run wake'));
  expect(woken.length).toBeGreaterThan(5);
  expect(woken.some((text) => /^run wake ipiTaken ipi receive dma transmit dma send/.test(text))).toBe(true);
});
