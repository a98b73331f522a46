// npm test: sets up what is missing, then every check and every test. Ends with one line: N passed, N failed.
// `check`, `unit` and `e2e` run a part; `night` runs the property tests and the fuzzer on twenty times the seeds.

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureCli, ensureWorkbench } from './bundles.mjs';
import { electronRuntime } from './electron-runtime.mjs';
import { checkNode } from './node-version.mjs';
import { ensurePackages } from './packages.mjs';
import { main, ROOT, say } from './steps.mjs';
import { ensureTestPrograms, hasDisplay } from './system.mjs';

const RESULTS = join(ROOT, 'test-results');

/** Static checks: each counts as one. They run two at a time. */
const CHECKS = [
  ['types of core', 'typescript/bin/tsc', ['-p', 'tsconfig.json']],
  ['types of the rest', 'typescript/bin/tsc', ['-p', 'tsconfig.node.json']],
  ['types of the window', 'vue-tsc/bin/vue-tsc.js', ['-p', 'tsconfig.web.json']],
  ['types of the end-to-end tests', 'typescript/bin/tsc', ['-p', 'tsconfig.e2e.json']],
  ['lint', 'eslint/bin/eslint.js', ['.']],
  [
    'import directions',
    'dependency-cruiser/bin/dependency-cruise.mjs',
    ['core', 'electron', 'renderer', '--output-type', 'err'],
  ],
  ['formatting', 'prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.']],
];

const NIGHT_SEEDS = 40_000;

const only = new Set(process.argv.slice(2));
const wants = (part) => only.size === 0 || only.has(part);

main(async () => {
  checkNode();
  ensurePackages();
  rmSync(RESULTS, { recursive: true, force: true });
  mkdirSync(RESULTS, { recursive: true });
  const total = { passed: 0, failed: 0 };
  if (wants('check')) await runChecks(total);
  if (wants('unit') || wants('e2e') || only.has('night')) {
    ensureTestPrograms();
    ensureCli();
  }
  if (wants('unit')) await runVitest(total);
  if (only.has('night'))
    await runVitest(total, ['test/property', '--testTimeout=0'], { ODONATA_SEEDS: String(NIGHT_SEEDS) });
  if (wants('e2e')) await runPlaywright(total);
  process.stdout.write(`${String(total.passed)} passed, ${String(total.failed)} failed\n`);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
});

async function runChecks(total) {
  const waiting = [...CHECKS];
  const worker = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const [name, script, args] = check;
      const { code, output } = await runNode([join(ROOT, 'node_modules', script), ...args]);
      say(`${name}: ${code === 0 ? 'right' : 'WRONG'}`);
      if (code === 0) total.passed += 1;
      else {
        total.failed += 1;
        process.stdout.write(`${output}\n`);
      }
    }
  };
  await Promise.all([worker(), worker()]);
}

function runNode(args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], ...options });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
    child.on('exit', (code) => resolve({ code: code ?? 1, output }));
  });
}

async function runVitest(total, choice = [], variables = {}) {
  say(choice.length === 0 ? 'unit, property, conformance and reference tests' : `tests: ${choice.join(' ')}`);
  const report = join(RESULTS, 'vitest.json');
  const args = ['run', ...choice, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { code } = await runNode([join(ROOT, 'node_modules/vitest/vitest.mjs'), ...args], {
    stdio: ['ignore', 1, 2],
    env: { ...process.env, ...variables },
  });
  const result = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined;
  total.passed += result?.numPassedTests ?? 0;
  total.failed += result?.numFailedTests ?? 0;
  // A file that does not load has no failed test to count.
  if (code !== 0 && (result?.numFailedTests ?? 0) === 0) total.failed += 1;
}

async function runPlaywright(total) {
  say('end-to-end tests in the real window');
  const runtime = await electronRuntime();
  ensureWorkbench();
  const display = hasDisplay() ? undefined : await startXvfb();
  const report = join(RESULTS, 'playwright.json');
  const env = {
    ...process.env,
    ELECTRON_OVERRIDE_DIST_PATH: runtime,
    PLAYWRIGHT_JSON_OUTPUT_NAME: report,
    ...(display === undefined ? {} : { DISPLAY: display.name }),
  };
  const args = [join(ROOT, 'node_modules/playwright/cli.js'), 'test', '--reporter=list,json'];
  const { code } = await runNode(args, { stdio: ['ignore', 1, 2], env });
  display?.stop();
  const stats = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')).stats : undefined;
  total.passed += (stats?.expected ?? 0) + (stats?.flaky ?? 0);
  total.failed += stats?.unexpected ?? 0;
  if (code !== 0 && (stats?.unexpected ?? 0) === 0) total.failed += 1;
}

/** One X server for all windows of the tests, ended by its own process id. */
function startXvfb() {
  return new Promise((resolve, reject) => {
    const child = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1440x900x24', '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    child.on('error', reject);
    child.stdio[3].once('data', (number) => {
      resolve({ name: `:${String(number).trim()}`, stop: () => child.kill() });
    });
  });
}
