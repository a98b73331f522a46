// How a thread does a piece of protocol work: takes what the work holds, does it, gives back, and then does what the step has left
// behind, each under holdings of its own: users of sockets are told, complete connections queued, datagrams appended.

import type { Body, Calls } from '../../kernel';
import { Protocol } from '../../packet';
import { NO_BUFFER } from './bill';
import type { Holding } from './holding';
import { APPEND_DATAGRAM, COMPLETE, DELIVER } from './steps';
import type { Runner, Work } from './work';

/** Does the work, and then what it has left to do. */
export function* perform(k: Calls, runner: Runner, work: Work, held: readonly Holding[]): Body {
  yield* hold(k, runner, work, held);
  if (runner.hasMore) yield* finish(k, runner);
}

/** Does the work only. Where the model allows, the first holding is given back as soon as the step needs it no more. */
export function* hold(k: Calls, runner: Runner, work: Work, held: readonly Holding[]): Body {
  for (const holding of held) yield holding.take(k);
  const mayCut = runner.stack.model.givesTableBack && held.length > 1;
  yield runner.does(work, mayCut);
  let first = 0;
  if (runner.isAtCut) {
    yield held[0]!.release(k);
    first = 1;
    yield runner.goesOn();
  }
  for (let i = held.length - 1; i >= first; i -= 1) yield held[i]!.release(k);
}

/** What steps have left to do. */
export function* finish(k: Calls, runner: Runner): Body {
  const { errand, completions, deliveries, arrivals } = runner;
  while (completions.length > 0 || deliveries.length > 0) {
    const complete = completions.shift();
    const socket = complete ?? deliveries.shift()!;
    const seat = socket.seat!;
    errand.socket = socket;
    errand.step = complete === undefined ? DELIVER : COMPLETE;
    const holding = complete === undefined ? seat.bufferHolding : seat.acceptQueue!.holding;
    if (holding !== undefined) {
      yield holding.take(k);
      yield runner.does(errand);
      yield holding.release(k);
    } else yield* hold(k, runner, errand, seat.holdings);
  }
  if (arrivals.length > 0) yield* appendDatagrams(k, runner);
}

function* appendDatagrams(k: Calls, runner: Runner): Body {
  const { errand, stack } = runner;
  for (const { socket, partition, bytes, buffer } of runner.arrivals.splice(0)) {
    errand.step = APPEND_DATAGRAM;
    errand.datagrams = socket;
    errand.amount = bytes;
    errand.buffer = buffer;
    yield* hold(k, runner, errand, stack.model.strangers(partition.index, Protocol.udp));
    errand.buffer = NO_BUFFER;
  }
}
