// A display for machines without one. One X server for everything, ended by its own process id.

import { spawn } from 'node:child_process';
import { SetupError } from './steps.mjs';

const START_LIMIT_MS = 15_000;

/**
 * Starts Xvfb on a free display.
 * @returns {Promise<{ name: string, stop: () => void }>} its name for DISPLAY, and what ends it
 */
export function startXvfb() {
  return new Promise((resolve, reject) => {
    const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1440x900x24', '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    const stop = () => {
      server.kill();
    };
    const fail = (why) => {
      clearTimeout(limit);
      stop();
      reject(new SetupError(`Xvfb, the display for tests, did not start: ${why}`));
    };
    const limit = setTimeout(() => fail('no answer'), START_LIMIT_MS);
    server.once('error', (error) => fail(error.message));
    server.once('exit', (code) => fail(`exit ${String(code)}`));
    server.stdio[3].once('data', (number) => {
      clearTimeout(limit);
      server.removeAllListeners('exit');
      // Whatever ends us ends the display.
      process.once('exit', stop);
      resolve({ name: `:${String(number).trim()}`, stop });
    });
  });
}
