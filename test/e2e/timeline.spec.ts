// A machine in the real window: a kernel program runs, its CPUs are seen, and one slice is followed to its cause.

import { expect, test } from 'playwright/test';
import { at } from './hands';
import { launch } from './launch';

test('a kernel program on a timeline: zoom, follow a cause, tables, busy CPUs', async () => {
  const bench = await launch();
  const { page } = bench;
  await at(bench, 'gallery-producer-consumer').click();
  await page.getByText('Timeline', { exact: true }).click();
  await expect(page.getByRole('heading', { name: 'No CPUs to show' })).toBeVisible();
  await bench.shot('t1-empty');
  await at(bench, 'run').click();
  await expect(at(bench, 'state')).toHaveText('Finished');
  await bench.shot('t2-charts');
  await page.getByText('Timeline', { exact: true }).dblclick();
  const canvas = at(bench, 'timeline').locator('canvas');
  await expect(canvas).toBeVisible();
  await bench.shot('t3-all');
  const box = (await canvas.boundingBox())!;
  for (let i = 0; i < 24; i += 1) {
    await page.mouse.move(box.x + box.width / 2, box.y + 60);
    await page.mouse.wheel(0, -100);
  }
  await bench.shot('t4-zoomed');
  await page.mouse.click(box.x + box.width / 2, box.y + 53);
  await expect(at(bench, 'timeline').getByText('because')).toBeVisible();
  await bench.shot('t5-chosen');
  const before = await at(bench, 'timeline').locator('.details b').innerText();
  await at(bench, 'cause').first().click();
  await expect(at(bench, 'timeline').locator('.details b')).not.toHaveText(before);
  await page.keyboard.down('Shift');
  await page.mouse.move(box.x + 400, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(box.x + 700, box.y + 60, { steps: 4 });
  await page.mouse.up();
  await page.keyboard.up('Shift');
  await expect(at(bench, 'timeline').locator('.details .share').first()).toBeVisible();
  await page.getByLabel('Find a thread').fill('consumer');
  await page.getByLabel('Find a thread').press('Enter');
  await bench.shot('t6-found');
  await at(bench, 'theme').click();
  await bench.shot('t7-dark');
  await at(bench, 'theme').click();
  await page.getByText('Timeline', { exact: true }).dblclick();
  await page.getByText('Machines', { exact: true }).click();
  await expect(at(bench, 'machines').getByRole('cell', { name: 'producer.1' })).toBeVisible();
  await bench.shot('t8-machines');
  await page.locator('.vue-flow__node').first().click();
  await expect(page.getByRole('heading', { name: 'Machine' })).toBeVisible();
  await bench.shot('t9-inspector');
  await bench.app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.setSize(900, 640);
  });
  await page.getByText('Timeline', { exact: true }).click();
  await bench.shot('t10-narrow');
  expect(bench.complaints).toEqual([]);
  await bench.close();
});
