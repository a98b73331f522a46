// Progress with the time left, on stderr, when that is a terminal.

import cliProgress from 'cli-progress';

export interface Progress {
  /** @param share done, 0 to 1 */
  update(share: number): void;
  stop(): void;
}

const SILENT: Progress = { update: () => undefined, stop: () => undefined };
const STEPS = 1000;

export function startProgress(label: string): Progress {
  if (!process.stderr.isTTY) return SILENT;
  const bar = new cliProgress.SingleBar({
    format: `${label} {bar} {percentage}% | {eta_formatted} left`,
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: true,
  });
  bar.start(STEPS, 0);
  return {
    update: (share) => {
      bar.update(Math.round(share * STEPS));
    },
    stop: () => {
      bar.stop();
    },
  };
}
