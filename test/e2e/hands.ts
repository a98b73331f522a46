// What a person does in the window, for all tests of it: finds things, answers dialogs, calls the menu, resizes.

import type { Locator } from 'playwright';
import { expect } from 'playwright/test';
import type { Workbench } from './launch';

export function at(bench: Workbench, name: string): Locator {
  return bench.page.locator(`[data-test="${name}"]`);
}

/** The text field of a form with this label, whatever problem is told after it. The button beside it has the label in its name, too. */
export function field(bench: Workbench, label: string): Locator {
  return bench.page.getByRole('textbox', { name: new RegExp(`^${label}`) });
}

/** Types into a field of a form, and enters it. */
export async function enter(bench: Workbench, label: string, value: string): Promise<void> {
  await field(bench, label).fill(value);
  await field(bench, label).press('Enter');
}

/** Clicks the first link of the drawing, again if the drawing was just being fitted into its panel and the click missed. */
export async function pickFirstLink(bench: Workbench): Promise<void> {
  const link = bench.page.locator('.vue-flow__edge').first();
  await expect(async () => {
    await link.click({ force: true, timeout: 2000 });
    await expect(bench.page.getByRole('heading', { name: 'Link', exact: true })).toBeVisible({ timeout: 2000 });
  }).toPass({ timeout: 30_000 });
}

/** The next file dialogs to save answer with this path. */
export async function answerSave(bench: Workbench, path: string): Promise<void> {
  await bench.app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, path);
}

/** The next file dialogs to open answer with this path. */
export async function answerOpen(bench: Workbench, path: string): Promise<void> {
  await bench.app.evaluate(({ dialog }, file) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [file] });
  }, path);
}

export async function resize(bench: Workbench, width: number, height: number): Promise<void> {
  await bench.app.evaluate(
    ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setSize(size[0]!, size[1]!),
    [width, height],
  );
}

/** Carries out a command of the menu, such as `panel.runs`. */
export async function command(bench: Workbench, name: string): Promise<void> {
  await bench.app.evaluate(({ BrowserWindow }, id) => {
    BrowserWindow.getAllWindows()[0]?.webContents.send('odonata.event', 'menu.command', { command: id });
  }, name);
}
