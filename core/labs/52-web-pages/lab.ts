// Experiment 52 (tcp.md §19 E3): what a larger initial window does to web pages that share a T1 with file transfers.

import { between } from '../checks';
import type { Lab, LabChart, Point, Setting } from '../lab';
import { inUnits, type Reference } from '../reference';
import type { Table } from '../table';
import { browse, type Browsed } from './pages';

const WINDOWS = [1, 2, 3, 4] as const;
const CHART: LabChart = { x: 'window', y: 'less', lines: ['webs'], where: { ftps: 1 } };

/** RFC 2415, table 1: by clients and file transfers, by what windows of 2, 3 and 4 segments shorten the median page. */
const PUBLISHED: readonly (readonly [webs: number, ftps: number, less: readonly number[]])[] = [
  [8, 0, [0.143, 0.179, 0.161]],
  [8, 1, [0.189, 0.255, 0.321]],
  [8, 2, [0.161, 0.171, 0.289]],
  [8, 3, [0.119, 0.19, 0.27]],
  [16, 0, [0.11, 0.156, 0.188]],
  [16, 1, [0.173, 0.24, 0.356]],
  [16, 2, [0.172, 0.205, 0.254]],
  [16, 3, [0.107, 0.214, 0.221]],
  [32, 0, [0.176, 0.286, 0.21]],
  [32, 1, [0.196, 0.25, 0.261]],
  [32, 2, [0.238, 0.35, 0.336]],
  [32, 3, [0.192, 0.295, 0.333]],
];
/** tcp.md §19 E3: 8 points on reductions. */
const POINTS = 0.08;
/** All but what the RFC calls pathological: three transfers at once, and 32 clients with any. */
const ordinary = (webs: number, ftps: number): boolean => ftps < 3 && (webs < 32 || ftps === 0);

function reference(table: Table): Reference[] {
  const shown = PUBLISHED.filter(([webs, ftps]) => ftps === CHART.where!['ftps'] && table.where({ webs }).length > 0);
  return shown.map(([webs, , less]) => ({
    label: 'RFC 2415',
    source:
      'Poduri and Nichols, RFC 2415, table 1, one file transfer; ± 8 points (tcp.md §19 E3), for the RFC does not print its sizes of files',
    kind: 'points',
    line: { webs },
    samples: less.map((y, index) => ({ x: WINDOWS[index + 1]!, y })),
    tolerance: inUnits(POINTS),
  }));
}

/** The run with one segment is what three others are held against. */
const known = new Map<string, Browsed>();

function browsed({ webs, ftps }: Point, initialWindow: number, { seed, quick }: Setting): Browsed {
  const key = [webs, ftps, initialWindow, seed, quick].join('/');
  const before = known.get(key);
  if (before !== undefined) return before;
  const seconds = quick ? 180 : 360;
  const result = browse({ webs: Number(webs), ftps: Number(ftps), initialWindow, seed, seconds });
  known.set(key, result);
  return result;
}

export const webPages: Lab = {
  id: '52-web-pages',
  experiment: 52,
  title: 'Web pages with a larger initial window, beside file transfers',
  slide: 'TCP enhancements: larger initial window',
  topics: ['TCP start', 'TCP loss recovery'],
  mechanisms: ['initial window', 'slow start', 'drop-tail queue'],
  question: 'Do larger initial windows still pay when all use them on a busy link?',
  expected:
    'Pages come sooner, by a sixth with two segments and a quarter with four; more packets are dropped, by a few in a thousand up to some in a hundred.',
  sources: [
    'Poduri, Nichols, Simulation Studies of Increased Initial TCP Window Size, RFC 2415, 1998',
    'Crovella, Bestavros, Explaining World Wide Web Traffic Self-Similarity, 1995: sizes of files have a Pareto tail',
  ],
  lookFor:
    'How little is left of it under load: with 32 clients pages gain 5 to 15% here, where the RFC prints 18 to 35%, and calls those beside file transfers pathological. The drops that it saw fall there, from 9.3 to 7.6%, rise here.',
  factors: [
    { name: 'webs', label: 'Web clients', unit: '1', levels: [8, 16, 32], quick: [8, 16] },
    { name: 'ftps', label: 'File transfers', unit: '1', levels: [0, 1, 2, 3], quick: [0, 1, 2] },
    { name: 'window', label: 'Segments at first', unit: '1', levels: WINDOWS },
  ],
  measures: [
    { name: 'less', label: 'Shorter median page than with one segment', unit: '1' },
    { name: 'delay', label: 'Median time of a page', unit: 'ns' },
    { name: 'drops', label: 'Packets dropped', unit: '1' },
    { name: 'utilisation', label: 'Use of the link', unit: '1' },
    { name: 'pages', label: 'Pages', unit: 'count' },
  ],
  inTypeScript: {
    all: true,
    what: 'Its browsers and servers are programs in TypeScript on the hosts of a network; no scenario file says what they do.',
  },
  replications: { full: 3, quick: 1 },
  chart: CHART,
  reference,

  measure(point, setting) {
    const { delayNs, dropShare, utilisation, pages } = browsed(point, Number(point['window']), setting);
    const one = browsed(point, 1, setting);
    return { less: 1 - delayNs / one.delayNs, delay: delayNs, drops: dropShare, utilisation, pages };
  },

  checks(table) {
    const loads = PUBLISHED.filter(([webs, ftps]) => ordinary(webs, ftps) && table.where({ webs, ftps }).length > 0);
    const meanOver = (read: (load: (typeof loads)[number]) => number): number =>
      loads.reduce((sum, load) => sum + read(load), 0) / loads.length;
    return [
      ...WINDOWS.slice(1).map((window, index) => {
        const published = meanOver(([, , less]) => less[index]!);
        const measured = meanOver(([webs, ftps]) => table.at('less', { webs, ftps, window }));
        return between(
          `page shorter with ${String(window)} segments, mean of the loads that are no overload (published ${published.toFixed(3)})`,
          measured,
          published - POINTS,
          published + POINTS,
        );
      }),
      ...loads.map(([webs, ftps]) =>
        between(
          `pages are shorter with three segments, ${String(webs)} clients, file transfers: ${String(ftps)}`,
          table.at('less', { webs, ftps, window: 3 }),
          0,
          1,
        ),
      ),
      ...loads.map(([webs, ftps]) =>
        between(
          `drops: four segments less one, ${String(webs)} clients, file transfers: ${String(ftps)}`,
          table.at('drops', { webs, ftps, window: 4 }) - table.at('drops', { webs, ftps, window: 1 }),
          0,
          1,
        ),
      ),
    ];
  },
};
