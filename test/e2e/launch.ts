// Starts the real workbench for a test: an own folder for its data, console errors and policy violations collected.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron as electron, type ElectronApplication, type Page } from 'playwright';

const ROOT = join(__dirname, '../..');
const SHOTS = join(ROOT, 'test-results/shots');

export interface Workbench {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly dataFolder: string;
  /** Console errors, page errors and content-security-policy violations so far. */
  readonly complaints: string[];
  shot(name: string): Promise<void>;
  close(): Promise<void>;
}

/** @param dataFolder of an earlier start, to begin where it ended */
export async function launch(
  dataFolder = mkdtempSync(join(tmpdir(), 'odonata-e2e-')),
  args: readonly string[] = [],
): Promise<Workbench> {
  const runtime = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (runtime === undefined)
    throw new Error('ELECTRON_OVERRIDE_DIST_PATH is not set; run the tests with npm test or npm run test:e2e');
  const app = await electron.launch({
    executablePath: join(runtime, 'electron'),
    args: [ROOT, '--no-sandbox', '--disable-gpu', `--user-data-dir=${dataFolder}`, ...args],
    cwd: ROOT,
  });
  const page = await app.firstWindow();
  // What cannot be clicked or filled is told by name, before the whole test is over.
  page.setDefaultTimeout(60_000);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.addInitScript(() => {
    window.addEventListener('securitypolicyviolation', (event) => {
      console.error(`policy violation: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  await page.reload();
  await page.locator('[data-test="state"]').waitFor();
  return {
    app,
    page,
    dataFolder,
    complaints,
    async shot(name) {
      mkdirSync(SHOTS, { recursive: true });
      await page.screenshot({ path: join(SHOTS, `${name}.png`) });
    },
    async close() {
      await app.close();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}
