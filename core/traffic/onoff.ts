// onoff: a connection that alternates between sending (as fast as it goes, or at a rate) and silence.

import { NS_PER_MS, NS_PER_SECOND, type Nanos, plus } from '../base';
import type { Program } from '../stack';
import type { Flow } from './flow';
import { type Distribution, draw } from './sizes';
import { sink } from './sink';

export interface OnOffOptions {
  readonly on: Distribution;
  readonly off: Distribution;
  /** Application rate while on, bits per second; Infinity for as fast as TCP takes it. */
  readonly rateBps: number;
}

/** While on, the application writes at least this often. */
const TICK_NS = 10 * NS_PER_MS;
const CHUNK_BYTES = 16 * 1024;

export function startOnOff(flow: Flow, options: OnOffOptions): void {
  const { engine, random, from, to, stopAt } = flow.setting;

  function* send(): Program {
    while (engine.now < stopAt) {
      yield* sendUntil(plus(engine.now, draw(options.on, random, 1)));
      yield { verb: 'sleep', ns: draw(options.off, random, 1) };
    }
    flow.completedAt = engine.now;
    yield { verb: 'close' };
  }

  function* sendUntil(endAt: Nanos): Program {
    const startAt = engine.now;
    let written = 0;
    while (engine.now < endAt && engine.now < stopAt) {
      if (options.rateBps === Infinity) {
        yield { verb: 'write', bytes: CHUNK_BYTES };
        continue;
      }
      const due = Math.floor(((Math.min(engine.now + TICK_NS, endAt) - startAt) * options.rateBps) / 8 / NS_PER_SECOND);
      if (due > written) {
        yield { verb: 'write', bytes: due - written };
        written = due;
      }
      yield { verb: 'sleepUntil', at: plus(engine.now, TICK_NS) };
    }
  }

  flow.listen(to, 'receiver', sink);
  flow.atStart(() => {
    flow.connect(from, to, 'sender', send());
  });
}
