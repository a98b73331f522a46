// What the schema refuses hides nothing that can be told without it, and nothing is told that only follows from it.

import { describe, expect, test } from 'vitest';
import { Streams } from '../../../core/engine';
import { checkPlan } from '../../../core/experiment';
import { applySettings, checkScenario, GALLERY } from '../../../core/scenario';
import { planDocument, smallScenario } from '../../plans';
import { readyDocument } from '../../worlds';

type Document = Record<string, unknown>;

/** Places of a scenario's problems. */
function places(document: unknown): string[] {
  return checkScenario(document, '').problems.map(({ pointer }) => pointer);
}

function planPlaces(parts: Document): string[] {
  return checkPlan(planDocument(parts), { file: '' }).problems.map(({ pointer }) => pointer);
}

const link = (parts: Document): Document => ({ ...(smallScenario()['links'] as Document[])[0], ...parts });
const flow = (parts: Document): Document => ({ ...(smallScenario()['traffic'] as Document[])[0], ...parts });
const scenario = (parts: Document): Document => ({ ...smallScenario(), ...parts });

describe('mistakes of several kinds in one scenario are told together', () => {
  test('a bad quantity, urgent marks out of order, a probe and a change that lead nowhere', () => {
    const document = scenario({
      links: [link({ rate: '2Mbqs' })],
      traffic: [flow({ urgent: ['10kB', '5kB'] })],
      probes: ['flow/g/cwnd', 'link/l/queue'],
      changes: [
        { at: '1s', set: '/links/m/rate', to: '1Mbps' },
        { at: '1s', set: '/links/l/delay', to: '1 potato' },
      ],
    });
    expect(places(document)).toEqual([
      '/links/0/rate',
      '/changes/0/set',
      '/changes/1/to',
      '/traffic/0/urgent/1',
      '/probes/0',
    ]);
  });

  test('a missing size, buffers smaller than a segment, a stop before the start, a port taken twice', () => {
    const [nodes] = [smallScenario()['nodes'] as Document[]];
    const document = scenario({
      nodes: [{ ...nodes[0], tcp: { sendBuffer: '1kB', sack: 'yes' } }, nodes[1]],
      traffic: [
        { id: 'f', kind: 'transfer', from: 'a', to: 'b', port: 80 },
        flow({ id: 'g', start: '2s', stop: '1s', port: 80 }),
      ],
    });
    expect(places(document)).toEqual([
      '/nodes/0/tcp/sack',
      '/traffic/0/size',
      '/nodes/0/tcp/sendBuffer',
      '/traffic/1/stop',
      '/traffic/1/port',
    ]);
  });

  test('an unknown key, a row of a replay, a CPU that the machine does not have', () => {
    const document = scenario({
      colour: 'red',
      nodes: [
        { id: 'a', kind: 'host', machine: { cpus: 2, sockets: 1 } },
        { id: 'b', kind: 'host' },
      ],
      traffic: [
        { id: 'r', kind: 'replay', from: 'a', to: 'b', csv: '0,100\nsoon,100' },
        { id: 'p', kind: 'kernel-program', host: 'a', threads: [{ id: 't', cpu: 5, steps: [] }] },
      ],
      probes: ['cpu/a/7/busy'],
    });
    expect(places(document)).toEqual(['/colour', '/traffic/0/csv', '/traffic/1/threads/0/cpu', '/probes/0']);
  });
});

describe('nothing is told that follows from another mistake', () => {
  test.each<[string, Document, string[]]>([
    [
      'a size that is not known, behind which a mark may be',
      { traffic: [flow({ size: '20 potatoes', urgent: ['30kB'] })] },
      ['/traffic/0/size'],
    ],
    [
      'a mark that is not known, and the one after it',
      { traffic: [flow({ urgent: ['10kB', 'x', '5kB'] })] },
      ['/traffic/0/urgent/1'],
    ],
    [
      'a duration that is not known, after which a flow may start',
      { duration: 'x', traffic: [flow({ start: '1h' })] },
      ['/duration'],
    ],
    [
      'a segment that is larger than a buffer, or is it',
      { defaults: { tcp: { mss: 'big', receiveBuffer: 1000 } } },
      ['/defaults/tcp/mss'],
    ],
    [
      'a misspelt threshold',
      { links: [link({ queue: { discipline: 'red', minTreshold: 1, maxThreshold: 3 } })] },
      ['/links/0/queue/minTreshold'],
    ],
    [
      'a flow without a name, which a probe asks for',
      { traffic: [{ ...flow({}), id: undefined }], probes: ['flow/f/cwnd'] },
      ['/traffic/0/id'],
    ],
    [
      'a flow of no kind, which a probe asks for',
      { traffic: [flow({ kind: 'transfir' })], probes: ['flow/f/cwnd', 'link/l/queue'] },
      ['/traffic/0/kind'],
    ],
    [
      'a link without a name, which a change sets',
      { links: [{ ...link({}), id: 7 }], changes: [{ at: 0, set: '/links/l/rate', to: '1Mbps' }] },
      ['/links/0/id'],
    ],
    ['a node without a name', { nodes: [{ kind: 'host' }, { id: 'b', kind: 'host' }] }, ['/nodes/0/id']],
    ['a link that leads nowhere, without which there is no route', { links: [link({ to: 'c' })] }, ['/links/0/to']],
    [
      'a misspelt machine, whose CPUs a probe asks for',
      {
        nodes: [
          { id: 'a', kind: 'host', machin: { cpus: 2 } },
          { id: 'b', kind: 'host' },
        ],
        probes: ['cpu/a/1/busy'],
      },
      ['/nodes/0/machin'],
    ],
    [
      'misspelt rows of a replay',
      { traffic: [{ id: 'r', kind: 'replay', from: 'a', to: 'b', cvs: '0,1' }] },
      ['/traffic/0/cvs'],
    ],
  ])('%s', (_, parts, expected) => {
    expect(places(scenario(parts))).toEqual(expected);
  });

  test('a document of nothing but mistakes is no other than its schema says', () => {
    expect(places({ nodes: 3, links: {}, traffic: 'x', probes: [1], duration: {} })).toEqual(
      expect.arrayContaining(['/format', '/nodes', '/links', '/traffic', '/probes/0', '/duration']),
    );
  });
});

/** Places of all that is no object or list. */
function leaves(value: unknown, pointer = ''): string[] {
  if (typeof value !== 'object' || value === null) return [pointer];
  return Object.entries(value).flatMap(([key, item]) => leaves(item, `${pointer}/${key}`));
}

test.each(GALLERY.map(({ id }) => id))('one place of %s that is spoiled is the only one that is told', (id) => {
  const document = readyDocument(id);
  const random = new Streams(11).named(id);
  const all = leaves(document);
  for (let count = 0; count < 8; count += 1) {
    const spoiled = all[random.integer(all.length)]!;
    const { value } = applySettings(document, [{ pointer: spoiled, value: { spoiled: true } }]);
    const told = places(value);
    expect(told).not.toEqual([]);
    // Where the kind of something is spoiled, all of it is; where it has no form, what is around it.
    const others = told.filter(
      (place) => !`${place}/`.startsWith(`${spoiled}/`) && !`${spoiled}/`.startsWith(`${place}/`),
    );
    expect({ spoiled, others }).toEqual({ spoiled, others: [] });
  }
});

describe('mistakes of several kinds in one plan are told together', () => {
  const measures = [{ name: 'completion', summary: '/flows/f/completionTimeNs' }];

  test('a key that is unknown, a factor that points at nothing, a stop at no measure, a level that is none', () => {
    const parts = {
      colour: 'red',
      factors: [
        { name: 'loss', pointer: '/links/m/loss/probability', levels: [0, 0.1] },
        { name: 'rate', pointer: '/links/l/rate', levels: ['1Mbps', '1 potato'] },
      ],
      replications: undefined,
      stop: { measure: 'completed', relativeHalfWidth: 0.1, min: 3, max: 9 },
    };
    expect(planPlaces(parts)).toEqual([
      '/colour',
      '/stop/measure',
      '/factors/0/levels/0',
      '/factors/0/levels/1',
      '/factors/1/levels/1',
    ]);
  });

  test('a scenario with a mistake, and a factor that points at nothing, whatever else is wrong with the plan', () => {
    const parts = {
      scenario: scenario({ duration: 'x' }),
      factors: [
        { name: 'loss', pointer: '/links/m/loss/probability', levels: [0, 0.1] },
        { name: 'size', pointer: '/traffic/f/size', levels: ['1kB', '2kB'] },
      ],
    };
    expect(planPlaces(parts)).toEqual(['/scenario/duration', '/factors/0']);
    expect(planPlaces({ ...parts, timeout: '1 ms', measures: 4 })).toEqual([
      '/measures',
      '/timeout',
      '/scenario/duration',
      '/factors/0',
    ]);
  });

  test('levels and probes', () => {
    const parts = {
      factors: [{ name: 'loss', pointer: '/links/l/loss/probability', levels: [0, 2] }],
      measures: [...measures, { name: 'queue', probe: 'link/m/queue' }],
    };
    expect(planPlaces(parts)).toEqual(['/factors/0/levels/1', '/measures/1/probe']);
  });

  test.each<[string, Document, string[]]>([
    [
      'a factor without a name, which is compared',
      {
        factors: [{ pointer: '/defaults/tcp/sack', levels: [false, true] }],
        compare: { factor: 'sack', baseline: 'false' },
      },
      ['/factors/0/name'],
    ],
    [
      'a whole that is not known, and a part of it',
      {
        factors: [
          { name: 'queue', pointer: '/links/l/queue', levels: 3 },
          { name: 'limit', pointer: '/links/l/queue/maxThreshold', levels: [5, 9] },
        ],
      },
      ['/factors/0/levels'],
    ],
    [
      'measures that are not known, by which it stops',
      { measures: 'all', replications: undefined, stop: { measure: 'x', relativeHalfWidth: 0.1, min: 3, max: 9 } },
      ['/measures'],
    ],
    [
      'a scenario whose link has no name, which a factor sets',
      {
        scenario: scenario({ links: [{ ...link({}), id: 7 }] }),
        factors: [{ name: 'rate', pointer: '/links/l/rate', levels: ['1Mbps'] }],
      },
      ['/scenario/links/0/id'],
    ],
  ])('not what follows: %s', (_, parts, expected) => {
    expect(planPlaces(parts)).toEqual(expected);
  });
});
