// A process for kill.test: keeps runs in a store as fast as it can, and tells of each when the store says that it is kept.

import { writeSync } from 'node:fs';
import { expandPlan } from '../../../core/experiment';
import { ExperimentStore, writeExperimentFolder } from '../../../core/store';
import { summarisePlan } from '../../../core/experiment';
import { doneRun, finished, planOf } from '../../plans';

const folder = process.argv[2]!;
const plan = planOf({ replications: 400 });
const store = new ExperimentStore(folder);
if (store.origin() === undefined)
  store.begin(plan, { plan: JSON.stringify(plan.document), programVersion: '0' }, { index: 1, of: 1 });
const before = new Set(store.runs().map(({ point, replication }) => `p${String(point)}r${String(replication)}`));
writeSync(1, 'open\n');
for (const job of expandPlan(plan)) {
  if (before.has(job.id)) continue;
  store.add(doneRun(job, finished(job.seed / 7, job.replication)));
  writeSync(1, `${job.id}\n`);
  if (job.point.number === 6 && job.replication % 10 === 0)
    writeExperimentFolder(folder, {
      plan,
      summary: summarisePlan(plan, store.runs()),
      programVersion: '0',
      command: '',
    });
}
store.close();
