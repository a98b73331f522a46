// Worlds for tests: from a scenario document, checked and run with all invariants on.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatProblem } from '../core/base';
import type { RunSummary } from '../core/measure';
import { applyOverrides, checkScenario, type ResolvedScenario } from '../core/scenario';
import { World } from '../core/world';

export const ROOT = join(import.meta.dirname, '..');

/** A ready scenario's document. */
export function readyDocument(name: string): unknown {
  return JSON.parse(readFileSync(join(ROOT, 'scenarios', `${name}.json`), 'utf8')) as unknown;
}

/** The resolved scenario of a document with overrides; fails the test when there are problems. */
export function resolved(document: unknown, ...overrides: string[]): ResolvedScenario {
  const { value, problems } = applyOverrides(document, overrides);
  const checked = checkScenario(value, 'test');
  const all = [...problems, ...checked.problems];
  if (!checked.ok || all.length > 0) throw new Error(all.map(formatProblem).join('\n'));
  return checked.value.resolved;
}

export function worldOf(document: unknown, ...overrides: string[]): World {
  return new World(resolved(document, ...overrides), { check: true });
}

/** Runs a document to its end. */
export function runDocument(document: unknown, ...overrides: string[]): RunSummary {
  const world = worldOf(document, ...overrides);
  world.run(world.endAt);
  world.finishSeries();
  return world.summary('finished', 0);
}

/** One machine m with a kernel program; the parts that tests vary. */
export function programDocument(parts: {
  readonly program: object;
  readonly cpus?: number;
  readonly kernel?: object;
  readonly duration?: string;
  readonly probes?: readonly string[];
}): unknown {
  return {
    format: 'odonata-scenario',
    version: 1,
    name: 'program',
    seed: 7,
    duration: parts.duration ?? '1ms',
    nodes: [{ id: 'm', kind: 'host', machine: { cpus: parts.cpus ?? 2 }, kernel: parts.kernel ?? {} }],
    links: [],
    traffic: [{ id: 'p', kind: 'kernel-program', host: 'm', ...parts.program }],
    probes: parts.probes ?? [],
  };
}

/** Two hosts, a and b, on one link l; the parts that tests vary. */
export { wireScenario as wireDocument } from '../core/labs/on-wire';

/** Two hosts and one link between two routers; the parts that tests vary. */
export function pathDocument(parts: {
  readonly duration?: string;
  readonly seed?: number;
  readonly tcp?: Record<string, unknown>;
  readonly link?: Record<string, unknown>;
  readonly traffic?: readonly unknown[];
  readonly probes?: readonly string[];
}): unknown {
  const access = { rate: '1Gbps', delay: '1ms', queue: { discipline: 'droptail', limit: '10000p' } };
  return {
    format: 'odonata-scenario',
    version: 1,
    name: 'path',
    seed: parts.seed ?? 1,
    duration: parts.duration ?? '30s',
    defaults: { tcp: parts.tcp ?? {} },
    nodes: [
      { id: 'a', kind: 'host' },
      { id: 'b', kind: 'host' },
      { id: 'r1', kind: 'router' },
      { id: 'r2', kind: 'router' },
    ],
    links: [
      { id: 'in', from: 'a', to: 'r1', ...access },
      {
        id: 'mid',
        from: 'r1',
        to: 'r2',
        rate: '10Mbps',
        delay: '20ms',
        queue: { discipline: 'droptail', limit: '100p' },
        ...parts.link,
      },
      { id: 'out', from: 'r2', to: 'b', ...access },
    ],
    traffic: parts.traffic ?? [{ id: 'f', kind: 'bulk', from: 'a', to: 'b' }],
    probes: parts.probes ?? [],
  };
}
