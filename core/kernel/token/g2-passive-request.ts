// The second generation of tokens, 2004, the one of the talk: a thread keeps a list of what it needs, and the scheduler runs it
// only when its CPU owns all of that; it asks for what is missing by passive IPI messages, which interrupt nobody. The
// owner grants a request unless a thread that runs there, or was preempted there, uses the token; then the request waits for its
// release (kernel.md §4.1 G2). Who does not have what it wants yields (the kernel could also be built to spin).

import type { Cpu } from '../cpu';
import { OwnedToken } from './owned-token';

export class PassiveRequestToken extends OwnedToken {
  readonly wait = 'switch';
  readonly isCritical = false;
  /** CPUs that the owner will give it to, in the order of asking. */
  private readonly requests: Cpu[] = [];

  protected ask(cpu: Cpu): void {
    cpu.ipis.send(this.owner, this, cpu, true);
  }

  onIpi(cpu: Cpu, arg: unknown): boolean {
    const requester = arg as Cpu;
    if (this.owner === requester) this.asked.delete(requester);
    else if (this.owner !== cpu) {
      this.counters.chases += 1;
      cpu.ipis.send(this.owner, this, requester, true);
    } else if (this.isAvailable) this.handOver(cpu, requester);
    else this.requests.push(requester);
    return true;
  }

  protected passOn(cpu: Cpu): void {
    const next = this.requests.shift();
    if (next === undefined) return;
    this.handOver(cpu, next);
    // The others ask where it has gone.
    for (const requester of this.requests.splice(0)) cpu.ipis.send(next, this, requester, true);
  }
}
