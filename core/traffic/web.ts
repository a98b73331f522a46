// web: a server (`from`) answers requests of a client (`to`), one connection each, that come as a stream of
// arrivals. Sizes are drawn when the request arrives, so that the same seed asks for the same objects whatever
// the network does with them. A transfer takes from the client's SYN to the last byte it reads.

import { type Nanos, NS_PER_SECOND, plus } from '../base';
import { callAt, Priority } from '../engine';
import type { Program, TcpSocket } from '../stack';
import type { Flow } from './flow';
import { type Distribution, draw } from './sizes';

export interface WebOptions {
  /** Requests per second. */
  readonly arrivalsPerSecond: number;
  readonly arrivals: 'poisson' | 'periodic';
  /** Size of a response, bytes. */
  readonly size: Distribution;
  readonly requestBytes: number;
}

export function startWeb(flow: Flow, options: WebOptions): void {
  const { engine, random, from: server, to: client, stopAt } = flow.setting;
  /** Sizes asked for and not yet served, by the client's port. */
  const asked = new Map<number, number>();

  function* serve(socket: TcpSocket): Program {
    yield { verb: 'read', bytes: options.requestBytes };
    yield { verb: 'write', bytes: asked.get(socket.remotePort) ?? 1 };
    asked.delete(socket.remotePort);
    yield { verb: 'close' };
  }

  function* ask(sizeBytes: number, since: Nanos): Program {
    yield { verb: 'write', bytes: options.requestBytes };
    const got: number = yield { verb: 'read', bytes: sizeBytes };
    if (got >= sizeBytes) flow.completions.add(engine.now - since);
    yield { verb: 'close' };
  }

  const arrive = (now: Nanos): void => {
    const sizeBytes = draw(options.size, random, 1);
    const socket = flow.connect(client, server, 'receiver', ask(sizeBytes, now), (_end, ended) => {
      asked.delete(ended.localPort);
    });
    asked.set(socket.localPort, sizeBytes);
    scheduleNext(now);
  };

  const scheduleNext = (now: Nanos): void => {
    const meanNs = NS_PER_SECOND / options.arrivalsPerSecond;
    const gapNs = options.arrivals === 'poisson' ? random.exponential(meanNs) : meanNs;
    const at = plus(now, Math.max(1, Math.round(gapNs)));
    if (at < stopAt) callAt(engine, at, Priority.application, arrive);
  };

  flow.listen(server, 'sender', serve);
  flow.atStart(() => {
    scheduleNext(engine.now);
  });
}
