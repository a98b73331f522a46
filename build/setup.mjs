// npm run setup: everything that running and testing needs, nothing that is there already.

import { ensureCli, ensureWorkbench } from './bundles.mjs';
import { electronRuntime } from './electron-runtime.mjs';
import { checkNode } from './node-version.mjs';
import { ensurePackages } from './packages.mjs';
import { main, say } from './steps.mjs';
import { ensureElectronLibraries } from './system.mjs';

main(async () => {
  checkNode();
  ensurePackages();
  ensureElectronLibraries();
  await electronRuntime();
  ensureCli();
  ensureWorkbench();
  say('ready');
});
