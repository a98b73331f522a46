// Undo and redo over random edits of a scenario.

import { expect, test } from 'vitest';
import { Streams } from '../../core/engine';
import { checkScenario, type Scenario } from '../../core/scenario';
import {
  addFlow,
  addLink,
  addNode,
  duplicate,
  emptyScenario,
  moveNodes,
  remove,
  rename,
  setAt,
} from '../../renderer/topology/edit';
import { History } from '../../renderer/shared/history';

function randomEdit(document: Scenario, random: ReturnType<Streams['named']>): Scenario {
  const nodes = document.nodes.map(({ id }) => id);
  const pick = (list: readonly string[]): string => list[random.integer(list.length)]!;
  if (nodes.length < 2) return addNode(document, 'host', { x: random.integer(500), y: random.integer(500) }).document;
  switch (random.integer(9)) {
    case 0:
      return addNode(document, random.integer(2) === 0 ? 'host' : 'router', { x: 13, y: 27 }).document;
    case 1:
      return addLink(document, pick(nodes), pick(nodes)).document;
    case 2:
      return addFlow(document, pick(nodes), pick(nodes)).document;
    case 3:
      return moveNodes(document, new Map([[pick(nodes), { x: random.integer(900), y: random.integer(900) }]]));
    case 4:
      return remove(document, { nodes: new Set([pick(nodes)]) });
    case 5:
      return duplicate(document, new Set([pick(nodes), pick(nodes)])).document;
    case 6:
      return rename(document, 'node', pick(nodes), `n${String(random.integer(1000))}`);
    case 7:
      return setAt(document, ['defaults', 'tcp', 'sack'], random.integer(2) === 0);
    default:
      return setAt(document, ['defaults', 'tcp', 'sack'], undefined);
  }
}

test('undoing everything gives the beginning, redoing everything the end, and no edit changes a document in place', () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    const random = new Streams(seed).named('edits');
    const history = new History<Scenario>();
    const start = emptyScenario();
    const texts = [JSON.stringify(start)];
    let document = start;
    for (let step = 0; step < 60; step += 1) {
      const after = randomEdit(document, random);
      history.note({ label: 'edit', key: undefined, before: document, after });
      document = after;
      texts.push(JSON.stringify(document));
    }
    const end = document;
    for (let step = texts.length - 2; step >= 0; step -= 1) {
      document = history.undo()!;
      expect(JSON.stringify(document), `seed ${String(seed)}`).toBe(texts[step]);
    }
    expect(history.undo()).toBeUndefined();
    for (let step = 1; step < texts.length; step += 1) document = history.redo()!;
    expect(document).toBe(end);
    expect(
      document.links.every(
        ({ from, to }) => document.nodes.some(({ id }) => id === from) && document.nodes.some(({ id }) => id === to),
      ),
    ).toBe(true);
    expect(
      new Set(document.nodes.map(({ id }) => id)).size + new Set(document.links.map(({ id }) => id)).size,
    ).toBeGreaterThan(0);
    checkScenario(document, '');
  }
});

test('typing into one field is one step', () => {
  const history = new History<string>();
  history.note({ label: 'a', key: 'name', before: '', after: 'x' });
  history.note({ label: 'a', key: 'name', before: 'x', after: 'xy' });
  history.note({ label: 'b', key: undefined, before: 'xy', after: 'z' });
  expect([history.undo(), history.undo(), history.undo()]).toEqual(['xy', '', undefined]);
  expect(history.redoLabel).toBe('a');
});
