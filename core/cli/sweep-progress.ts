// A sweep as it goes on, when stderr is a terminal: how far it is, how long it will take, and the table of what is known.

import cliProgress from 'cli-progress';
import { cellsOf, countedRuns, type DoneRun, type Plan, type Schedule } from '../experiment';
import { aboutTime } from './lab-list';
import { inColumns } from './output';
import { shownValue } from './sweep-report';

export interface SweepProgress {
  update(): void;
  stop(): void;
}

const SILENT: SweepProgress = { update: () => undefined, stop: () => undefined };
const REDRAW_MS = 500;
const ROWS_MAX = 20;
/** Lines of the bar, the head of the table, what is said below it, and the cursor. */
const OTHER_ROWS = 4;
/** Of terminals that do not tell. */
const COLUMNS = 80;
const NAME_MAX = 30;
const BAR_MAX = 40;

export function startSweepProgress(plan: Plan, schedule: Schedule, runs: readonly DoneRun[]): SweepProgress {
  const { stderr } = process;
  if (!stderr.isTTY) return SILENT;
  const startedAt = performance.now();
  const doneBefore = schedule.done;
  const display = new cliProgress.MultiBar({
    stream: stderr,
    hideCursor: true,
    clearOnComplete: true,
    format: '{text}',
  });
  const height = Math.min(ROWS_MAX, Math.max(0, (stderr.rows || 24) - OTHER_ROWS));
  // With room for all points nothing is said below the table.
  const lines = Array.from({ length: 1 + Math.min(height, plan.points.length) + 2 }, () =>
    display.create(1, 0, { text: '' }),
  );
  let drawnAt = -Infinity;
  const draw = (): void => {
    drawnAt = performance.now();
    const width = (stderr.columns || COLUMNS) - 1;
    const progress = {
      name: plan.name,
      done: schedule.done,
      most: schedule.most,
      doneNow: schedule.done - doneBefore,
      seconds: (drawnAt - startedAt) / 1000,
    };
    const texts = [barLine(progress, width), ...tableLines(plan, runs, height)];
    lines.forEach((line, index) => {
      line.update(0, { text: (texts[index] ?? '').slice(0, width) });
    });
  };
  draw();
  return {
    update: () => {
      if (performance.now() - drawnAt >= REDRAW_MS) draw();
    },
    stop: () => {
      display.stop();
    },
  };
}

/** How far it is and how long it will take, in one line; a narrow one has a shorter name and bar. */
export function barLine(
  progress: {
    readonly name: string;
    readonly done: number;
    readonly most: number;
    /** Since it was started, and how long ago that was. */
    readonly doneNow: number;
    readonly seconds: number;
  },
  width: number,
): string {
  const { name, done, most, doneNow, seconds } = progress;
  const left = doneNow === 0 ? '' : `, ${aboutTime((seconds * (most - done)) / doneNow)} left`;
  const figures = `${String(done)}/${String(most)} runs${left}`;
  const short = name.length <= NAME_MAX ? name : `${name.slice(0, NAME_MAX - 1)}…`;
  const bar = Math.min(BAR_MAX, width - short.length - figures.length - 2);
  if (bar < 10) return figures;
  const full = Math.round((bar * done) / Math.max(1, most));
  return `${short} ${'='.repeat(full)}${'-'.repeat(bar - full)} ${figures}`;
}

/** The first measure at the first points, as far as it is known. */
function tableLines(plan: Plan, runs: readonly DoneRun[], height: number): string[] {
  const { factors, points, confidence } = plan;
  const { name, unit } = plan.measures[0]!;
  const cells = cellsOf(plan, countedRuns(plan, runs), points.slice(0, height), [0]);
  const head = [...factors.map((factor) => factor.name), 'runs', `${name}, ${String(100 * confidence)}%`];
  const rows = cells.map(({ point, values, mean }) => [
    ...point.levels.map(({ label }) => label),
    String(values.length),
    shownValue(mean, unit),
  ]);
  const more = points.length > height ? [`… and ${String(points.length - height)} points more`] : [];
  return [...inColumns([head, ...rows]), ...more];
}
