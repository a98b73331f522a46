// Experiment 47 (tcp.md §19 E5): Fall and Floyd's comparison of Tahoe, Reno, NewReno and SACK after one to four drops.

import { between, type Check, exactly, shown } from '../checks';
import type { Lab } from '../lab';
import { type Reference, share } from '../reference';
import type { Table } from '../table';
import { afterDrops, deviation, NS2, PUBLISHED, toleranceOf, type Variant, VARIANTS } from './drops';

const DROP_COUNTS = [1, 2, 3, 4];
const NAMES: Readonly<Record<Variant, string>> = { tahoe: 'Tahoe', reno: 'Reno', newreno: 'NewReno', sack: 'SACK' };

function variantOf(name: unknown): Variant {
  return VARIANTS.find((variant) => NAMES[variant] === name)!;
}

function figures(label: string, source: string, of: Readonly<Record<Variant, readonly number[]>>): Reference[] {
  return VARIANTS.map((variant) => ({
    label,
    source,
    kind: 'points',
    line: { variant: NAMES[variant] },
    samples: DROP_COUNTS.map((x) => ({ x, y: of[variant][x - 1]! })),
    tolerance: share(0.05),
  }));
}

const REFERENCE: readonly Reference[] = [
  ...figures(
    'Published table',
    'tcp.md §19 E5: highest ACK in a reproduction with ns-2.35; ± 5% of it or of our ns-2',
    PUBLISHED,
  ),
  ...figures('ns-2.35', 'ns-2.35 of Debian, run for this lab (test/reference/ns2/fall-floyd.tcl)', NS2),
];

/** Near either of the two figures. */
function agrees(table: Table, variant: Variant): Check {
  const measured = DROP_COUNTS.map((drops) => table.at('acked', { variant: NAMES[variant], drops }));
  return {
    name: `${NAMES[variant]}: highest ACK after 1 to 4 drops`,
    measured: measured.map(shown).join(', '),
    expected: DROP_COUNTS.map(
      (drops) => `${String(PUBLISHED[variant][drops - 1])} or ${String(NS2[variant][drops - 1])}`,
    ).join(', '),
    tolerance: `± ${DROP_COUNTS.map((drops) => shown(Number((100 * toleranceOf(variant, drops)).toPrecision(4)))).join(', ')}%`,
    pass: DROP_COUNTS.every(
      (drops, index) => deviation(variant, drops, measured[index]!) < toleranceOf(variant, drops),
    ),
  };
}

export const fallFloyd: Lab = {
  id: '47-fall-floyd',
  experiment: 47,
  title: 'Tahoe, Reno, NewReno, SACK',
  slide: 'TCP enhancements: NewReno',
  topics: ['TCP loss recovery'],
  mechanisms: ['Tahoe', 'Reno', 'NewReno', 'SACK', 'RTO'],
  question: 'How far does each variant get after one to four drops of one window?',
  expected:
    'With one drop all but Tahoe are equal. From two on Reno waits for its timer; NewReno falls with each drop, a round trip for each; SACK hardly does.',
  sources: [
    'Fall and Floyd, Simulation-based Comparisons of Tahoe, Reno, and SACK TCP, ACM CCR 26(3), 1996',
    'tcp.md §19 E5; ns-2.35',
  ],
  lookFor: 'With two drops NewReno is ahead of SACK: both take two round trips, and SACK’s window is the smaller one.',
  factors: [
    { name: 'variant', label: 'Variant', levels: VARIANTS.map((variant) => NAMES[variant]) },
    { name: 'drops', label: 'Drops', unit: '1', levels: DROP_COUNTS },
  ],
  measures: [
    { name: 'acked', label: 'Highest ACK after 5 s', unit: 'segments' },
    { name: 'timeouts', label: 'Timeouts', unit: 'count' },
    { name: 'again', label: 'Segments sent again', unit: 'count' },
  ],
  replications: { full: 1, quick: 1 },
  chart: { x: 'drops', y: 'acked', lines: ['variant'] },
  reference: () => REFERENCE,

  measure({ variant, drops }, { world }) {
    const { highestAck, timeouts, retransmits } = afterDrops(variantOf(variant), Number(drops), world);
    return { acked: highestAck, timeouts, again: retransmits };
  },

  checks(table) {
    const acked = (variant: Variant, drops: number): number => table.at('acked', { variant: NAMES[variant], drops });
    const most = (variant: Variant): number =>
      Math.max(...table.over('timeouts', 'drops', { variant: NAMES[variant] }).map(({ y }) => y));
    return [
      ...VARIANTS.map((variant) => agrees(table, variant)),
      exactly('one drop: Reno like NewReno', acked('reno', 1), acked('newreno', 1)),
      ...[3, 4].map((drops) =>
        between(
          `${String(drops)} drops: SACK before NewReno before Tahoe before Reno, least distance`,
          Math.min(
            acked('sack', drops) - acked('newreno', drops),
            acked('newreno', drops) - acked('tahoe', drops),
            acked('tahoe', drops) - acked('reno', drops),
          ),
          1,
          Infinity,
        ),
      ),
      exactly('timeouts, NewReno', most('newreno'), 0),
      exactly('timeouts, SACK', most('sack'), 0),
      exactly('timeouts, Reno, four drops', table.at('timeouts', { variant: NAMES.reno, drops: 4 }), 1),
    ];
  },
};
