// An interrupt handler on its CPU's stack: one device or timer interrupt, or a pass over the IPI rings (kernel.md §5).

import { type CauseId, NO_CAUSE } from '../base';
import type { Cpu } from './cpu';
import { type Frame, Spin } from './frame';
import type { IpiFunction, IpiRing } from './ipi-ring';
import { tellAwaiting } from './operations/ipis';

export class InterruptFrame implements Frame {
  billNs = 0;
  spin: Spin = Spin.none;
  cause: CauseId = NO_CAUSE;
  slice: CauseId = NO_CAUSE;
  /** The interrupt's function, or the IPI function that could not be finished for want of room. */
  private pending: IpiFunction | undefined = undefined;
  private arg: unknown = undefined;
  /** The ring whose function is pending. */
  private ring: IpiRing | undefined = undefined;
  private readsRings = false;
  private cpu: Cpu | undefined = undefined;

  beginInterrupt(cpu: Cpu, { fn, arg, entryNs }: { fn: IpiFunction; arg: unknown; entryNs: number }): void {
    this.cpu = cpu;
    this.readsRings = false;
    this.pending = fn;
    this.arg = arg;
    this.billNs = entryNs;
  }

  beginIpis(cpu: Cpu): void {
    this.cpu = cpu;
    this.readsRings = true;
    this.pending = undefined;
    cpu.ipis.isPolled = true;
    this.billNs = cpu.kernel.machine.profile.ipiHandlerNs;
  }

  account(ns: number): void {
    this.cpu!.counters.handlerNs += ns;
  }

  step(cpu: Cpu): void {
    if (this.pending === undefined && !this.takeNext(cpu)) {
      if (this.readsRings) cpu.ipis.isPolled = false;
      cpu.leaveHandler();
      return;
    }
    const fn = this.pending!;
    if (!fn.onIpi(cpu, this.arg)) return;
    this.pending = undefined;
    this.arg = undefined;
    if (this.ring !== undefined) {
      this.ring.executed += 1;
      if (this.ring.awaited.length > 0) tellAwaiting(cpu, this.ring);
    }
    this.ring = undefined;
  }

  /** The oldest entry of the source with the lowest number. */
  private takeNext(cpu: Cpu): boolean {
    if (!this.readsRings) return false;
    const { inbox } = cpu.ipis;
    for (const ring of inbox) {
      if (ring === undefined || ring.length === 0) continue;
      this.billNs += ring.line.read(cpu.id);
      this.pending = ring.take();
      this.arg = ring.lastArg;
      this.ring = ring;
      cpu.kernel.trace?.ipiTaken(cpu, ring.lastCause);
      cpu.ipis.relax(ring);
      return true;
    }
    return false;
  }
}
