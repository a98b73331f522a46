// Repeats stored runs for the window that asks for their packets, each in a process of its own. The simulator is deterministic, so what
// the window sees is what that run did; the digest at the end says whether it is. Nothing is written.

import { existsSync, readFileSync } from 'node:fs';
import { freemem } from 'node:os';
import { join } from 'node:path';
import { MessageChannelMain, utilityProcess, type UtilityProcess, type WebContents } from 'electron';
import { formatProblem } from '../../core/base';
import { estimateCost, parseScenario } from '../../core/scenario';
import { RunFile, type RunLibrary } from '../../core/store';
import { RECORDING_COST, type Reply, RUN_PORT_MESSAGE, type StoppedAt } from '../ipc';
import { Advised, announce } from './door';
import { newRunId, type RunJob, type RunnerReport, type Runs, withSeed } from './runs';

export class Repeats {
  private readonly live = new Set<UtilityProcess>();

  constructor(
    private readonly library: RunLibrary,
    private readonly runs: Runs,
  ) {}

  /** About how long a run takes to be repeated, or why it cannot be. */
  repeatable(runId: string): Reply<'runs.repeatable'> {
    const record = this.library.database.run(runId);
    if (record?.kind !== 'run' || (record.status !== 'finished' && record.status !== 'stopped'))
      return { cannot: 'only a run that has finished, or was stopped, can be repeated' };
    if (this.runs.scenario(runId) === undefined) return { cannot: 'its scenario is not in its folder any more' };
    const totals = this.runs.summary(runId)?.totals;
    if (totals === undefined) return { cannot: 'its summary is not in its folder any more' };
    const seconds = totals.wallSeconds * RECORDING_COST;
    if (record.status === 'finished') return { seconds };
    if (totals.events === 0) return { cannot: 'it was stopped before anything had happened' };
    return { seconds, stoppedAt: { atNs: Math.round(totals.simSeconds * 1e9), events: totals.events } };
  }

  /** @throws Advised when it cannot be repeated */
  start(runId: string, window: WebContents): Reply<'runs.repeat'> {
    const possible = this.repeatable(runId);
    const record = this.library.database.run(runId);
    if (record === undefined || 'cannot' in possible)
      throw new Advised(
        `the run cannot be repeated: ${'cannot' in possible ? possible.cannot : 'it is not in the library any more'}`,
        'open its scenario and run that',
      );
    const scenario = withSeed(this.runs.scenario(runId)!, record.seed);
    const { stoppedAt } = possible;
    const repeatId = this.startScenario(scenario, window, stoppedAt);
    const more = stoppedAt === undefined ? {} : { stoppedAt };
    return { repeatId, scenario, madeBy: this.madeBy(runId), ...more };
  }

  /** Repeats what a stored run ran, whatever keeps it. @throws Advised when it cannot be run here */
  startScenario(scenario: string, window: WebContents, stopAt?: StoppedAt): string {
    const parsed = parseScenario(scenario, '');
    if (!parsed.ok)
      throw new Advised(
        `this version of Odonata cannot run the stored scenario: ${parsed.problems.map(formatProblem).join('; ')}`,
        'open its scenario, mend that, and run it again',
      );
    const { memoryBytes } = estimateCost(parsed.value.resolved);
    if (memoryBytes > freemem())
      throw new Advised(
        `repeating the run needs about ${String(Math.ceil(memoryBytes / 1e6))} MB of memory, and ${String(Math.floor(freemem() / 1e6))} MB are free`,
        'close other programs first',
      );
    const repeatId = newRunId();
    this.launch(repeatId, scenario, window, stopAt);
    return repeatId;
  }

  stopAll(): void {
    for (const process of this.live) process.kill();
  }

  private launch(repeatId: string, scenario: string, window: WebContents, stopAt: StoppedAt | undefined): void {
    const runner = utilityProcess.fork(join(__dirname, 'runner.cjs'), [], {
      serviceName: `odonata repeat ${repeatId}`,
    });
    this.live.add(runner);
    let isOver = false;
    runner.on('message', (report: RunnerReport) => {
      isOver = report.type === 'ended' || report.type === 'failed';
    });
    runner.on('exit', () => {
      this.live.delete(runner);
      if (!isOver)
        announce('runs.repeatLost', { repeatId, reason: 'the process that repeated the run ended unexpectedly' });
    });
    const job: RunJob = {
      type: 'run',
      folder: undefined,
      scenario,
      startPaused: false,
      trace: false,
      packets: true,
      watched: true,
      stopAt,
    };
    const { port1, port2 } = new MessageChannelMain();
    runner.postMessage(job, [port1]);
    window.postMessage(RUN_PORT_MESSAGE, { runId: repeatId }, [port2]);
  }

  /** Version of the program that made a run, if that is known. */
  private madeBy(runId: string): string | undefined {
    const path = join(this.library.folderOf(runId), RunFile.provenance);
    if (!existsSync(path)) return undefined;
    try {
      const { program } = JSON.parse(readFileSync(path, 'utf8')) as { program?: { version?: unknown } };
      return typeof program?.version === 'string' ? program.version : undefined;
    } catch {
      return undefined;
    }
  }
}
