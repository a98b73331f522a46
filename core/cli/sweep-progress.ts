// A sweep as it goes on, when stderr is a terminal: how far it is, how long it will take, and the table of what is known.

import cliProgress from 'cli-progress';
import { type DoneRun, type Plan, pointName, type Schedule, summarisePlan } from '../experiment';
import { shownValue } from './sweep-report';

export interface SweepProgress {
  update(): void;
  stop(): void;
}

const SILENT: SweepProgress = { update: () => undefined, stop: () => undefined };
const REDRAW_MS = 500;
const ROWS_MAX = 20;
/** Lines of the bar and around it. */
const OTHER_ROWS = 4;

export function startSweepProgress(plan: Plan, schedule: Schedule, runs: readonly DoneRun[]): SweepProgress {
  const { stderr } = process;
  if (!stderr.isTTY) return SILENT;
  const table = new cliProgress.MultiBar({
    stream: stderr,
    hideCursor: true,
    clearOnComplete: true,
    format: `${plan.name} {bar} {value}/{total} runs | {eta_formatted} left`,
  });
  const bar = table.create(schedule.most, schedule.done);
  const rows = Math.min(ROWS_MAX, plan.points.length, Math.max(0, stderr.rows - OTHER_ROWS));
  const lines = Array.from({ length: rows }, () => table.create(1, 0, { text: '' }, { format: '{text}' }));
  let drawnAt = -Infinity;
  return {
    update: () => {
      bar.setTotal(schedule.most);
      bar.update(schedule.done);
      if (performance.now() - drawnAt < REDRAW_MS) return;
      drawnAt = performance.now();
      const { cells } = summarisePlan(plan, runs);
      const first = cells.filter(({ measure }) => measure === 0);
      const { name, unit } = plan.measures[0]!;
      lines.forEach((line, index) => {
        const { point, values, mean } = first[index]!;
        const text = `${pointName(plan, point)}: ${name} ${shownValue(mean, unit)}, ${String(values.length)} runs`;
        line.update(0, { text: text.slice(0, Math.max(20, stderr.columns - 2)) });
      });
    },
    stop: () => {
      table.stop();
    },
  };
}
