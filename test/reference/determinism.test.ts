// The same scenario, seed and version give the same digest; what looks on does not change it. The table of digests is
// a contract with ourselves: a changed row is a changed result and belongs into the change's message.

import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { GALLERY } from '../../core/scenario';
import { World } from '../../core/world';
import { readyDocument, resolved, ROOT, runDocument } from '../worlds';

const TABLE = join(ROOT, 'test/reference/digests.csv');

test.each(GALLERY.map(({ id }) => id))('%s gives the digests of the table, layer by layer', (id) => {
  const summary = runDocument(readyDocument(id));
  const { events, wire, flows, kernel, links } = summary.digestParts;
  const row = [id, String(summary.seed), summary.digest, events, wire, flows, kernel, links].join(',');
  // ODONATA_UPDATE=1 writes rows instead of comparing; remove the old ones and look at the difference.
  if (process.env['ODONATA_UPDATE'] !== undefined) appendFileSync(TABLE, `${row}\n`);
  expect(readFileSync(TABLE, 'utf8').split('\n')).toContain(row);
});

test('another seed gives another run, the same seed the same', () => {
  const digest = (seed: number): string =>
    runDocument(readyDocument('lossy-link'), `/seed=${String(seed)}`, '/duration="5s"').digest;
  expect(digest(1)).toBe(digest(1));
  expect(digest(1)).not.toBe(digest(2));
});

test.each([
  ['dumbbell', '5s'],
  ['producer-consumer', '20ms'],
])('%s: causes, probes, taps, listeners and small steps leave the digest as it is', (id, duration) => {
  const scenario = resolved(readyDocument(id), `/duration="${duration}"`);
  const plain = new World(scenario);
  plain.run(plain.endAt);
  const watched = new World(scenario, { causes: true, packetsMax: 1000, check: true });
  watched.setTap({ packet: () => undefined });
  for (const { name } of watched.probes.match('*/*/*')) watched.listen(name, () => undefined);
  while (!watched.finished) {
    watched.run(watched.endAt, 97);
    watched.settle();
  }
  expect(watched.summary('finished', 1).digest).toBe(plain.summary('finished', 2).digest);
});
