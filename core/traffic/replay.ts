// replay: applications that write what real ones wrote. Every record waits for its time, and for the bytes that
// the other side had written before it, so the order of the conversation is kept whatever the network does.

import { type Nanos, plus } from '../base';
import { callAt, Priority } from '../engine';
import type { Host, Program } from '../stack';
import type { Flow } from './flow';

/** One write: `end` says whose. Times count from the start of the flow. */
export interface ReplayRecord {
  readonly atNs: number;
  readonly bytes: number;
  readonly end: 'from' | 'to';
  /** The last byte is (MSG_OOB). */
  readonly urgent: boolean;
}

/** Replays over one TCP connection, opened by `from`. Both ends close when they have written and read everything. */
export function startTcpReplay(flow: Flow, records: readonly ReplayRecord[]): void {
  const { engine, from, to, startAt } = flow.setting;

  function* act(end: 'from' | 'to'): Program {
    let toRead = 0;
    for (const record of records) {
      if (record.end !== end) {
        toRead += record.bytes;
        continue;
      }
      if (toRead > 0) {
        const got: number = yield { verb: 'read', bytes: toRead };
        if (got < toRead) return;
        toRead = 0;
      }
      yield { verb: 'sleepUntil', at: plus(startAt, record.atNs) };
      yield { verb: 'write', bytes: record.bytes, urgent: record.urgent };
    }
    yield { verb: 'drain' };
    if (end === 'from') flow.completedAt = engine.now;
    yield { verb: 'shutdown' };
    yield { verb: 'read', bytes: Infinity };
    if (end === 'from') flow.completedAt = engine.now;
    yield { verb: 'close' };
  }

  flow.listen(to, 'both', () => act('to'));
  flow.atStart(() => {
    flow.connect(from, to, 'both', act('from'));
  });
}

/** Replays datagrams at their times; a record larger than a datagram can be was refused with the scenario. */
export function startUdpReplay(flow: Flow, records: readonly ReplayRecord[]): void {
  const { engine, from, to, port, startAt } = flow.setting;
  const sockets = { from: from.bindUdp(port, flow.index), to: to.bindUdp(port, flow.index) };
  flow.datagramSockets.push(sockets.from, sockets.to);
  const peerOf = (end: 'from' | 'to'): Host => (end === 'from' ? to : from);
  let next = 0;

  const send = (now: Nanos): void => {
    for (let record = records[next]; record !== undefined; record = records[next]) {
      const at = plus(startAt, record.atNs);
      if (at > now) {
        callAt(engine, at, Priority.application, send);
        return;
      }
      sockets[record.end].sendTo(peerOf(record.end).id, port, record.bytes);
      next += 1;
    }
  };

  flow.atStart(() => {
    send(engine.now);
  });
}
