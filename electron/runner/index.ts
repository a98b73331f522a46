// runner: the process a run lives in, one world at a time; also conducts experiments (their workers are another program, experiment-worker.ts), judges plans,
// imports captures, packs and unpacks bundles, and runs scripts, so that main never does heavy work.
// Realises architecture.md §3 (a person presses Run, rows 5 to 7 and 10).

import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { formatProblem } from '../../core/base';
import { captureToScenario, readCapture } from '../../core/capture';
import { drill, type ProfileName } from '../../core/packetdrill';
import { type BundleJob, carryOut } from './bundle';
import type { LabsJob } from './labs';
import { Conductor, type ConductorOrder } from './conduct';
import { judgePlan } from './judge-plan';
import { RunProcess, type RunSetting } from './run';

type Job =
  | ({ readonly type: 'run' } & RunSetting)
  | { readonly type: 'import'; readonly path: string }
  | BundleJob
  | LabsJob
  | Extract<ConductorOrder, { type: 'conduct' }>
  | { readonly type: 'judge'; readonly id: number; readonly plan: string }
  | { readonly type: 'drill'; readonly text: string; readonly profile: ProfileName | 'auto' };

/** What `labs.ts` does. */
const LABS_JOBS: ReadonlySet<string> = new Set<LabsJob['type']>([
  'catalogue',
  'lab',
  'lab-scenarios',
  'mark',
  'course',
]);

process.parentPort.once('message', ({ data, ports }) => {
  const job = data as Job;
  if (LABS_JOBS.has(job.type)) {
    // Labs are the largest part of the program, and most runs need none of them.
    void import('./labs').then(({ serveLabs }) => {
      serveLabs(job as LabsJob, (report) => {
        process.parentPort.postMessage(report);
      });
    });
    return;
  }
  if (job.type === 'import') {
    process.parentPort.postMessage(importCapture(job.path));
    return;
  }
  if (job.type === 'pack' || job.type === 'unpack') {
    void carryOut(job).then((report) => {
      process.parentPort.postMessage(report);
    });
    return;
  }
  if (job.type === 'drill') {
    process.parentPort.postMessage(drill(job.text, job.profile));
    return;
  }
  if (job.type === 'judge') {
    const answer = ({ id, plan }: { id: number; plan: string }): void => {
      process.parentPort.postMessage({ id, judgement: judgePlan(plan) });
    };
    process.parentPort.on('message', (message) => {
      answer(message.data as { id: number; plan: string });
    });
    answer(job);
    return;
  }
  if (job.type === 'conduct') {
    conduct(job, ports[0]);
    return;
  }
  const [port] = ports;
  if (job.type !== 'run') return;
  if (port === undefined && job.watched) throw new Error('a run needs a port to the window');
  const run = new RunProcess(job, port, (report) => {
    process.parentPort.postMessage(report);
    // Main ends this process; messages that are on their way still arrive.
    setTimeout(() => process.exit(0), 2000);
  });
  process.parentPort.on('message', ({ data: order }) => {
    if ((order as { type?: string }).type === 'stop') run.stop();
  });
});

function conduct(job: Extract<ConductorOrder, { type: 'conduct' }>, port: Electron.MessagePortMain | undefined): void {
  const conductor = new Conductor(job.folder, job.size, (report) => {
    process.parentPort.postMessage(report);
  });
  process.parentPort.on('message', ({ data, ports }) => {
    conductor.heard(data as ConductorOrder, ports[0]);
  });
  if (port !== undefined) conductor.attach(port);
  if (job.begin) conductor.want();
}

function importCapture(path: string): unknown {
  const imported = captureToScenario(readCapture(readFileSync(path), basename(path)), basename(path), basename(path));
  if (!imported.ok) return { type: 'refused', reason: imported.problems.map(formatProblem).join('\n') };
  const { scenario, report } = imported.value;
  return {
    type: 'imported',
    text: `${JSON.stringify(scenario, undefined, 2)}\n`,
    report: [...report, ...imported.problems.map(formatProblem)],
  };
}
