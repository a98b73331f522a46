// transfer: one object of a given size. It is complete when its last byte has been acknowledged. In an exchange both ends have
// one, and send them at the same time, in turns of some size.

import type { Program } from '../stack';
import type { Flow } from './flow';
import { sink } from './sink';
import { writeWithMarks } from './urgent-marks';

export interface TransferOptions {
  /** At least 1. */
  readonly sizeBytes: number;
  /** Of an exchange; undefined when only `from` sends. */
  readonly turnBytes: number | undefined;
  /** When only `from` sends: bytes before each urgent octet, rising and below `sizeBytes`. */
  readonly urgentAt: readonly number[];
}

export function startTransfer(flow: Flow, { sizeBytes, turnBytes, urgentAt }: TransferOptions): void {
  const { engine, from, to } = flow.setting;
  const role = turnBytes === undefined ? 'sender' : 'both';
  function* send(): Program {
    if (turnBytes === undefined) yield* writeWithMarks(sizeBytes, urgentAt);
    else yield* takeTurns(sizeBytes, turnBytes);
    yield { verb: 'drain' };
    flow.completedAt = engine.now;
    yield { verb: 'close' };
  }
  flow.listen(to, turnBytes === undefined ? 'receiver' : 'both', () =>
    turnBytes === undefined ? sink() : answer(sizeBytes, turnBytes),
  );
  flow.atStart(() => {
    flow.connect(from, to, role, send());
  });
}

function* answer(sizeBytes: number, turnBytes: number): Program {
  yield* takeTurns(sizeBytes, turnBytes);
  yield { verb: 'read', bytes: Infinity };
  yield { verb: 'close' };
}

/** Writes turns and reads the other's, always one turn ahead: so there is something to send while something is missing. */
function* takeTurns(sizeBytes: number, turnBytes: number): Program {
  let written = 0;
  for (let read = 0; read < sizeBytes;) {
    const ahead = Math.min(sizeBytes, read + 2 * turnBytes);
    if (written < ahead) yield { verb: 'write', bytes: ahead - written };
    written = ahead;
    const bytes = Math.min(turnBytes, sizeBytes - read);
    const got: number = yield { verb: 'read', bytes };
    if (got < bytes) return;
    read += bytes;
  }
}
