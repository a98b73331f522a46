// npm packages: installed when they are missing or do not match the lock file.

import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, run, say } from './steps.mjs';

const NPM = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** Installs the packages of a folder exactly as its lock file says; nothing to do when they are there. */
export function ensurePackages(folder = ROOT, what = 'npm packages') {
  const lock = createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .digest('hex');
  const stamp = join(folder, 'node_modules', '.odonata-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  say(`installing ${what} (npm ci)`);
  run(NPM, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    what: 'npm ci',
    shell: process.platform === 'win32',
  });
  writeFileSync(stamp, lock);
}
