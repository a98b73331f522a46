// What a thread holds while it does a piece of protocol work: the big lock, a lock, or a token.

import type { Calls, Lock, Operation, Token } from '../../kernel';

export interface Holding {
  take(k: Calls): Operation;
  release(k: Calls): Operation;
}

export const GIANT: Holding = {
  take: (k) => k.get_mplock(),
  release: (k) => k.rel_mplock(),
};

export class LockHolding implements Holding {
  constructor(readonly lock: Lock) {}

  take(k: Calls): Operation {
    return k.lock(this.lock);
  }

  release(k: Calls): Operation {
    return k.unlock(this.lock);
  }
}

export class TokenHolding implements Holding {
  constructor(readonly token: Token) {}

  take(k: Calls): Operation {
    return k.gettoken(this.token);
  }

  release(k: Calls): Operation {
    return k.reltoken(this.token);
  }
}
