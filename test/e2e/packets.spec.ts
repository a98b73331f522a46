// Packets in the real window: a run is filtered, a retransmission is asked why, its story is followed to the other host, and the
// ladder and the time-sequence graph show the same packet.

import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'playwright/test';
import { at, command, enter, resize } from './hands';
import { launch, type Workbench } from './launch';

const tab = (bench: Workbench, title: string) => bench.page.locator('.dv-tab', { hasText: title });

async function numberIn(bench: Workbench, name: string): Promise<number> {
  const text = await at(bench, name).innerText();
  return Number(/^[\d,]+/.exec(text)?.[0].replaceAll(',', ''));
}

test('dumbbell: filter, a retransmission’s story over both hosts, ladder, time-sequence graph', async () => {
  const bench = await launch();
  const { page } = bench;
  await at(bench, 'gallery-dumbbell').click();
  await tab(bench, 'Packets').click();
  await expect(page.getByRole('heading', { name: 'No run yet' })).toBeVisible();
  await bench.shot('p1-empty');
  await at(bench, 'run').click();
  await expect(at(bench, 'state')).toHaveText('Finished', { timeout: 30_000 });
  await tab(bench, 'Packets').click();
  await expect.poll(() => numberIn(bench, 'packet-count')).toBeGreaterThan(30_000);
  const all = await numberIn(bench, 'packet-count');
  await bench.shot('p2-docked');
  await tab(bench, 'Packets').dblclick();
  await bench.shot('p3-full');

  // A wrong filter says where, what and what would be right, and keeps the list.
  const filter = at(bench, 'packet-filter');
  await filter.fill('flow == f9 and drop');
  await expect(at(bench, 'filter-problem')).toContainText('there is no flow “f9” in this run');
  await expect(at(bench, 'filter-problem')).toContainText('flow == f1');
  expect(await numberIn(bench, 'packet-count')).toBe(all);
  await bench.shot('p4-wrong-filter');

  // Completion by keyboard.
  await filter.fill('flow == ');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(filter).toHaveValue('flow == f1 ');
  await filter.pressSequentially('and retr');
  await bench.shot('p5-completion');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(filter).toHaveValue('flow == f1 and retransmit ');
  await expect.poll(() => numberIn(bench, 'packet-count')).toBeLessThan(all / 10);

  // The story of a retransmission: the lost copy, the queue, the ACK, and the other host.
  await at(bench, 'packet-row').first().click();
  const back = at(bench, 'story-back');
  await expect(back).toContainText('s1 sent a segment again');
  await expect(back).toContainText('It was dropped: the queue was full');
  await expect(back).toContainText(/\d+ packets stood in that queue: .*f\d/);
  await expect(back).toContainText(/s1 took it in: ACK/);
  await expect(back).toContainText(/d1 (sent a duplicate ACK|acknowledged)/);
  await expect(at(bench, 'story-on')).not.toBeEmpty();
  await bench.shot('p6-story');
  const steps = await at(bench, 'story-step').count();
  await at(bench, 'story-more').click();
  await expect.poll(() => at(bench, 'story-step').count()).toBeGreaterThan(steps);

  // The step about the lost copy leads to that packet.
  await back
    .getByRole('button', { name: /These bytes had been in packet/ })
    .first()
    .click();
  await expect(at(bench, 'story').locator('header')).toContainText('dropped: queue full');
  await expect(at(bench, 'story-on')).toContainText('Its bytes were sent again');
  await filter.fill('');
  await expect(page.locator('[data-test="packet-row"].chosen')).toBeVisible();
  await bench.shot('p7-lost');

  await at(bench, 'view-ladder').click();
  await expect(at(bench, 'ladder-nodes')).toContainText('s1, r1, r2, d1');
  await bench.shot('p8-ladder-all');
  await filter.fill('flow f1');
  await page.waitForTimeout(300);
  await bench.shot('p9-ladder');
  await at(bench, 'view-sequence').click();
  await page.waitForTimeout(400);
  await bench.shot('p10-sequence');
  const canvas = at(bench, 'sequence').locator('canvas');
  const box = (await canvas.boundingBox())!;
  for (let i = 0; i < 14; i += 1) {
    await page.mouse.move(box.x + box.width * 0.2, box.y + box.height / 2);
    await page.mouse.wheel(0, -100);
  }
  await bench.shot('p11-sequence-near');
  await at(bench, 'theme').click();
  await bench.shot('p12-dark');
  await at(bench, 'view-ladder').click();
  await page.waitForTimeout(200);
  await bench.shot('p13-dark-ladder');
  await at(bench, 'filter-help').click();
  await bench.shot('p14-help');
  await page.keyboard.press('Escape');
  await tab(bench, 'Packets').dblclick();
  await bench.app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.setSize(900, 640);
  });
  await at(bench, 'view-why').click();
  await tab(bench, 'Packets').dblclick();
  await bench.shot('p15-narrow');
  expect(bench.complaints).toEqual([]);
  await bench.close();
});

test('segment-life: a frame’s story names CPU and thread, and leads into the timeline and back', async () => {
  const bench = await launch();
  await at(bench, 'gallery-segment-life').click();
  await at(bench, 'run').click();
  await expect(at(bench, 'state')).toHaveText('Finished', { timeout: 30_000 });
  await tab(bench, 'Packets').click();
  await tab(bench, 'Packets').dblclick();
  await at(bench, 'packet-filter').fill('src writer and data and flow file');
  await at(bench, 'packet-row').first().click();
  const back = at(bench, 'story-back');
  await expect(back).toContainText('The network interface fetched it from memory');
  await expect(back).toContainText('writer sent new data');
  await expect(back).toContainText('The application wrote');
  await expect(back).toContainText(/writer CPU \d, .*(tcp|protocol|netisr)/i);
  await bench.shot('p20-story-pmp');
  await back.getByRole('button', { name: /The application wrote/ }).click();
  await expect(at(bench, 'timeline').locator('canvas')).toBeVisible();
  await expect(at(bench, 'timeline').locator('.details b')).toContainText('write');
  await bench.shot('p21-timeline');
  expect(bench.complaints).toEqual([]);
  await bench.close();
});

test('a long run records only when asked, says when the record is full, and its table scrolls and filters at once', async () => {
  test.setTimeout(180_000);
  const bench = await launch();
  const { page } = bench;
  await at(bench, 'gallery-dumbbell').click();
  await enter(bench, 'Duration', '100h');
  await at(bench, 'run').click();
  await tab(bench, 'Packets').click();
  await expect(page.getByRole('heading', { name: 'This run does not record packets' })).toBeVisible();
  await at(bench, 'stop').click();
  await expect(at(bench, 'state')).toHaveText('Stopped', { timeout: 30_000 });

  await at(bench, 'record-packets').selectOption('always');
  await at(bench, 'run').click();
  await tab(bench, 'Packets').click();
  await tab(bench, 'Packets').dblclick();
  await expect(page.getByText(/Full: [\d,]+ packets up to/)).toBeVisible({ timeout: 120_000 });
  await bench.shot('p30-full-live');
  await at(bench, 'stop').click();
  await expect(at(bench, 'state')).toHaveText('Stopped', { timeout: 60_000 });
  await expect.poll(() => numberIn(bench, 'packet-count')).toBeGreaterThan(700_000);
  await at(bench, 'packet-rows').focus();
  await page.keyboard.press('End');
  await expect(page.locator('[data-test="packet-row"].chosen')).toBeVisible();
  await bench.shot('p31-full-end');
  const all = await numberIn(bench, 'packet-count');
  await at(bench, 'packet-filter').fill('drop');
  await expect.poll(() => numberIn(bench, 'packet-count')).toBeLessThan(all / 100);
  // Frames go on while hundreds of thousands of rows are asked.
  await at(bench, 'packet-filter').fill('link == bottleneck and took > 60ms');
  const longestGapMs = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let last = performance.now();
        let longest = 0;
        let frames = 0;
        const frame = (): void => {
          const now = performance.now();
          longest = Math.max(longest, now - last);
          last = now;
          frames += 1;
          if (frames < 60) requestAnimationFrame(frame);
          else resolve(longest);
        };
        requestAnimationFrame(frame);
      }),
  );
  console.log(`a filter over hundreds of thousands of rows: longest gap between frames ${longestGapMs.toFixed(0)} ms`);
  expect(bench.complaints).toEqual([]);
  await bench.close();
});

test('a stored run’s packets are opened after a restart by repeating it: the digest is checked, a repetition can be cancelled', async () => {
  const first = await launch();
  await at(first, 'gallery-dumbbell').click();
  await tab(first, 'Packets').click();
  await at(first, 'record-packets').selectOption('never');
  await at(first, 'run').click();
  await expect(at(first, 'state')).toHaveText('Finished', { timeout: 30_000 });
  await tab(first, 'Packets').click();
  await expect(at(first, 'open-packets')).toBeEnabled();
  await first.shot('p20-not-recorded');
  await first.app.close();

  const bench = await launch(first.dataFolder);
  await command(bench, 'panel.runs');
  await at(bench, 'run-row').click();
  await expect(at(bench, 'open-packets')).toContainText(/Open packets \(repeats the run, (less than 1|about \d+) s\)/);
  await bench.shot('p21-offered');
  const runId = readdirSync(join(bench.dataFolder, 'runs'))[0]!;
  const stored = join(bench.dataFolder, 'runs', runId);
  const files = readdirSync(stored);
  await at(bench, 'open-packets').click();
  const strip = at(bench, 'repetition');
  await expect(strip).toContainText('was repeated exactly: both have the digest', { timeout: 60_000 });
  await expect.poll(() => numberIn(bench, 'packet-count')).toBeGreaterThan(30_000);
  await at(bench, 'packet-filter').fill('retransmit');
  await at(bench, 'packet-row').first().click();
  await expect(at(bench, 'story-back')).toContainText('It was dropped: the queue was full');
  await bench.shot('p22-repeated');
  expect(readdirSync(join(bench.dataFolder, 'runs'))).toEqual([runId]);
  expect(readdirSync(stored)).toEqual(files);

  // The scenario in the folder is made another one: long, to cancel it; short, so that its digest is another.
  const path = join(stored, 'scenario.json');
  const scenario = JSON.parse(readFileSync(path, 'utf8')) as object;
  writeFileSync(path, JSON.stringify({ ...scenario, duration: '36000s' }));
  await command(bench, 'panel.runs');
  await at(bench, 'open-packets').click();
  await expect(strip).toContainText('is repeated with its packets recorded');
  await expect.poll(() => numberIn(bench, 'packet-count')).toBeGreaterThan(0);
  await bench.shot('p23-repeating');
  await at(bench, 'repetition-cancel').click();
  await expect(strip).toContainText('the digest was not checked', { timeout: 30_000 });
  expect(await numberIn(bench, 'packet-count')).toBeGreaterThan(0);
  writeFileSync(path, JSON.stringify({ ...scenario, duration: '1s' }));
  await command(bench, 'panel.runs');
  await at(bench, 'open-packets').click();
  await expect(strip).toContainText('was repeated, but not exactly', { timeout: 30_000 });
  await command(bench, 'app.theme');
  await resize(bench, 900, 640);
  await bench.shot('p24-other-dark-narrow');
  rmSync(path);
  await command(bench, 'panel.runs');
  await bench.page.getByRole('button', { name: 'Close', exact: true }).first().click();
  await at(bench, 'run-row').click();
  await expect(at(bench, 'open-packets')).toBeDisabled();
  await expect(at(bench, 'open-packets')).toHaveAttribute('title', /its scenario is not in its folder any more/);
  expect([...first.complaints, ...bench.complaints]).toEqual([]);
  await bench.close();
});

test('a run that was stopped is repeated to the event at which it was, and its digest until there is checked', async () => {
  test.setTimeout(120_000);
  const bench = await launch();
  await at(bench, 'gallery-dumbbell').click();
  await enter(bench, 'Duration', '36000s');
  await tab(bench, 'Packets').click();
  await at(bench, 'record-packets').selectOption('never');
  await at(bench, 'run').click();
  await expect.poll(async () => Number.parseFloat(await at(bench, 'time').innerText())).toBeGreaterThan(3);
  await at(bench, 'stop').click();
  await expect(at(bench, 'state')).toHaveText('Stopped', { timeout: 30_000 });
  const [time, events] = [await at(bench, 'time').innerText(), await at(bench, 'events').innerText()];
  // Offered at once, and in Runs.
  await tab(bench, 'Packets').click();
  await expect(at(bench, 'open-packets')).toBeEnabled();
  await command(bench, 'panel.runs');
  await at(bench, 'run-row').click();
  await expect(at(bench, 'open-packets')).toContainText('(repeats the run up to where it was stopped, ');
  await bench.shot('p40-stopped-offered');
  await at(bench, 'open-packets').click();
  const strip = at(bench, 'repetition');
  await expect(strip).toContainText('was repeated exactly up to where it was stopped', { timeout: 60_000 });
  await expect(strip).toContainText(`${events} events`);
  expect([await at(bench, 'time').innerText(), await at(bench, 'events').innerText()]).toEqual([time, events]);
  await expect.poll(() => numberIn(bench, 'packet-count')).toBeGreaterThan(3000);
  await bench.shot('p41-stopped-repeated');
  await command(bench, 'app.theme');
  await resize(bench, 900, 640);
  await bench.page.waitForTimeout(400);
  await bench.shot('p42-stopped-dark-narrow');
  expect(bench.complaints).toEqual([]);
  await bench.close();
});
