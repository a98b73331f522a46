// request-response: one connection on which the client (`from`) asks and the server (`to`) answers, in turn, with
// time to think in between. A transaction takes from writing the request to reading the last byte of the answer.

import type { Program } from '../stack';
import type { Flow } from './flow';
import { type Distribution, draw } from './sizes';

export interface RequestResponseOptions {
  /** Transactions; Infinity for as many as fit. */
  readonly count: number;
  readonly request: Distribution;
  readonly response: Distribution;
  /** Time between an answer and the next request, ns. */
  readonly think: Distribution;
}

export function startRequestResponse(flow: Flow, options: RequestResponseOptions): void {
  const { engine, random, from: client, to: server, stopAt } = flow.setting;
  /** Sizes of the transactions under way, in the order of asking. */
  const pending: { readonly requestBytes: number; readonly responseBytes: number }[] = [];

  function* ask(): Program {
    for (let done = 0; done < options.count && engine.now < stopAt; done += 1) {
      const requestBytes = draw(options.request, random, 1);
      const responseBytes = draw(options.response, random, 1);
      const askedAt = engine.now;
      pending.push({ requestBytes, responseBytes });
      yield { verb: 'write', bytes: requestBytes };
      const got: number = yield { verb: 'read', bytes: responseBytes };
      if (got < responseBytes) return;
      flow.completions.add(engine.now - askedAt);
      yield { verb: 'sleep', ns: draw(options.think, random, 0) };
    }
    flow.completedAt = engine.now;
    yield { verb: 'close' };
  }

  /** The client pushes a transaction before its bytes can arrive, so an empty list means that it has closed. */
  function* answer(): Program {
    for (;;) {
      const got: number = yield { verb: 'read', bytes: pending[0]?.requestBytes ?? 1 };
      const transaction = pending.shift();
      if (transaction === undefined || got < 1) break;
      if (got < transaction.requestBytes) yield { verb: 'read', bytes: transaction.requestBytes - got };
      yield { verb: 'write', bytes: transaction.responseBytes };
    }
    yield { verb: 'close' };
  }

  flow.listen(server, 'both', answer);
  flow.atStart(() => {
    flow.connect(client, server, 'both', ask());
  });
}
