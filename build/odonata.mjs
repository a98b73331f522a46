#!/usr/bin/env node
// The package's bin: `npx odonata …` in a checkout. Builds the command line if it is missing or older than its
// sources, then becomes it.

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ensureCli } from './bundles.mjs';
import { ROOT, say, SetupError } from './steps.mjs';

try {
  if (!existsSync(join(ROOT, 'node_modules', 'vite')))
    throw new SetupError('packages are missing; type: npm run setup');
  createRequire(import.meta.url)(ensureCli());
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  say(error.message);
  process.exit(1);
}
