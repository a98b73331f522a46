// What the set-up scripts share: telling, running, failing with one line. Node built-ins only.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** Says what is being done, on stderr so that stdout stays a command's own. */
export function say(text) {
  process.stderr.write(`odonata: ${text}\n`);
}

/** An error whose message is the one line that a person needs. */
export class SetupError extends Error {}

/** Runs a program to its end; its output goes to stderr. Throws SetupError if it fails. */
export function run(command, args, options = {}) {
  const { what, ...rest } = options;
  const result = spawnSync(command, args, { cwd: ROOT, stdio: ['ignore', 2, 2], ...rest });
  if (result.error !== undefined)
    throw new SetupError(`${what ?? command} could not be started: ${result.error.message}`);
  if (result.status !== 0)
    throw new SetupError(`${what ?? [command, ...args].join(' ')} failed (exit ${String(result.status)})`);
}

/** Runs a program and gives its exit code and output; does not throw. */
export function capture(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: ROOT, encoding: 'utf8', ...options });
  return { code: result.status ?? 1, output: `${result.stdout ?? ''}${result.stderr ?? ''}` };
}

/** Runs a program that stays; resolves with its exit code. */
export function runInteractive(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: 'inherit', ...options });
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(signal === null ? (code ?? 1) : 1));
  });
}

/** The newest modification time of any file below these places, in milliseconds. */
export function newestBelow(places) {
  let newest = 0;
  const visit = (path) => {
    if (!existsSync(path)) return;
    const status = statSync(path);
    if (!status.isDirectory()) {
      newest = Math.max(newest, status.mtimeMs);
      return;
    }
    for (const name of readdirSync(path)) {
      if (name !== 'node_modules') visit(join(path, name));
    }
  };
  for (const place of places) visit(join(ROOT, place));
  return newest;
}

/** Ends a script: one line for errors that people can act on. */
export function main(action) {
  Promise.resolve()
    .then(action)
    .then(
      (code) => process.exit(code ?? 0),
      (error) => {
        process.stderr.write(
          `odonata: ${error instanceof SetupError ? error.message : (error.stack ?? String(error))}\n`,
        );
        process.exit(1);
      },
    );
}
