// syn-flood: SYNs from addresses that nobody has, for a port of the victim. Nothing ever answers the SYN/ACKs.

import { type Nanos, type NodeId, NS_PER_SECOND, plus, seqNum } from '../base';
import { callAt, Priority } from '../engine';
import { portForOneHash, sendStraySyn } from '../stack';
import type { Flow } from './flow';

export interface SynFloodOptions {
  /** Mean of SYNs per second; their distances are exponential. */
  readonly synsPerSecond: number;
  /** All of them have one hash, so that one CPU of the victim gets them. */
  readonly oneHash: boolean;
}

/** Nodes of a scenario have small numbers; invented ones lie here, and inside 10.0.0.0/8. */
const FIRST_INVENTED = 1 << 20;
const INVENTED = 1 << 22;
const FIRST_PORT = 1024;
const PORTS = 65_536 - FIRST_PORT;

export function startSynFlood(flow: Flow, options: SynFloodOptions): void {
  const { engine, random, from, to, port, stopAt } = flow.setting;
  const meanNs = NS_PER_SECOND / options.synsPerSecond;

  const send = (now: Nanos): void => {
    if (now >= stopAt) return;
    const source = (FIRST_INVENTED + random.integer(INVENTED)) as NodeId;
    const drawn = FIRST_PORT + random.integer(PORTS);
    sendStraySyn(from, {
      source,
      sourcePort: options.oneHash ? portForOneHash(source, to.id, port) : drawn,
      to: to.id,
      port,
      seq: seqNum(random.nextU32()),
      flow: flow.index,
    });
    flow.noteStraySegment();
    callAt(engine, plus(now, Math.max(1, Math.round(random.exponential(meanNs)))), Priority.application, send);
  };

  flow.atStart(() => {
    send(engine.now);
  });
}
