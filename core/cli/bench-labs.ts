// What labs cost: the table of core/labs/costs.ts, in CPU time of this process. Each point of the full plan is run once, and counts as
// often as the plan repeats it.

import { expandPlan } from '../experiment';
import { type Lab, type LabCost, labPoint, LABS, labStudy, pointsOf, worldOfScenario } from '../labs';

/** First measurements are timed together until they took so long, so that a forecast from them is steady. */
const FIRST_SECONDS = 0.5;

export function benchLabs(wanted: readonly string[]): Record<string, LabCost> {
  const labs = wanted.length === 0 ? LABS : LABS.filter(({ id }) => wanted.some((start) => id.startsWith(start)));
  return Object.fromEntries(labs.map((lab) => [lab.id, costOf(lab)]));
}

function costOf(lab: Lab): LabCost {
  const quickSeconds = pointsOf(lab, true).reduce(
    (sum, point) =>
      sum +
      lab.replications.quick * seconds(() => lab.measure(point, { seed: 1, quick: true, world: worldOfScenario })),
    0,
  );
  const study = labStudy(lab, false);
  // A run measures its points in this order.
  const each = expandPlan(study)
    .slice(0, study.points.length)
    .map(({ point }) =>
      seconds(() => lab.measure(labPoint(study, point), { seed: 1, quick: false, world: worldOfScenario })),
    );
  let measurements = 0;
  let firstSeconds = 0;
  while (measurements < each.length && firstSeconds < FIRST_SECONDS) {
    firstSeconds += each[measurements]!;
    measurements += 1;
  }
  return {
    quickSeconds: rounded(quickSeconds),
    fullSeconds: rounded(each.reduce((sum, one) => sum + one * study.replications, 0)),
    first: { measurements, seconds: rounded(firstSeconds) },
  };
}

function seconds(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

function rounded(value: number): number {
  return Number(value.toPrecision(2));
}
