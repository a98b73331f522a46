import { test } from 'playwright/test';
import { launch } from './launch';

test('look', async () => {
  const bench = await launch();
  await bench.shot('start');
  await bench.page.getByTestId('x').count();
  await bench.page.locator('[data-test="gallery-dumbbell"]').click();
  await bench.page.waitForTimeout(800);
  await bench.shot('topology');
  await bench.page.locator('[data-test="run"]').click();
  await bench.page.waitForTimeout(2500);
  await bench.shot('run');
  console.log(bench.complaints.slice(0, 10));
  await bench.close();
});
