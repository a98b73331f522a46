// A run's folder, made from a short scenario.

import { writeRunFolder } from '../../../core/store';
import type { RunSummary } from '../../../core/measure';
import { pathDocument, resolved } from '../../worlds';
import { World } from '../../../core/world';
import { nanos } from '../../../core/base';

export const WIRE = { ...(pathDocument({ duration: '2s' }) as object), probes: ['flow/*/cwnd', 'link/*/queue'] };

/** Runs a document, to its end or to `stopAtNs`, and writes its folder. */
export function writeRunOf(document: object, folder: string, stopAtNs?: number): RunSummary {
  const world = new World(resolved(document));
  world.run(stopAtNs === undefined ? world.endAt : nanos(stopAtNs), stopAtNs === undefined ? Infinity : 50);
  world.finishSeries();
  const summary = world.summary(stopAtNs === undefined ? 'finished' : 'stopped', 0.5);
  writeRunFolder(folder, { summary, series: world.series, document, programVersion: '0.1.0', command: 'odonata run' });
  return summary;
}
