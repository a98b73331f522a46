// System libraries that Electron and the tests need, on Linux.

import { existsSync, readFileSync } from 'node:fs';
import { capture, run, say, SetupError } from './steps.mjs';

/** Debian packages, and the library or program by which each is recognised. */
const ELECTRON_NEEDS = [
  { name: 'libgtk-3-0', library: 'libgtk-3.so.0' },
  { name: 'libnss3', library: 'libnss3.so' },
  { name: 'libasound2', library: 'libasound.so.2' },
  { name: 'libgbm1', library: 'libgbm.so.1' },
  { name: 'libxss1', library: 'libXss.so.1' },
  { name: 'libatk-bridge2.0-0', library: 'libatk-bridge-2.0.so.0' },
];
const DISPLAY_NEEDS = [
  { name: 'xvfb', program: 'Xvfb' },
  { name: 'fonts-dejavu-core', file: '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf' },
];
const TEST_NEEDS = [
  { name: 'tshark', program: 'tshark' },
  { name: 'poppler-utils', program: 'pdffonts' },
  { name: 'libxml2-utils', program: 'xmllint' },
];

/** Whether this process could show a window. */
export function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY) || Boolean(process.env.WAYLAND_DISPLAY);
}

/** Libraries for a window. */
export function ensureElectronLibraries() {
  install(missing(ELECTRON_NEEDS), 'libraries for the window', true);
}

/** A display for tests and the programs that check what Odonata writes. The latter are optional elsewhere. */
export function ensureTestPrograms() {
  install(missing([...ELECTRON_NEEDS, ...(hasDisplay() ? [] : DISPLAY_NEEDS)]), 'what a window needs', true);
  install(missing(TEST_NEEDS), 'programs that check the output', false);
}

function missing(needs) {
  if (process.platform !== 'linux') return [];
  const libraries = capture('sh', ['-c', '/sbin/ldconfig -p 2>/dev/null || ldconfig -p']).output;
  return needs.filter(({ library, program, file }) => {
    if (library !== undefined) return !libraries.includes(library);
    if (file !== undefined) return !existsSync(file);
    return capture('sh', ['-c', `command -v ${program}`]).code !== 0;
  });
}

function isDebian() {
  return (
    existsSync('/etc/os-release') && /^ID(_LIKE)?=.*(debian|ubuntu)/mu.test(readFileSync('/etc/os-release', 'utf8'))
  );
}

function install(needs, what, required) {
  if (needs.length === 0) return;
  const names = needs.map(({ name }) => name);
  const asRoot = typeof process.getuid === 'function' && process.getuid() === 0;
  if (!asRoot || !isDebian()) {
    const command = isDebian()
      ? `sudo apt-get install ${names.join(' ')}`
      : `install the packages that hold ${names.join(', ')}`;
    if (required) throw new SetupError(`${what} are missing; type: ${command}`);
    say(`without ${names.join(', ')} some checks are left out; to have them type: ${command}`);
    return;
  }
  say(`installing ${what}: ${names.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['update', '-qq'], { env, what: 'apt-get update' });
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names], { env, what: 'apt-get install' });
}
