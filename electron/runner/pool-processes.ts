// Worker processes for a conductor: only main can start processes, so it is asked for each, and hands a port to it over. What is said
// to a worker before its port is there waits.

import type { Outcome, StartWorker } from '../../core/experiment';
import type { ConductorOrder, ConductorReport } from './conduct';

interface Waiting {
  readonly attach: (port: Electron.MessagePortMain) => void;
  readonly end: (reason: string) => void;
}

export class PoolProcesses {
  private readonly known = new Map<number, Waiting>();
  private count = 0;

  constructor(private readonly tellMain: (report: ConductorReport) => void) {}

  readonly start: StartWorker = ({ onOutcome, onEnd }) => {
    const id = (this.count += 1);
    const waiting: object[] = [];
    let port: Electron.MessagePortMain | undefined;
    this.known.set(id, {
      attach: (given) => {
        port = given;
        port.on('message', ({ data }) => {
          onOutcome(data as Outcome);
        });
        port.start();
        for (const order of waiting.splice(0)) port.postMessage(order);
      },
      end: (reason) => {
        this.known.delete(id);
        onEnd(reason);
      },
    });
    this.tellMain({ type: 'start-worker', id });
    return {
      post: (order) => {
        if (port === undefined) waiting.push(order);
        else port.postMessage(order);
      },
      kill: () => {
        this.tellMain({ type: 'kill-worker', id });
      },
    };
  };

  /** What main says of a worker. */
  heard(order: Extract<ConductorOrder, { worker: number }>, port: Electron.MessagePortMain | undefined): void {
    const worker = this.known.get(order.worker);
    if (order.type === 'worker-started' && port !== undefined) worker?.attach(port);
    if (order.type === 'worker-ended') worker?.end(order.reason);
  }
}
