// IPI messages of one CPU: a ring from each of the others to it, and an interrupt when it is not about to look (kernel.md §5).
// Messages are sent by those of the sender's CPU; a handler of the target's takes them (interrupt-frame.ts).

import { nanos, NO_CAUSE } from '../base';
import type { Cpu } from './cpu';
import { Spin } from './frame';
import { type IpiFunction, IpiRing } from './ipi-ring';

export class CpuIpis {
  /** Rings from other CPUs, by their number; made when first used. */
  readonly inbox: (IpiRing | undefined)[] = [];
  /** Somebody has sent an interrupt, or we are draining: no other is needed (gd_npoll). */
  isPolled = false;
  /** An interrupt has come, and no handler has looked since. */
  isPending = false;
  /** Interrupts that are on their way here. */
  coming = 0;
  /** Messages whose sender found a ring full where it could not wait; it spins until they are sent. */
  private readonly unsent: { target: Cpu; fn: IpiFunction; arg: unknown; passive: boolean }[] = [];

  constructor(private readonly cpu: Cpu) {}

  /** An interrupt has come. */
  arrive(): void {
    this.coming -= 1;
    this.isPending = true;
  }

  /**
   * Makes sure that a message can be sent to `target`; the top frame spins until there is room when there is none.
   * @returns whether it can be sent now
   */
  hasRoomTo(target: Cpu): boolean {
    const { cpu } = this;
    if (target === cpu) return true;
    const ring = target.ipis.inbox[cpu.id];
    if (ring === undefined || !ring.isFull) return true;
    cpu.counters.ipiFifoFull += 1;
    ring.waiting = cpu;
    this.spinDraining();
    // It may be full of entries that nobody was told of.
    this.interruptOther(target);
    return false;
  }

  /** Calls `fn` on `target`: now if that is this CPU, else through its ring. `hasRoomTo` was asked before. */
  send(target: Cpu, fn: IpiFunction, arg: unknown, passive = false): void {
    const { cpu } = this;
    if (target === cpu) {
      fn.onIpi(cpu, arg);
      return;
    }
    const { machine, options, trace } = cpu.kernel;
    const ring = (target.ipis.inbox[cpu.id] ??= new IpiRing(options.ipiRingEntries, machine.line()));
    if (ring.length >= ring.size || this.unsent.length > 0) {
      this.defer(ring, target, fn, arg, passive);
      return;
    }
    cpu.charge(ring.line.write(cpu.id));
    ring.push(fn, arg, trace?.ipiSent(cpu, target) ?? NO_CAUSE);
    cpu.counters.ipiSent += 1;
    if (passive) {
      cpu.counters.ipiPassive += 1;
      target.ensureTick();
    } else if (target.ipis.isPolled && options.ipiInterlock) cpu.counters.ipiAvoided += 1;
    else this.interruptOther(target);
  }

  /** The ring is full, and the caller cannot be asked again: it spins at its next step, until this is sent. */
  private defer(ring: IpiRing, target: Cpu, fn: IpiFunction, arg: unknown, passive: boolean): void {
    this.cpu.counters.ipiFifoFull += 1;
    this.unsent.push({ target, fn, arg, passive });
    ring.waiting = this.cpu;
    this.spinDraining();
    this.interruptOther(target);
  }

  /** There may be room again. */
  sendDeferred(): void {
    if (this.unsent.length === 0) return;
    for (const { target, fn, arg, passive } of this.unsent.splice(0)) this.send(target, fn, arg, passive);
  }

  private interruptOther(target: Cpu): void {
    const { cpu } = this;
    const { machine, faults } = cpu.kernel;
    target.ipis.isPolled = true;
    cpu.counters.ipiInterrupts += 1;
    if (faults?.strikes('interrupt') === true) return;
    target.ipis.coming += 1;
    target.interruptForIpisAt(nanos(cpu.owedAt + Math.round(machine.profile.ipiLatencyNs)));
  }

  /** A ring of ours has room again; tells who waits for it. */
  relax(ring: IpiRing): void {
    const { waiting } = ring;
    if (waiting === undefined || !ring.isRelaxed) return;
    ring.waiting = undefined;
    const { cpu } = this;
    waiting.lookAgainAt(nanos(cpu.owedAt + Math.round(cpu.kernel.machine.transferNs(cpu.id, waiting.id))));
  }

  /** Whoever takes its step spins from now on, and works on the rings of this CPU meanwhile. */
  spinDraining(): void {
    const { payer } = this.cpu;
    if (payer === undefined) return;
    payer.spin = Spin.draining;
    if (!this.isPolled) return;
    // The handler that was to look at the rings cannot: others have to interrupt, and what waits already needs a look.
    this.isPolled = false;
    this.isPending ||= this.hasEntries;
  }

  /** Nobody interrupts this CPU because it is believed to be about to look at its rings; and nothing will make it look. */
  get isForgotten(): boolean {
    return this.isPolled && this.coming === 0 && !this.isPending && !this.cpu.isInHandler && this.hasEntries;
  }

  /** Something waits in a ring to this CPU. */
  get hasEntries(): boolean {
    return this.inbox.some((ring) => ring !== undefined && ring.length > 0);
  }

  /** Whether the ring to `target` is two thirds full. */
  isNearlyFullTo(target: Cpu): boolean {
    const ring = target.ipis.inbox[this.cpu.id];
    return target !== this.cpu && ring !== undefined && ring.length >= (2 * ring.size) / 3;
  }
}
