// What the Compare place says: parameters that differ, numbers that differ and how sure that is, and all of it in the CSV.

import { describe, expect, test } from 'vitest';
import {
  type Differences,
  differences,
  furtherRuns,
  isSure,
  type Side,
} from '../../../renderer/compare/model/differences';
import { differencesCsv } from '../../../renderer/compare/model/differences-csv';
import { basisText } from '../../../renderer/compare/model/basis';
import { labelsOf } from '../../../renderer/compare/model/labels';
import { replicatedText } from '../../../renderer/compare/model/replicated';
import { parameterDifferences } from '../../../renderer/compare/model/scenario-diff';
import { shownShare, tableItems } from '../../../renderer/compare/model/table-rows';

/** A side whose runs have the seeds 1, 2, … or those given, and one number. */
function side(values: readonly number[], seeds = values.map((_, index) => index + 1)): Side {
  return {
    own: 0,
    samples: values.map((value, index) => ({ seed: seeds[index]!, numbers: new Map([['/flows/f1/drops', value]]) })),
  };
}

function compared(sides: readonly Side[], replications = true): Differences {
  return differences(sides, { baseline: 0, confidence: 0.95, units: new Map(), replications });
}

// R's dataset sleep, and what t.test says of it.
const SLEEP_1 = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2];
const SLEEP_2 = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];

describe('numbers', () => {
  test('runs of the same seeds are compared in pairs: t.test(sleep, paired)', () => {
    const { rows, bases } = compared([side(SLEEP_2), side(SLEEP_1)]);
    expect(bases).toEqual([undefined, { kind: 'paired', pairs: 10 }]);
    const against = rows[0]!.cells[1]!.against!;
    expect(against).toMatchObject({ degrees: 9, count: 10 });
    expect(against.difference).toBeCloseTo(-1.58, 12);
    expect([against.low, against.high]).toEqual([expect.closeTo(-2.4598858, 7), expect.closeTo(-0.7001142, 7)]);
    expect(isSure(against)).toBe(true);
    expect(against.relative).toBeCloseTo(-1.58 / 2.33, 12);
  });

  test('runs are paired by their seeds, not by their order', () => {
    const seeds = SLEEP_1.map((_, index) => index + 1);
    const shuffled = side([...SLEEP_1].reverse(), [...seeds].reverse());
    expect(compared([side(SLEEP_2), shuffled]).rows).toEqual(compared([side(SLEEP_2), side(SLEEP_1)]).rows);
  });

  test('runs of other seeds are independent: t.test(sleep), Welch, whose interval holds zero', () => {
    const others = SLEEP_1.map((_, index) => index + 100);
    const { rows, bases } = compared([side(SLEEP_2), side(SLEEP_1, others)]);
    expect(bases[1]).toEqual({ kind: 'independent', count: 10, baseline: 10 });
    const against = rows[0]!.cells[1]!.against!;
    expect([against.low, against.high]).toEqual([expect.closeTo(-3.3654832, 7), expect.closeTo(0.2054832, 7)]);
    expect(isSure(against)).toBe(false);
  });

  test('of runs with some seeds in common only those count, so that a row is about the same seeds', () => {
    const { rows, bases } = compared([side([1, 2, 3, 90], [1, 2, 3, 4]), side([2, 4, 5, 70], [1, 2, 3, 5])]);
    expect(bases[1]).toEqual({ kind: 'paired', pairs: 3 });
    expect(rows[0]!.cells.map((cell) => [cell!.value, cell!.count])).toEqual([
      [2, 3],
      [11 / 3, 3],
    ]);
    expect(rows[0]!.cells[1]!.against!.difference).toBeCloseTo(5 / 3, 12);
  });

  test('two single runs have no confidence, and it is known whether their seeds differ', () => {
    const { rows, bases } = compared([side([3], [7]), side([5], [8])]);
    expect(bases[1]).toEqual({ kind: 'single', sameSeed: false });
    expect(compared([side([3], [7]), side([5], [7])]).bases[1]).toEqual({ kind: 'single', sameSeed: true });
    const against = rows[0]!.cells[1]!.against!;
    expect(against).toMatchObject({ difference: 2, low: Number.NaN, p: Number.NaN });
    expect(isSure(against)).toBeUndefined();
  });

  test('a single run is compared with the run of its seed, not with the mean of others', () => {
    const { rows, bases } = compared([side([10, 20, 60], [1, 2, 3]), side([13], [1]), side([11, 21, 61], [1, 2, 3])]);
    expect(bases[1]).toEqual({ kind: 'single', sameSeed: true });
    expect(rows[0]!.cells[1]!.against).toMatchObject({ difference: 3, relative: 0.3, count: 1, low: Number.NaN });
  });

  test('without replications the chosen runs are compared alone', () => {
    const { rows, bases } = compared([side(SLEEP_2), side(SLEEP_1)], false);
    expect(bases[1]).toEqual({ kind: 'single', sameSeed: true });
    expect(rows[0]!.cells.map((cell) => cell!.value)).toEqual([1.9, 0.7]);
  });

  test('what is equal is left out; what only one run has stands with a gap, and has no share of zero', () => {
    expect(compared([side([4, 5]), side([4, 5])]).rows).toEqual([]);
    expect(compared([side([4]), side([4, 4, 4])]).rows).toEqual([]);
    // The same mean of other runs is a difference.
    expect(compared([side([4, 6]), side([6, 4])]).rows).toHaveLength(1);
    const { rows } = compared([side([0]), { own: 0, samples: [{ seed: 1, numbers: new Map([['/x', 1]]) }] }]);
    expect(rows.map(({ pointer, cells }) => [pointer, cells.map((cell) => cell?.value)])).toEqual([
      ['/flows/f1/drops', [0, undefined]],
      ['/x', [undefined, 1]],
    ]);
    expect(shownShare(compared([side([0]), side([3])]).rows[0]!.cells[1]!.against!.relative)).toBe('');
  });

  test('a run without numbers says so and hides nothing of the others', () => {
    const { rows, bases } = compared([side([1, 2]), { own: -1, samples: [] }, side([2, 5])]);
    expect(bases).toEqual([undefined, { kind: 'none' }, { kind: 'paired', pairs: 2 }]);
    expect(rows[0]!.cells[2]!.against!.difference).toBe(2);
  });

  test('further runs fill the gaps between seeds first, then add seeds that nobody has had', () => {
    expect(furtherRuns([side([0, 0], [1, 3]), side([0], [1])], 3)).toEqual([
      { side: 1, seed: 3 },
      { side: 0, seed: 2 },
      { side: 1, seed: 2 },
      { side: 0, seed: 4 },
      { side: 1, seed: 4 },
    ]);
  });

  test('every number is in the CSV to the last digit', () => {
    const table = compared([side([0.1, 0.2]), side([0.3, 0.7])]);
    const csv = differencesCsv(
      table,
      [
        { label: 'a, first', origin: 'r1' },
        { label: 'b', origin: 'r2' },
      ],
      {
        baseline: 0,
        confidence: 0.95,
      },
    );
    const cell = table.rows[0]!.cells[1]!;
    const { difference, relative, low, high, t, degrees, p } = cell.against!;
    const numbers = [difference, relative, low, high, t, degrees, p].map(String).join(',');
    const [, first, second] = csv.trim().split('\n');
    expect(first).toBe(
      `/flows/f1/drops,count,"a, first",r1,2,${String((0.1 + 0.2) / 2)},${String(table.rows[0]!.cells[0]!.deviation)},,,,,,,,,,,`,
    );
    expect(second).toBe(
      `/flows/f1/drops,count,b,r2,2,0.5,${String(cell.deviation)},"a, first",paired,2,${numbers},0.95`,
    );
  });

  test('rows are found by words, grouped by what they are about, and sorted by size with gaps last', () => {
    const numbers = (values: readonly (readonly [string, number])[]): Side => ({
      own: 0,
      samples: [{ seed: 1, numbers: new Map(values) }],
    });
    const pointers = ['/flows/f1/drops', '/links/l/forward/drops', '/links/l/forward/packets'];
    const { rows } = compared([
      numbers(pointers.map((pointer) => [pointer, 10])),
      numbers([
        [pointers[0]!, 11],
        [pointers[1]!, 2],
      ]),
    ]);
    const wish = { text: '', onlySure: false, grouped: true, closed: new Set(['flows f1']) };
    const byName = { by: 'name', side: 0, descending: false } as const;
    const said = (items: ReturnType<typeof tableItems>): string[] =>
      items.map((item) => (item.kind === 'group' ? `${item.group} ${String(item.count)}` : item.name));
    expect(said(tableItems(rows, { ...wish, sorting: byName }))).toEqual([
      'flows f1 1',
      'links l forward 2',
      'drops',
      'packets',
    ]);
    expect(said(tableItems(rows, { ...wish, text: 'DROPS links', sorting: byName }))).toEqual([
      'links l forward 1',
      'drops',
    ]);
    const bySize = { by: 'relative', side: 1, descending: true } as const;
    expect(said(tableItems(rows, { ...wish, grouped: false, sorting: bySize }))).toEqual([
      pointers[1],
      pointers[0],
      pointers[2],
    ]);
    expect(said(tableItems(rows, { ...wish, grouped: false, onlySure: true, sorting: bySize }))).toEqual([]);
  });
});

describe('scenarios', () => {
  const base = {
    name: 'a',
    seed: 1,
    nodes: [
      { id: 's', kind: 'host', position: { x: 1, y: 2 } },
      { id: 'd', kind: 'host' },
    ],
    links: [{ id: 'l', rate: '1Mbps', loss: { model: 'list', drops: [1, 2] } }],
  };

  test('parameters are named by pointers with ids, whatever the order of lists; names, seeds and places are no difference', () => {
    const other = {
      ...base,
      name: 'b',
      seed: 2,
      nodes: [
        { id: 'd', kind: 'host', kernel: { model: 'pmp' } },
        { id: 's', kind: 'host', position: { x: 9, y: 9 } },
      ],
      links: [
        { id: 'l', rate: '2Mbps', loss: { model: 'list', drops: [1, 3] } },
        { id: 'm', rate: '1Mbps' },
      ],
    };
    expect(parameterDifferences([base, other])).toEqual([
      { pointer: '/nodes/d/kernel/model', values: [undefined, '"pmp"'] },
      { pointer: '/links/l/rate', values: ['"1Mbps"', '"2Mbps"'] },
      { pointer: '/links/l/loss/drops', values: ['[1,2]', '[1,3]'] },
      { pointer: '/links/m', values: [undefined, '{"id":"m","rate":"1Mbps"}'] },
    ]);
    expect(parameterDifferences([base, { ...base, seed: 9 }])).toEqual([]);
  });

  test('runs are called by what differs, if that is short and tells them apart; else by names and seeds', () => {
    const runs = [1, 1].map((seed) => ({ name: 'Server', seed }));
    const model = { pointer: '/nodes/d/kernel/model', values: ['"giant"', '"pmp"'] };
    expect(labelsOf([model], runs)).toEqual(['giant', 'pmp']);
    expect(labelsOf([{ pointer: '/defaults/nic/tso', values: ['true', undefined] }], runs)).toEqual([
      'tso on',
      'tso not set',
    ]);
    expect(
      labelsOf(
        [],
        [
          { name: 'Server', seed: 1 },
          { name: 'Server', seed: 2 },
        ],
      ),
    ).toEqual(['Server, seed 1', 'Server, seed 2']);
    expect(labelsOf([], runs)).toEqual(['A: Server, seed 1', 'B: Server, seed 1']);
  });
});

describe('words', () => {
  test('what differences rest on is said once where it is the same for all runs, else with their letters', () => {
    const paired = { kind: 'paired', pairs: 4 } as const;
    const single = { kind: 'single', sameSeed: true } as const;
    expect(basisText([undefined, paired, paired], 0.99)).toBe(
      'In pairs, by 4 common seeds (common random numbers); 99% Student-t intervals.',
    );
    expect(basisText([undefined, paired, single], 0.95)).toMatch(/^B: In pairs, .* C: Single runs with the same seed/);
  });

  test('replications that all finished need no words; stopped, failed and those never begun are told apart', () => {
    expect(replicatedText({ finished: 4, stopped: 0, failed: 0, left: 0 })).toBeUndefined();
    expect(replicatedText({ finished: 1, stopped: 2, failed: 0, left: 3 })).toBe(
      'Stopped. 1 of 6 replications finished; 2 were ended early: they are in Runs as stopped with what they measured, and not counted here; 3 were not begun.',
    );
    expect(replicatedText({ finished: 3, stopped: 0, failed: 1, left: 0 })).toBe(
      '3 of 4 replications finished; 1 failed; Runs says why.',
    );
  });
});
