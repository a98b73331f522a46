// A packetdrill script in the window: opened, run under a host, its ladder stepped through.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'playwright/test';
import { at } from './hands';
import { launch, type Workbench } from './launch';

const OWN = join(__dirname, '../conformance/packetdrill');

/** Opens a script through the dialog, as a person does. */
async function openScript(bench: Workbench, path: string, button = 'script-open'): Promise<void> {
  await bench.app.evaluate(({ dialog }, file) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [file] });
  }, path);
  await at(bench, button).click();
}

test('a script is opened, passes, is stepped through; a wrong one shows expected against actual', async () => {
  const bench = await launch();
  const path = join(OWN, 'sack/two-losses.pkt');
  await openScript(bench, path, 'start-script');
  await expect(at(bench, 'script-result')).toContainText('Passed');
  const rows = await at(bench, 'ladder-row').count();
  expect(rows).toBeGreaterThan(10);
  await expect(at(bench, 'script-count')).toHaveText(`${rows} / ${rows}`);
  await bench.shot('21-passed');
  await at(bench, 'script-back').click();
  await expect(at(bench, 'script-count')).toHaveText(`${rows - 1} / ${rows}`);
  await bench.page.getByRole('button', { name: 'Start', exact: true }).click();
  await at(bench, 'script-step').click();
  await expect(at(bench, 'script-count')).toHaveText(`1 / ${rows}`);
  await bench.shot('22-first-step');

  const wrong = join(bench.dataFolder, 'wrong.pkt');
  const spoiled = readFileSync(path, 'utf8').replace(/^(.*> \. \d+:\d+\(\d+\) ack )1\b/m, '$12');
  writeFileSync(wrong, spoiled);
  await openScript(bench, wrong);
  await expect(at(bench, 'script-result')).toContainText('Failed');
  await expect(at(bench, 'script-message')).toContainText('expected');
  await bench.shot('23-failed');

  const foreign = join(bench.dataFolder, 'foreign.pkt');
  writeFileSync(foreign, '0.000 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n+0 `iptables -F`\n');
  await openScript(bench, foreign);
  await expect(at(bench, 'script-result')).toContainText('Not supported');
  await expect(at(bench, 'script-message')).toContainText('Line 2');
  await bench.shot('24-unsupported');

  await openScript(bench, path);
  await at(bench, 'script-profile').selectOption('linux');
  await expect(at(bench, 'script-result')).toBeVisible();
  await at(bench, 'theme').click();
  await bench.shot('25-dark');
  await bench.app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.setSize(900, 640);
  });
  await bench.shot('26-narrow');

  // The script had the whole window, for no scenario was open; a double click on its tab shows the other panels again.
  await expect(bench.page.getByText('An empty topology')).not.toBeInViewport();
  await bench.page.locator('.dv-tab', { hasText: 'Scripts' }).dblclick();
  await expect(bench.page.getByText('An empty topology')).toBeInViewport();
  await bench.shot('27-narrow-beside');
  expect(bench.complaints).toEqual([]);
  await bench.close();
});
