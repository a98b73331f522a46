// The pool of tokens: an object that has none of its own uses the one that its address leads to, so two objects may share one (kernel.md
// §4.1). That is safe because tokens nest and take no order.

import type { Kernel } from '../kernel';
import type { Token } from './token';

/** 2004: 1,024 tokens, and how an address leads to one; 2019: 16,384 and two moduli that are prime. */
const EARLY_SIZE = 1024;
const LATE_SIZE = 16_384;
const LATE_MODULI = [16_381, 8191] as const;

export class TokenPool {
  private readonly tokens = new Map<number, Token>();
  private readonly members = new Set<Token>();

  constructor(private readonly kernel: Kernel) {}

  /** @param address of the object, a whole number below 2^53 */
  of(address: number): Token {
    const index = this.indexOf(address);
    let token = this.tokens.get(index);
    if (token === undefined) {
      token = this.kernel.token(`pool ${String(index)}`);
      this.tokens.set(index, token);
      this.members.add(token);
    }
    return token;
  }

  /** Whether a token is one of the pool's. */
  has(token: Token): boolean {
    return this.members.has(token);
  }

  private indexOf(address: number): number {
    if (this.kernel.options.tokens === 'g3') {
      const [first, second] = LATE_MODULI;
      return ((address % first) ^ (address % second)) % LATE_SIZE;
    }
    return (Math.floor(address / 4) ^ Math.floor(address / 4096)) & (EARLY_SIZE - 1);
  }
}
