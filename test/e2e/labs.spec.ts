// Labs in the real window: from a question to a figure with confidence intervals, a lab's page before, while and after it runs, a guided
// lab from first to last with a hand-in that `odonata grade` accepts, and the teacher's view.

import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Locator, test } from 'playwright/test';
import { answerOpen, answerSave, at, resize } from './hands';
import { RunLibrary } from '../../core/store';
import { launch, type Workbench } from './launch';

const ROOT = join(__dirname, '../..');

const narrow = (bench: Workbench): Promise<void> => resize(bench, 900, 640);

function odonata(...args: string[]): { code: number | null; out: string; err: string } {
  const result = spawnSync(process.execPath, [join(ROOT, 'build/odonata.mjs'), ...args], {
    encoding: 'utf8',
    cwd: ROOT,
  });
  return { code: result.status, out: result.stdout, err: result.stderr };
}

test('from “what does Limited Transmit do?” to a figure with confidence intervals in under ten clicks', async () => {
  test.setTimeout(180_000);
  const bench = await launch();
  await bench.shot('l1-start');
  const startedAt = Date.now();
  let clicks = 0;
  const click = async (target: Locator): Promise<void> => {
    clicks += 1;
    await target.click();
  };
  await click(at(bench, 'ask'));
  await at(bench, 'ask').pressSequentially('what does Limited Transmit do?');
  await expect(at(bench, 'found').locator('li').first()).toContainText('Limited Transmit');
  await bench.shot('l2-found');
  await click(at(bench, 'found').locator('button').first());
  await expect(at(bench, 'lab-page')).toContainText('which of these does Limited Transmit save');
  await bench.shot('l3-before');
  await click(at(bench, 'lab-quick'));
  await expect(at(bench, 'lab-verdict')).toContainText('checks hold', { timeout: 60_000 });
  await bench.shot('l4-exact');
  // Nothing in this one is left to chance; what it does to timeouts of real transfers has intervals.
  await click(at(bench, 'related-46-web-losses'));
  await click(at(bench, 'lab-quick'));
  await expect(at(bench, 'lab-progress')).toContainText('measurements');
  await expect(at(bench, 'lab-live')).toBeVisible({ timeout: 60_000 });
  await bench.shot('l5-running');
  await expect(at(bench, 'lab-results')).toBeVisible({ timeout: 110_000 });
  console.log(
    `from a question to a figure: ${String(clicks)} clicks, ${((Date.now() - startedAt) / 1000).toFixed(0)} s`,
  );
  expect(clicks).toBeLessThan(10);
  await expect(at(bench, 'lab-page')).toContainText('whiskers: 95% intervals of the means of 5 seeds');
  // Three senders with intervals, two published figures with their tolerance.
  await expect(at(bench, 'lab-figure').locator('path[stroke-opacity="0.7"]')).toHaveCount(5);
  await bench.shot('l6-intervals');
  expect(bench.complaints).toEqual([]);
  await bench.close();
});

test('a lab’s page: filters, stop, verdict, tables and figures to the last digit, a report; it lasts, and what it ran is opened', async () => {
  test.setTimeout(240_000);
  let bench = await launch();
  const { page } = bench;
  await at(bench, 'all-labs').click();
  await expect(page.getByText(/\d\d labs, each with a question/)).toBeVisible();
  await bench.shot('l10-catalogue');
  await at(bench, 'labs-by').selectOption('slide');
  await at(bench, 'labs-only').selectOption('TCP enhancements');
  await expect(at(bench, 'lab-21-newreno')).toBeVisible();
  await expect(at(bench, 'lab-01-messaging')).toHaveCount(0);
  await at(bench, 'labs-only').selectOption('');
  await at(bench, 'labs-by').selectOption('topic');
  await at(bench, 'labs-search').fill('why would a flood at one hash hurt?');
  await at(bench, 'lab-28-syn-flood-one-hash').first().click();
  await expect(at(bench, 'lab-full-takes')).toContainText('about 5 s');

  // Stopped in the middle: nothing is judged, what had come stays.
  await at(bench, 'labs-search').fill('');
  await at(bench, 'lab-45-stability').first().click();
  await at(bench, 'lab-full').click();
  await expect(at(bench, 'lab-live')).toBeVisible({ timeout: 60_000 });
  await bench.shot('l11-live');
  await at(bench, 'lab-stop').click();
  await expect(at(bench, 'lab-stopped')).toContainText('nothing was judged');
  await bench.shot('l12-stopped');

  await at(bench, 'lab-47-fall-floyd').first().click();
  await at(bench, 'lab-full').click();
  await expect(at(bench, 'lab-verdict')).toBeVisible({ timeout: 60_000 });
  await bench.shot('l13-result');
  const verdict = JSON.parse(odonata('lab', 'run', '47', '--json').out) as {
    points: Record<string, number | string>[];
    checks: { name: string; pass: boolean }[];
  };
  await expect(at(bench, 'lab-checks').locator('tbody tr')).toHaveCount(verdict.checks.length);
  const csv = join(bench.dataFolder, 'means.csv');
  await answerSave(bench, csv);
  await at(bench, 'lab-means-csv').click();
  await expect.poll(() => existsSync(csv)).toBe(true);
  const lines = readFileSync(csv, 'utf8').trimEnd().split('\n');
  expect(lines).toHaveLength(1 + verdict.points.length);
  expect(lines[1]!.split(',')).toEqual(Object.values(verdict.points[0]!).map(String));
  for (const format of ['svg', 'pdf', 'png', 'csv', 'tex']) {
    const path = join(bench.dataFolder, `figure.${format}`);
    await answerSave(bench, path);
    await at(bench, `lab-save-${format}`).first().click();
    await expect.poll(() => existsSync(path)).toBe(true);
  }
  expect(readFileSync(join(bench.dataFolder, 'figure.pdf')).subarray(0, 5).toString()).toBe('%PDF-');
  for (const format of ['html', 'pdf']) {
    const path = join(bench.dataFolder, `report.${format}`);
    await answerSave(bench, path);
    await at(bench, `lab-report-${format}`).click();
    await expect.poll(() => existsSync(path)).toBe(true);
  }
  expect(readFileSync(join(bench.dataFolder, 'report.html'), 'utf8')).toContain('checks hold');
  await at(bench, 'lab-checks').scrollIntoViewIfNeeded();
  await bench.shot('l14-checks');
  await at(bench, 'theme').click();
  await bench.shot('l15-dark');
  await narrow(bench);
  await bench.shot('l16-narrow');
  await resize(bench, 1360, 860);
  await at(bench, 'theme').click();
  expect(bench.complaints).toEqual([]);

  // What it ran is opened as it was: the run in the workbench has the digest of the lab's own.
  await at(bench, 'opens-variant').selectOption({ label: 'NewReno' });
  await at(bench, 'opens-drops').selectOption({ label: '3' });
  await bench.shot('l17-opens');
  const [own] = await page.evaluate(async () => {
    const point = { variant: 'NewReno', drops: 3 };
    const reply = await window.lab.call('labs.scenarios', { id: '47-fall-floyd', point, quick: true, seed: 1 });
    if (!reply.ok) throw new Error(reply.message);
    return reply.value;
  });
  await at(bench, 'lab-scenario').click();
  await expect(at(bench, 'title')).toHaveText('Tahoe, Reno, NewReno, SACK: NewReno, drops 3');
  await bench.shot('l18-opened');
  await at(bench, 'run').click();
  await expect(at(bench, 'state')).toContainText('Finished', { timeout: 60_000 });
  const [run] = await page.evaluate(async () => {
    const reply = await window.lab.call('runs.list', undefined);
    return reply.ok ? reply.value : [];
  });
  expect(run!.digest).toBe(own!.digest);

  // Killed; begun again; what the lab found is there at once, and can be run again, or removed and taken back.
  const { dataFolder } = bench;
  const gone = bench.app.waitForEvent('close');
  bench.app.process().kill('SIGKILL');
  await gone;
  bench = await launch(dataFolder);
  await at(bench, 'all-labs').click();
  await expect(at(bench, 'lab-47-fall-floyd').first().locator('[data-test="kept-mark"]')).toHaveText('✓');
  await at(bench, 'labs-by').selectOption('result');
  await expect(at(bench, 'labs-panel')).toContainText('All checks hold');
  await at(bench, 'lab-47-fall-floyd').click();
  await expect(at(bench, 'lab-verdict')).toContainText('full plan');
  await expect(at(bench, 'lab-checks').locator('tbody tr')).toHaveCount(verdict.checks.length);
  await expect(at(bench, 'kept-made')).toContainText('Full run of');
  await bench.shot('l19-kept');
  await at(bench, 'theme').click();
  await narrow(bench);
  await bench.shot('l19-kept-dark-narrow');
  await at(bench, 'theme').click();
  await resize(bench, 1360, 860);
  await at(bench, 'lab-quick').click();
  await expect(at(bench, 'lab-verdict')).toContainText('quick plan', { timeout: 60_000 });
  await at(bench, 'kept-full').click();
  await expect(at(bench, 'lab-verdict')).toContainText('full plan');
  const used = await diskBytes(bench);
  await at(bench, 'kept-remove').click();
  await expect(at(bench, 'lab-verdict')).toContainText('quick plan');
  expect(await diskBytes(bench)).toBeLessThan(used);
  await at(bench, 'toast-action').click();
  await expect(at(bench, 'kept-full')).toBeVisible();
  expect(await diskBytes(bench)).toBe(used);

  // Programs in TypeScript are no scenario, and are said to be none.
  await at(bench, 'labs-by').selectOption('topic');
  await at(bench, 'lab-01-messaging').first().click();
  await expect(at(bench, 'opens-not')).toContainText('programs in TypeScript');
  await at(bench, 'lab-related').click();
  await expect(at(bench, 'title')).not.toHaveText('Tahoe, Reno, NewReno, SACK: NewReno, drops 3');
  expect(bench.complaints).toEqual([]);
  await bench.app.close();

  // What another version made says so.
  const library = new RunLibrary(dataFolder);
  library.database.labs.put({ ...library.database.labs.one({ lab: '47-fall-floyd', quick: true })!, program: '0.0.1' });
  library.close();
  bench = await launch(dataFolder);
  await at(bench, 'all-labs').click();
  await at(bench, 'lab-47-fall-floyd').first().click();
  await at(bench, 'kept-quick').click();
  await expect(at(bench, 'kept-older')).toContainText('Made by Odonata 0.0.1');
  await bench.shot('l20-older');
  await bench.close();
});

/** What the library takes, labs and all. */
async function diskBytes({ page }: Workbench): Promise<number> {
  return page.evaluate(async () => {
    const reply = await window.lab.call('runs.disk', undefined);
    return reply.ok ? reply.value.bytes : Number.NaN;
  });
}

/** What `odonata course check` says is right, by question. */
function rightAnswers(lab: string): Map<string, string> {
  const rows = odonata('course', 'check', join(ROOT, 'core/course/labs', lab)).out.split('\n');
  return new Map(
    rows.flatMap((row) => {
      const found = /^ {2}([a-z0-9-]+) +(?:number|choice|pick|draw) +(.*)$/.exec(row);
      return found === null ? [] : [[found[1]!, found[2]!] as const];
    }),
  );
}

const question = (bench: Workbench, id: string): Locator => at(bench, `question-${id}`);
const inside = (bench: Workbench, id: string, name: string): Locator =>
  question(bench, id).locator(`[data-test="${name}"]`);

async function giveNumber(bench: Workbench, id: string, value: string): Promise<void> {
  await inside(bench, id, 'number').fill(value);
  await inside(bench, id, 'give').click();
}

/** Chooses a packet by a filter, and of its moments the one with these words. */
async function pick(bench: Workbench, id: string, filter: string, moment: RegExp): Promise<void> {
  await question(bench, id)
    .getByRole('button', { name: 'Packets' })
    .or(inside(bench, id, 'moment').first())
    .first()
    .waitFor();
  await bench.page.locator('.dv-tab', { hasText: 'Packets' }).click();
  await at(bench, 'packet-filter').fill(filter);
  await at(bench, 'packet-row').first().click();
  await question(bench, id).locator('label', { hasText: moment }).first().locator('input').check();
}

/** Draws heights, as the run recorded them or as told, over the whole width. */
async function draw(bench: Workbench, id: string, heightAt: (seconds: number) => number): Promise<void> {
  const { page } = bench;
  const axis = await page.evaluate(async (asked) => {
    const attempts = await window.lab.call('course.attempts', undefined);
    if (!attempts.ok) throw new Error(attempts.message);
    const reply = await window.lab.call('course.axis', { attempt: attempts.value[0]!.attempt, question: asked });
    if (!reply.ok) throw new Error(reply.message);
    return reply.value;
  }, id);
  const paper = inside(bench, id, 'draw').locator('rect');
  await paper.scrollIntoViewIfNeeded();
  const box = (await paper.boundingBox())!;
  for (let i = 0; i <= 60; i += 1) {
    const height = (heightAt(0.2 + (5.8 * i) / 60) - axis.low) / (axis.high - axis.low);
    await page.mouse.move(box.x + (box.width * i) / 60, box.y + box.height * (1 - height));
    if (i === 0) await page.mouse.down();
  }
  await page.mouse.up();
}

/** The window of f1 in kB as the latest run recorded it. */
async function recordedWindow(bench: Workbench): Promise<(seconds: number) => number> {
  const { times, values } = await bench.page.evaluate(async () => {
    const list = await window.lab.call('runs.list', undefined);
    const runId = list.ok ? list.value[0]!.runId : '';
    const reply = await window.lab.call('runs.series', { runId, names: ['flow/f1/cwnd'] });
    const series = reply.ok ? reply.value[0]! : { times: [], values: [] };
    return { times: [...series.times], values: [...series.values] };
  });
  return (seconds) => (values[times.findLastIndex((time) => time <= seconds * 1e9)] ?? 0) / 1000;
}

test('a guided lab from first to last: a wrong answer, a hint, each kind of question, a kill in the middle, the hand-in graded', async () => {
  test.setTimeout(240_000);
  const right = rightAnswers('loss-recovery');
  let bench = await launch();
  await at(bench, 'start-guide-loss-recovery').click();
  await expect(at(bench, 'guide-panel')).toContainText('Follow a recovery segment by segment');
  await bench.shot('g1-first-page');
  await at(bench, 'student').fill('Grace Hopper');
  await at(bench, 'student-id').fill('1906');
  await at(bench, 'begin').click();

  // The step has opened its scenario; it waits for the prediction.
  await expect(at(bench, 'title')).toContainText('Three losses in a window: NewReno');
  await expect(at(bench, 'run-step')).toBeDisabled();
  // It points at a link; the link is marked, and chosen only by a click.
  await expect(at(bench, 'pointed-link')).toHaveCount(1);
  await bench.shot('g2-predict');
  await inside(bench, 'one-per-rtt', 'option-b').check();
  await inside(bench, 'one-per-rtt', 'give').click();
  await expect(inside(bench, 'one-per-rtt', 'predicted')).toBeVisible();
  await expect(inside(bench, 'one-per-rtt', 'settled')).toHaveCount(0);
  await at(bench, 'run-step').click();
  await expect(inside(bench, 'one-per-rtt', 'settled')).toContainText('Right', { timeout: 30_000 });
  await bench.shot('g3-observed');

  // A wrong answer, a hint, and the right one read off the summary.
  await giveNumber(bench, 'retransmits', '7');
  await expect(inside(bench, 'retransmits', 'wrong')).toContainText('Not yet');
  await inside(bench, 'retransmits', 'ask-hint').click();
  await expect(inside(bench, 'retransmits', 'hint')).toContainText('the summary');
  await at(bench, 'run-summary').locator('summary').click();
  await at(bench, 'summary-words').fill('f1 retransmits');
  await bench.shot('g4-wrong-and-hint');
  await giveNumber(bench, 'retransmits', right.get('retransmits')!.split(' ')[0]!);
  await expect(inside(bench, 'retransmits', 'settled')).toContainText('Right');
  await at(bench, 'run-summary').locator('summary').click();

  await pick(bench, 'first-fast', 'flow == f1 and retransmit', /send fast/);
  await bench.shot('g5-pick');
  await inside(bench, 'first-fast', 'give').click();
  await expect(inside(bench, 'first-fast', 'settled')).toContainText('Right');
  await pick(bench, 'first-drop', 'flow == f1 and drop', /drop/);
  await inside(bench, 'first-drop', 'give').click();
  await expect(inside(bench, 'first-drop', 'settled')).toContainText('Right');

  // With the keyboard: from one end along the bottom to the other, and a bend; it is wrong.
  await inside(bench, 'halved', 'draw-point').first().focus();
  await bench.page.keyboard.press('Home');
  for (let point = 0; point < 12; point += 1) await bench.page.keyboard.press('ArrowRight');
  const end = inside(bench, 'halved', 'draw-point').last();
  await expect(end).toBeFocused();
  await expect(end).toHaveAttribute('aria-valuetext', /not drawn yet/);
  await expect(inside(bench, 'halved', 'give')).toBeDisabled();
  await bench.page.keyboard.press('Enter');
  await expect(end).toHaveAttribute('aria-valuetext', /^[\d.]+ kB$/);
  await bench.page.keyboard.press('ArrowLeft');
  await bench.page.keyboard.press('Shift+ArrowUp');
  await bench.shot('g6-keyboard');
  await at(bench, 'theme').click();
  await bench.shot('g6-keyboard-dark');
  await at(bench, 'theme').click();
  await inside(bench, 'halved', 'give').click();
  await expect(inside(bench, 'halved', 'wrong')).toBeVisible();
  const measured = await recordedWindow(bench);
  await inside(bench, 'halved', 'draw').scrollIntoViewIfNeeded();
  await draw(bench, 'halved', measured);
  await bench.shot('g6-drawn');
  await inside(bench, 'halved', 'give').click();
  await expect(inside(bench, 'halved', 'settled')).toContainText('Right');
  await inside(bench, 'halved', 'settled').scrollIntoViewIfNeeded();
  await bench.shot('g7-over-each-other');
  await at(bench, 'theme').click();
  await bench.shot('g8-dark');
  await at(bench, 'theme').click();
  await at(bench, 'look-link-slow').click();
  await expect(bench.page.getByRole('heading', { name: /^Link/ })).toBeVisible();
  const score = await at(bench, 'score').innerText();
  expect(score).toContain('5 of 9');
  expect(bench.complaints).toEqual([]);

  // Killed; begun again; all of it is there.
  const { dataFolder } = bench;
  const gone = bench.app.waitForEvent('close');
  bench.app.process().kill('SIGKILL');
  await gone;
  bench = await launch(dataFolder);
  await at(bench, 'start-guide-loss-recovery').click();
  await at(bench, 'resume-here').click();
  await expect(at(bench, 'score')).toHaveText(score);
  await expect(at(bench, 'title')).toContainText('Reno');
  await bench.shot('g9-continued');
  await at(bench, 'run-step').click();
  await expect(inside(bench, 'timeouts', 'number')).toBeEnabled({ timeout: 30_000 });
  await giveNumber(bench, 'timeouts', right.get('timeouts')!.split(' ')[0]!);
  await giveNumber(bench, 'goodput', right.get('goodput')!.split(' ')[0]!);
  await expect(inside(bench, 'goodput', 'settled')).toContainText('Right');
  await narrow(bench);
  await bench.shot('g10-narrow');
  await at(bench, 'next').click();
  await at(bench, 'run-step').click();
  await expect(inside(bench, 'sack-again', 'number')).toBeEnabled({ timeout: 30_000 });
  await giveNumber(bench, 'sack-again', right.get('sack-again')!.split(' ')[0]!);
  await inside(bench, 'sack-faster', 'option-a').check();
  await inside(bench, 'sack-faster', 'give').click();
  await expect(inside(bench, 'sack-faster', 'wrong')).toContainText('SACK sees all holes at once');
  await inside(bench, 'sack-faster', 'option-b').check();
  await inside(bench, 'sack-faster', 'give').click();
  await expect(inside(bench, 'sack-faster', 'settled')).toBeVisible();
  await at(bench, 'next').click();
  await expect(at(bench, 'pointed-link')).toHaveCount(0);
  await expect(at(bench, 'result')).toContainText('9 of 9 questions settled');
  await bench.shot('g11-end');
  const shownPoints = Number(/[\d.]+/.exec(await at(bench, 'result').innerText())?.[0]);
  const handIns = join(dataFolder, 'hand-ins');
  mkdirSync(handIns);
  await answerSave(bench, join(handIns, 'grace.odonata-handin'));
  await at(bench, 'class-key').fill('ladybird');
  await at(bench, 'hand-in').click();
  await expect(at(bench, 'guide-panel')).toContainText('Handed in');
  expect(bench.complaints).toEqual([]);

  // What the window showed is what grading gives; nothing looks touched, and the runs are those of the grader.
  const keyFile = join(dataFolder, 'key.txt');
  writeFileSync(keyFile, 'ladybird\n');
  const graded = odonata('grade', handIns, '--key', keyFile, '--json');
  expect(graded).toMatchObject({ code: 0, err: '' });
  const [marked] = (
    JSON.parse(graded.out) as {
      marked: {
        student: { name: string; id: string };
        points: number;
        notes: string[];
        tampered: string[];
        finished: boolean;
      }[];
    }
  ).marked;
  expect(marked).toMatchObject({
    student: { name: 'Grace Hopper', id: '1906' },
    notes: [],
    tampered: [],
    finished: true,
  });
  expect(marked!.points).toBeCloseTo(shownPoints, 6);
  // Two helps with one question, a wrong curve, a wrong choice.
  expect(marked!.points).toBe(9 - 0.5 - 0.25 - 0.25);

  // The teacher's view gives the same, and names a file that was touched.
  const text = readFileSync(join(handIns, 'grace.odonata-handin'), 'utf8');
  writeFileSync(join(handIns, 'touched.odonata-handin'), text.replace('Grace Hopper', 'Grace Copper'));
  writeFileSync(join(handIns, 'broken.odonata-handin'), text.slice(0, 300));
  await resize(bench, 1360, 860);
  await bench.page.getByRole('button', { name: 'Odonata', exact: true }).click();
  await at(bench, 'open-class').click();
  await bench.shot('t1-empty');
  await at(bench, 'marks-key').fill('ladybird');
  await answerOpen(bench, handIns);
  await at(bench, 'mark').click();
  await expect(at(bench, 'mark-row')).toHaveCount(2, { timeout: 60_000 });
  await expect(at(bench, 'mark-row').filter({ hasText: 'Grace Hopper' })).toContainText('8 of 9');
  await expect(at(bench, 'mark-row').filter({ hasText: 'Grace Copper' })).toContainText('does not hold together');
  await expect(at(bench, 'class-panel')).toContainText('broken.odonata-handin');
  await at(bench, 'mark-row').filter({ hasText: 'Grace Hopper' }).click();
  await expect(at(bench, 'student-report')).toContainText('sack-faster');
  await bench.shot('t2-marks');
  const out = join(dataFolder, 'marks');
  mkdirSync(out);
  await answerOpen(bench, out);
  await at(bench, 'marks-save').click();
  await expect.poll(() => existsSync(join(out, 'reports'))).toBe(true);
  const own = odonata('grade', handIns, '--key', keyFile, '--out', join(dataFolder, 'by-command'));
  expect(own.code).toBe(2);
  await expect
    .poll(() => readFileSync(join(out, 'marks.csv'), 'utf8'))
    .toBe(readFileSync(join(dataFolder, 'by-command/marks.csv'), 'utf8'));
  expect(bench.complaints).toEqual([]);
  await bench.close();
});

test('a lab that is being written: what is wrong is listed with its place, mended, and tried', async () => {
  const bench = await launch();
  const folder = join(bench.dataFolder, 'my-eifel');
  mkdirSync(folder);
  const yaml = readFileSync(join(ROOT, 'core/course/labs/eifel/lab.yaml'), 'utf8').replace('id: eifel', 'id: my-eifel');
  copyFileSync(join(ROOT, 'core/course/labs/eifel/text.md'), join(folder, 'text.md'));
  writeFileSync(join(folder, 'lab.yaml'), yaml.replace('kind: choice', 'kind: choise'));
  await at(bench, 'open-class').click();
  await answerOpen(bench, folder);
  await at(bench, 'own-open').click();
  await expect(at(bench, 'own-problems')).toContainText('/steps/');
  await expect(at(bench, 'own-problems')).toContainText('choice');
  await bench.shot('t3-problems');
  writeFileSync(join(folder, 'lab.yaml'), yaml);
  await at(bench, 'own-again').click();
  await expect(at(bench, 'own-good')).toContainText('every question has a right answer', { timeout: 60_000 });
  await bench.shot('t4-good');
  await at(bench, 'own-try').click();
  await at(bench, 'trial').click();
  await expect(at(bench, 'run-step')).toBeVisible();
  await bench.shot('t5-tried');
  const kept = await bench.page.evaluate(async () => {
    const reply = await window.lab.call('course.attempts', undefined);
    return reply.ok ? reply.value.length : -1;
  });
  expect(kept).toBe(0);
  const pdf = join(bench.dataFolder, 'handout.pdf');
  await at(bench, 'guide-leave').click();
  await at(bench, 'guide-eifel').click();
  await answerSave(bench, pdf);
  await at(bench, 'print-pdf').click();
  await expect.poll(() => existsSync(pdf), { timeout: 60_000 }).toBe(true);
  expect(readFileSync(pdf).subarray(0, 5).toString()).toBe('%PDF-');
  expect(bench.complaints).toEqual([]);
  await bench.close();
});
