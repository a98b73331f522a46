// Bursty losses: a two-state Markov chain that moves once per packet (Gilbert 1960, Elliott 1963).

import type { RandomStream } from '../../engine';
import type { LossModel } from './loss-model';

/** All four are probabilities per packet. */
export interface GilbertElliottOptions {
  /** From the good to the bad state. */
  readonly enterBad: number;
  /** From the bad to the good state; its inverse is the mean burst length in packets. */
  readonly leaveBad: number;
  readonly lossInGood: number;
  readonly lossInBad: number;
}

export class GilbertElliottLoss implements LossModel {
  private bad = false;

  constructor(
    private readonly options: GilbertElliottOptions,
    private readonly random: RandomStream,
  ) {}

  dropsOnEntry(): boolean {
    return false;
  }

  losesOnWire(): boolean {
    const { enterBad, leaveBad, lossInGood, lossInBad } = this.options;
    const moves = this.random.chance(this.bad ? leaveBad : enterBad);
    if (moves) this.bad = !this.bad;
    return this.random.chance(this.bad ? lossInBad : lossInGood);
  }
}
