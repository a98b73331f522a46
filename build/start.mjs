// npm start: sets up what is missing and opens the workbench; without a display it runs the default scenario.

import { join } from 'node:path';
import { ensureCli, ensureWorkbench } from './bundles.mjs';
import { electronExecutable, electronRuntime } from './electron-runtime.mjs';
import { checkNode } from './node-version.mjs';
import { ensurePackages } from './packages.mjs';
import { main, ROOT, runInteractive, say } from './steps.mjs';
import { ensureElectronLibraries, hasDisplay } from './system.mjs';

const DEFAULT_SCENARIO = join('scenarios', 'dumbbell.json');
const REPORT = join(ROOT, 'runs', 'dumbbell');

main(async () => {
  checkNode();
  ensurePackages();
  if (!hasDisplay()) {
    say('there is no display, so the default scenario runs without a window');
    const code = await runInteractive(process.execPath, [ensureCli(), 'run', DEFAULT_SCENARIO, '--out', REPORT]);
    if (code === 0) say(`the report is in ${REPORT}`);
    return code;
  }
  ensureElectronLibraries();
  const runtime = await electronRuntime();
  ensureCli();
  ensureWorkbench();
  // Chromium refuses to sandbox processes of the superuser.
  const asRoot = typeof process.getuid === 'function' && process.getuid() === 0;
  const args = [ROOT, ...(asRoot ? ['--no-sandbox'] : []), ...process.argv.slice(2)];
  return runInteractive(electronExecutable(runtime), args);
});
