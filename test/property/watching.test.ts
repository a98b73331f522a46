// Watching a run changes nothing that it records: its series come out the same, however it is stepped and looked at.
// What the window does to a run (slices, listeners, looks at the links) is done here at odd places. This holds for flows;
// what links and CPUs do between events is sampled when somebody looks.

import { expect, test } from 'vitest';
import { nanos } from '../../core/base';
import { writeSeriesCsv } from '../../core/export';
import { World } from '../../core/world';
import { readyDocument, resolved } from '../worlds';

function flowRows(world: World): string[] {
  world.finishSeries();
  let text = '';
  writeSeriesCsv(world.series, (part) => {
    text += part;
  });
  return text.split('\n').filter((row) => row.includes(',flow/'));
}

test.each(['dumbbell', 'lossy-link', 'asymmetric'])(
  '%s records the same series and summary whether it is watched or not',
  (name) => {
    const scenario = resolved(readyDocument(name));
    const alone = new World(scenario);
    alone.run(alone.endAt);
    const lines = flowRows(alone);
    for (const [stepNs, eventsMax] of [
      [7_000_003, 997],
      [150_000_000, Infinity],
    ] as const) {
      const watched = new World(scenario);
      for (const probe of watched.probes.match('*/*/*throughput')) watched.listen(probe.name, () => undefined);
      const links = new Float64Array(6 * watched.links.length);
      for (let untilNs = stepNs; !watched.finished;) {
        if (watched.run(nanos(Math.min(untilNs, watched.endAt)), eventsMax) < eventsMax) untilNs += stepNs;
        watched.settle();
        watched.linkState(links);
      }
      const rows = flowRows(watched);
      expect(rows.filter((row, index) => row !== lines[index]).slice(0, 5)).toEqual([]);
      expect(watched.summary('finished', 0)).toEqual(alone.summary('finished', 0));
    }
  },
);
