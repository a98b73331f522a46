// A serializer, which drivers use: held across blocking, one at a time, others sleep for it. It knows whether the device's
// interrupt handler is switched off; the handler asks before it takes it and once more when it has it (kernel.md §2.4).

import type { Thread } from '../thread';
import { type Waiting, WaitingLock } from './waiting-lock';

export class Serializer extends WaitingLock {
  readonly kind = 'serializer';

  /** The device's handler does not run. */
  isHandlerDisabled = false;

  protected waysOf(_thread: Thread): Waiting {
    return 'block';
  }
}
