// One question to a process of its own: work that is too heavy, or too foreign, for main.

import { join } from 'node:path';
import { utilityProcess } from 'electron';

/** @returns the answer, or undefined if the process ended without one */
export function askRunner<Answer>(name: string, job: object): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    const process = utilityProcess.fork(join(__dirname, 'runner.cjs'), [], { serviceName: `odonata ${name}` });
    process.once('message', (answer: Answer) => {
      resolve(answer);
      process.kill();
    });
    process.once('exit', () => {
      resolve(undefined);
    });
    process.postMessage(job);
  });
}
