// The first generation of tokens, 2003: from taking to releasing it the holder is in a critical section, so that no IPI can take it
// away while it runs. Who wants it from elsewhere asks the owner's CPU and busy-waits, serving its own IPIs meanwhile; it is
// given there, or has gone on and must be asked for again. On release it goes to who asked last, without notice
// (kernel.md §4.1 G1). After a wait the kernel of 2003 had its programs take it again (lwkt_regettoken); here the
// scheduler does that for them, as it does for the later generations.

import type { Cpu } from '../cpu';
import { OwnedToken } from './owned-token';

export class OwnerCpuToken extends OwnedToken {
  readonly wait = 'serve';
  readonly isCritical = true;
  /** Who asked last; its IPI may still be on its way. */
  private requested: Cpu | undefined = undefined;
  /** Whose IPI has come while it could not be given. */
  private readonly deferred: Cpu[] = [];

  protected ask(cpu: Cpu): void {
    this.requested = cpu;
    cpu.ipis.send(this.owner, this, cpu);
  }

  onIpi(cpu: Cpu, arg: unknown): boolean {
    const requester = arg as Cpu;
    if (this.owner === cpu && requester !== cpu && !this.isAvailable) {
      // As if the holder's critical section still kept the IPI waiting.
      this.deferred.push(requester);
      return true;
    }
    this.asked.delete(requester);
    if (this.owner === cpu && requester !== cpu) {
      if (this.requested === requester) this.requested = undefined;
      this.handOver(cpu, requester);
    } else if (this.owner !== requester) {
      this.counters.chases += 1;
      this.tell(cpu, requester);
    }
    return true;
  }

  protected passOn(cpu: Cpu): void {
    const next = this.requested ?? this.deferred[0];
    this.requested = undefined;
    if (next !== undefined && next !== cpu) this.handOver(cpu, next);
    // The others ask where it has gone.
    for (const requester of this.deferred.splice(0)) {
      this.asked.delete(requester);
      this.tell(cpu, requester);
    }
  }
}
