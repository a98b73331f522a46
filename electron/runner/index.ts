// runner: the process a run lives in, one world at a time; also imports captures, packs
// and unpacks bundles, and runs scripts, so that main never does heavy work.
// Realises architecture.md §3 (a person presses Run, rows 5 to 7 and 10).

import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { formatProblem } from '../../core/base';
import { captureToScenario, readCapture } from '../../core/capture';
import { drill, type ProfileName } from '../../core/packetdrill';
import { type BundleJob, carryOut } from './bundle';
import { RunProcess, type RunSetting } from './run';

type Job =
  | ({ readonly type: 'run' } & RunSetting)
  | { readonly type: 'import'; readonly path: string }
  | BundleJob
  | { readonly type: 'drill'; readonly text: string; readonly profile: ProfileName | 'auto' };

process.parentPort.once('message', ({ data, ports }) => {
  const job = data as Job;
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
  const [port] = ports;
  if (port === undefined && job.watched) throw new Error('a run needs a port to the window');
  new RunProcess(job, port, (report) => {
    process.parentPort.postMessage(report);
    // Main ends this process; messages that are on their way still arrive.
    setTimeout(() => process.exit(0), 2000);
  });
});

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
