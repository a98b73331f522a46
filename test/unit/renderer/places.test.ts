import { expect, test } from 'vitest';
import { dumbbellScenario } from '../../../core/labs/dumbbell';
import type { Scenario } from '../../../core/scenario';
import { placesOf } from '../../../renderer/shared/places';

const dumbbell = (flows: number): Scenario =>
  dumbbellScenario({ flows, rateBps: 1e8, delayNs: 1e7, durationNs: 1e9, sack: true, seed: 1 }) as Scenario;

test('nodes without places stand from senders to receivers, no two at one place', () => {
  const places = placesOf(dumbbell(4));
  const columns = ['s0', 'r1', 'r2', 'd0'].map((id) => places.get(id)!.x);
  expect(columns).toEqual([...columns].sort((a, b) => a - b));
  expect(new Set(columns).size).toBe(4);
  expect(new Set([...places.values()].map(({ x, y }) => `${String(x)} ${String(y)}`)).size).toBe(10);
});

test('a thousand hosts make a block, not a line', () => {
  const places = [...placesOf(dumbbell(1000)).values()];
  const width = Math.max(...places.map(({ x }) => x)) - Math.min(...places.map(({ x }) => x));
  const height = Math.max(...places.map(({ y }) => y)) - Math.min(...places.map(({ y }) => y));
  expect(height / width).toBeGreaterThan(0.2);
  expect(height / width).toBeLessThan(5);
});

test('places in the file stay', () => {
  const scenario = dumbbell(2);
  const nodes = scenario.nodes.map((node) => (node.id === 's1' ? { ...node, position: { x: 7, y: -9 } } : node));
  const places = placesOf({ ...scenario, nodes });
  expect(places.get('s1')).toEqual({ x: 7, y: -9 });
  expect(places.size).toBe(6);
});
