// Independent losses: every packet is lost with the same probability.

import type { RandomStream } from '../../engine';
import type { LossModel } from './loss-model';

export class BernoulliLoss implements LossModel {
  constructor(
    private probability: number,
    private readonly random: RandomStream,
  ) {}

  dropsOnEntry(): boolean {
    return false;
  }

  losesOnWire(): boolean {
    return this.random.chance(this.probability);
  }

  /** For scheduled changes. */
  setProbability(probability: number): void {
    this.probability = probability;
  }
}
