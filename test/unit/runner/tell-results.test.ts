// What the window hears of an experiment: few messages however many runs end, none that it has no time for, and all of it in the end.

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type DoneRun, expandPlan, type Plan, summarisePlan } from '../../../core/experiment';
import { type ExperimentMessage, RUN_FIELDS } from '../../../electron/ipc';
import { NEWS_MS, NEWS_RUNS, RESULTS_MS, ResultsTeller } from '../../../electron/runner/tell-results';
import { doneRun, finished, planOf } from '../../plans';

type News = Extract<ExperimentMessage, { type: 'news' }>;

/** A window that shows what it is told at once, or only when it is let. */
class Window {
  readonly messages: ExperimentMessage[] = [];
  isBusy = false;
  teller: ResultsTeller | undefined;

  postMessage(message: unknown): void {
    this.messages.push(message as ExperimentMessage);
    if (!this.isBusy && (message as ExperimentMessage).type === 'news') queueMicrotask(() => this.teller?.heard());
  }

  get news(): News[] {
    return this.messages.filter((message): message is News => message.type === 'news');
  }

  /** Points and replications that it was told, in their order. */
  runs(plan: Plan): string[] {
    const width = RUN_FIELDS + plan.measures.length;
    return this.news.flatMap(({ runs }) =>
      Array.from(
        { length: (runs?.rows.length ?? 0) / width },
        (_, index) => `${String(runs!.rows[index * width])}/${String(runs!.rows[index * width + 1])}`,
      ),
    );
  }
}

function watched(plan: Plan, before: readonly DoneRun[] = []) {
  const runs = [...before];
  const teller = new ResultsTeller(plan, runs, mkdtempSync(join(tmpdir(), 'odonata-')));
  const window = new Window();
  window.teller = teller;
  const schedule = { done: runs.length, most: plan.points.length * plan.replications };
  teller.stands({ state: 'running', schedule, size: 2 });
  const end = (run: DoneRun): void => {
    runs.push(run);
    schedule.done += 1;
    teller.ran();
  };
  return { runs, teller, window, schedule, end };
}

const runsOf = (plan: Plan): DoneRun[] =>
  expandPlan(plan).map((job) => doneRun(job, finished(1e6 * job.point.number + job.replication, job.replication % 3)));

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a thousand runs that end ten milliseconds apart', () => {
  const plan = planOf({ replications: 167 });
  const all = runsOf(plan).slice(0, 1000);

  test('take the window a few messages a second, and a summary a second at most', async () => {
    const { teller, window, end } = watched(plan);
    teller.attach(window);
    for (const run of all) {
      end(run);
      await vi.advanceTimersByTimeAsync(10);
    }
    await vi.advanceTimersByTimeAsync(2 * RESULTS_MS);
    const seconds = 10 + (2 * RESULTS_MS) / 1000;
    expect(window.news.length).toBeLessThanOrEqual((1000 / NEWS_MS) * seconds + 1);
    expect(window.news.filter(({ results }) => results !== undefined).length).toBeLessThanOrEqual(seconds + 1);
    expect(new Set(window.runs(plan)).size).toBe(1000);
    expect(window.news.at(-1)!.progress).toMatchObject({ done: 1000, failed: 0 });
    // What is shown last is what all of them say.
    expect(window.news.findLast(({ results }) => results !== undefined)!.results!.digest).toBe(
      summarisePlan(plan, all).digest,
    );
  });

  test('wait in one message while the window has not shown the last one', async () => {
    const { teller, window, end } = watched(plan);
    window.isBusy = true;
    teller.attach(window);
    for (const run of all) {
      end(run);
      await vi.advanceTimersByTimeAsync(10);
    }
    expect(window.news).toHaveLength(1);
    teller.heard();
    expect(window.news).toHaveLength(2);
    expect(window.runs(plan)).toHaveLength(1000);
  });

  test('are summed up for nobody while no window looks, and told to the one that comes', async () => {
    const { teller, window, end } = watched(plan);
    teller.attach(window);
    await vi.advanceTimersByTimeAsync(1);
    teller.detach(window);
    const told = window.messages.length;
    for (const run of all) end(run);
    await vi.advanceTimersByTimeAsync(3 * RESULTS_MS);
    expect(window.messages).toHaveLength(told);
    const other = new Window();
    other.teller = teller;
    teller.attach(other);
    await vi.advanceTimersByTimeAsync(1);
    expect(other.messages[0]!.type).toBe('opened');
    expect(other.runs(plan)).toHaveLength(1000);
    expect(other.news.at(-1)!.results).toBeDefined();
  });
});

test('many runs that are there already come in parts, each after the one before was shown, and then what they say', async () => {
  const plan = planOf({ replications: 2000 });
  const { teller, window } = watched(plan, runsOf(plan));
  teller.attach(window);
  await vi.advanceTimersByTimeAsync(1);
  expect(window.runs(plan)).toHaveLength(12_000);
  expect(window.news).toHaveLength(Math.ceil(12_000 / NEWS_RUNS));
  expect(window.news.map(({ results }) => results !== undefined)).toEqual([false, false, true]);
});

test('a change of state is told at once, and the files are written after all that they hold was told', async () => {
  const plan = planOf();
  const { teller, window, schedule, end } = watched(plan);
  teller.attach(window);
  await vi.advanceTimersByTimeAsync(1);
  teller.stands({ state: 'paused', schedule, size: 2 });
  expect(window.news.at(-1)!.progress.state).toBe('paused');
  await vi.advanceTimersByTimeAsync(1);
  for (const run of runsOf(plan)) end(run);
  const digest = teller.write();
  expect(window.messages.at(-1)).toEqual({ type: 'written' });
  expect(window.runs(plan)).toHaveLength(24);
  expect(window.news.at(-1)!.results!.digest).toBe(digest);
});
