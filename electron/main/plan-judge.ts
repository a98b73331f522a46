// Judges plans in a process that stays for the session, one after another; a new one takes its place when it dies or takes too long.

import { join } from 'node:path';
import { utilityProcess, type UtilityProcess } from 'electron';
import type { PlanJudgement } from '../ipc';
import { Advised } from './door';

const PATIENCE_MS = 60_000;

interface Waiting {
  readonly resolve: (judgement: PlanJudgement) => void;
  readonly reject: (error: Error) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

export class PlanJudge {
  private process: UtilityProcess | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private asked = 0;

  ask(plan: string): Promise<PlanJudgement> {
    const id = (this.asked += 1);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.process?.kill(), PATIENCE_MS);
      this.waiting.set(id, { resolve, reject, timer });
      (this.process ??= this.begin()).postMessage({ type: 'judge', id, plan });
    });
  }

  end(): void {
    this.process?.kill();
  }

  private begin(): UtilityProcess {
    const process = utilityProcess.fork(join(__dirname, 'runner.cjs'), [], { serviceName: 'odonata plan judge' });
    process.on('message', ({ id, judgement }: { id: number; judgement: PlanJudgement }) => {
      const asker = this.waiting.get(id);
      this.waiting.delete(id);
      clearTimeout(asker?.timer);
      asker?.resolve(judgement);
    });
    process.on('exit', () => {
      this.process = undefined;
      for (const { reject, timer } of this.waiting.values()) {
        clearTimeout(timer);
        reject(
          new Advised(
            'the plan could not be judged: it is too large for this machine',
            'fewer points, or a smaller scenario',
          ),
        );
      }
      this.waiting.clear();
    });
    return process;
  }
}
