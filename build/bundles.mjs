// The bundles in out/: made again when a source is newer.

import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { newestBelow, ROOT, run, say } from './steps.mjs';

const CLI = {
  output: 'out/cli/odonata.cjs',
  sources: ['core', 'plans', 'scenarios', 'package.json', 'vite.cli.config.mts'],
};
const WORKBENCH = {
  output: 'out/main/index.cjs',
  sources: ['core', 'electron', 'renderer', 'plans', 'scenarios', 'package.json', 'electron.vite.config.mts'],
};

function isStale({ output, sources }) {
  const path = join(ROOT, output);
  return !existsSync(path) || statSync(path).mtimeMs < newestBelow(sources);
}

function tool(name) {
  return join(ROOT, 'node_modules', name, 'bin', `${name}.js`);
}

/** Path of the command line's bundle. */
export function ensureCli() {
  if (isStale(CLI)) {
    say('building the command line');
    run(process.execPath, [tool('vite'), 'build', '--config', 'vite.cli.config.mts', '--logLevel', 'warn'], {
      what: 'building the command line',
    });
  }
  return join(ROOT, CLI.output);
}

export function ensureWorkbench() {
  if (!isStale(WORKBENCH)) return;
  say('building the workbench');
  run(process.execPath, [tool('electron-vite'), 'build', '--logLevel', 'warn'], { what: 'building the workbench' });
}
