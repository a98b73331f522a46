// The probes of machines: CPUs, threads, and what they share. They hear each span of CPU time as it ends, and look at the
// counters then; nothing in the kernel knows who listens.

import { NS_PER_SECOND } from '../base';
import type { ProbeFamily, ProbeListener } from '../engine';
import type { Cpu, CpuObserver, Kernel, Lock, Thread, Token } from '../kernel';
import type { Bus } from '../machine';
import { RateMeter, ShareMeter } from '../measure';
import {
  BUS_FIELDS,
  CPU_FIELDS,
  NIC_FIELDS,
  type ProbeFieldInfo,
  STACK_FIELDS,
  SYNC_FIELDS,
  THREAD_FIELDS,
} from '../scenario';
import type { PlacedStack } from '../stack';
import type { BuiltMachine, BuiltNic } from './build-machines';

type Frame = Parameters<CpuObserver['span']>[0];
/** Something that looks at the present whenever a span of a CPU's time has ended. */
interface Look {
  see(nowNs: number): void;
  /** The present is asked for, while nothing need have happened. What is told may not depend on that. */
  wait(nowNs: number): void;
}
/** Something that hears spans. */
interface SpanMeter {
  readonly wants: (by: Frame) => boolean;
  readonly meter: ShareMeter;
}

/** Watches one CPU for all who listen to it. */
class CpuWatch implements CpuObserver {
  readonly looks: Look[] = [];
  readonly spans: SpanMeter[] = [];
  readonly contested: ShareMeter[] = [];

  constructor(cpu: Cpu) {
    cpu.time.observer = this;
  }

  span(by: Frame, fromNs: number, toNs: number, hasEnded: boolean): void {
    for (const { wants, meter } of this.spans) if (wants(by)) meter.span(fromNs, toNs);
    if (hasEnded) for (const look of this.looks) look.see(toNs);
  }

  idle(fromNs: number, toNs: number, isContested: boolean, hasEnded: boolean): void {
    if (isContested) for (const meter of this.contested) meter.span(fromNs, toNs);
    if (hasEnded) for (const look of this.looks) look.see(toNs);
  }

  settle(nowNs: number): void {
    for (const { meter } of this.spans) meter.see(nowNs);
    for (const meter of this.contested) meter.see(nowNs);
    for (const look of this.looks) look.wait(nowNs);
  }
}

function add<T>(list: T[], item: T): () => void {
  list.push(item);
  return () => list.splice(list.indexOf(item), 1);
}

const BITS_PER_BYTE = 8;

const RATES: Readonly<Record<string, (cpu: Cpu) => number>> = {
  switches: ({ counters }) => counters.switches,
  messages: ({ counters }) => counters.messages,
  ipis: ({ counters }) => counters.ipiSent,
  'ipi-interrupts': ({ counters }) => counters.ipiInterrupts,
  interrupts: ({ counters }) => counters.interrupts,
  preemptions: ({ counters }) => counters.preemptHit,
  migrations: ({ counters }) => counters.migrations,
  'token-collisions': ({ counters }) => counters.tokenCollisions,
};

/** A machine and its watches, one per CPU; made when somebody listens. */
class Watched {
  private watches: CpuWatch[] | undefined = undefined;

  constructor(
    readonly machine: BuiltMachine,
    readonly intervalNs: number,
  ) {}

  get kernel(): Kernel {
    return this.machine.kernel;
  }

  get all(): readonly CpuWatch[] {
    this.watches ??= this.kernel.cpus.map((cpu) => new CpuWatch(cpu));
    return this.watches;
  }

  settle(): void {
    if (this.watches === undefined) return;
    this.kernel.settle();
    for (const watch of this.watches) watch.settle(this.kernel.engine.now);
  }

  /** Tells the rate of a counter that changes on any of the CPUs of `watches`. */
  rate(watches: readonly CpuWatch[], read: () => number, perCount: number, listener: ProbeListener): () => void {
    const meter = new RateMeter(this.intervalNs, perCount, this.kernel.engine.now, read(), listener);
    return this.look(watches, {
      see: (nowNs) => {
        meter.see(nowNs, read());
      },
      wait: (nowNs) => {
        meter.wait(nowNs);
      },
    });
  }

  /** Tells a value whenever it is found changed at the end of a span. */
  gauge(watches: readonly CpuWatch[], read: () => number, listener: ProbeListener): () => void {
    let last = Number.NaN;
    return this.look(watches, {
      see: (nowNs) => {
        const value = read();
        if (value === last) return;
        last = value;
        listener(nowNs, value);
      },
      wait: () => undefined,
    });
  }

  private look(watches: readonly CpuWatch[], look: Look): () => void {
    const stops = watches.map((watch) => add(watch.looks, look));
    return () => {
      for (const stop of stops) stop();
    };
  }

  share(watches: readonly CpuWatch[], wants: (by: Frame) => boolean, listener: ProbeListener): () => void {
    const meter = new ShareMeter(this.intervalNs, this.kernel.engine.now, listener);
    const stops = watches.map((watch) => add(watch.spans, { wants, meter }));
    return () => {
      for (const stop of stops) stop();
    };
  }

  contested(watch: CpuWatch, listener: ProbeListener): () => void {
    return add(watch.contested, new ShareMeter(this.intervalNs, this.kernel.engine.now, listener));
  }
}

/** One family: its members are parts of machines, named `host/part`. */
abstract class PartProbes<Part> implements ProbeFamily {
  abstract readonly family: string;
  abstract readonly fields: readonly ProbeFieldInfo[];
  protected readonly parts = new Map<string, { readonly watched: Watched; readonly part: Part }>();

  /** @param partsOf a machine, by name; one without a name is the machine's own */
  constructor(machines: readonly Watched[], partsOf: (machine: BuiltMachine) => readonly (readonly [string, Part])[]) {
    for (const watched of machines)
      for (const [name, part] of partsOf(watched.machine))
        this.parts.set(`${watched.machine.host}${name === '' ? '' : `/${name}`}`, { watched, part });
  }

  members(): readonly string[] {
    return [...this.parts.keys()];
  }

  attach(member: string, field: string, listener: ProbeListener): () => void {
    const { watched, part } = this.parts.get(member)!;
    return this.listen(watched, part, field, listener);
  }

  protected abstract listen(watched: Watched, part: Part, field: string, listener: ProbeListener): () => void;
}

class CpuProbes extends PartProbes<Cpu> {
  readonly family = 'cpu';
  readonly fields = CPU_FIELDS;

  protected listen(watched: Watched, cpu: Cpu, field: string, listener: ProbeListener): () => void {
    const watch = watched.all[cpu.id]!;
    switch (field) {
      case 'busy':
        return watched.share([watch], () => true, listener);
      case 'handlers':
        return watched.share([watch], (by) => !isThread(by), listener);
      case 'contested':
        return watched.contested(watch, listener);
      case 'runnable':
        return watched.gauge([watch], () => cpu.scheduler.runQueue.length, listener);
      default:
        return watched.rate([watch], () => RATES[field]!(cpu), 1, listener);
    }
  }
}

class ThreadProbes extends PartProbes<Thread> {
  readonly family = 'thread';
  readonly fields = THREAD_FIELDS;

  protected listen(watched: Watched, thread: Thread, field: string, listener: ProbeListener): () => void {
    switch (field) {
      case 'busy':
        return watched.share(watched.all, (by) => by === thread, listener);
      case 'waiting':
        return watched.gauge(watched.all, () => thread.port.queue.length, listener);
      default:
        return watched.rate(watched.all, () => thread.switches, 1, listener);
    }
  }
}

class SyncProbes extends PartProbes<Token | Lock> {
  readonly family = 'sync';
  readonly fields = SYNC_FIELDS;

  protected listen(watched: Watched, sync: Token | Lock, field: string, listener: ProbeListener): () => void {
    switch (field) {
      case 'held':
        return watched.rate(watched.all, () => sync.heldNs, 1 / NS_PER_SECOND, listener);
      case 'collisions':
        return watched.rate(watched.all, () => sync.counters.collisions, 1, listener);
      default:
        return watched.rate(watched.all, () => sync.counters.acquisitions, 1, listener);
    }
  }
}

/** Counters of an interface that are told as rates. */
const NIC_RATES: Readonly<Record<string, (built: BuiltNic) => number>> = {
  'frames-out': ({ nic }) => nic.counters.framesSent,
  'frames-in': ({ nic }) => nic.counters.framesReceived,
  dma: ({ nic }) => nic.counters.dmaTransactions,
  descriptors: ({ nic }) => nic.counters.descriptors,
  doorbells: ({ nic }) => nic.counters.doorbells,
  'nic-interrupts': ({ nic }) => nic.interrupts,
  bursts: ({ nic }) => nic.counters.tsoBursts,
  segments: ({ nic }) => nic.counters.tsoSegments,
};

class NicProbes extends PartProbes<BuiltNic> {
  readonly family = 'nic';
  readonly fields = NIC_FIELDS;

  protected listen(watched: Watched, built: BuiltNic, field: string, listener: ProbeListener): () => void {
    const { nic, driver } = built;
    switch (field) {
      case 'ring':
        return watched.gauge(watched.all, () => nic.rings.reduce((sum, { length }) => sum + length, 0), listener);
      case 'send-queue':
        return watched.gauge(watched.all, () => driver.waiting, listener);
      default:
        return watched.rate(watched.all, () => NIC_RATES[field]!(built), 1, listener);
    }
  }
}

class BusProbes extends PartProbes<Bus> {
  readonly family = 'bus';
  readonly fields = BUS_FIELDS;

  protected listen(watched: Watched, { counters }: Bus, field: string, listener: ProbeListener): () => void {
    return field === 'bus-busy'
      ? watched.rate(watched.all, () => counters.busyNs, 1 / NS_PER_SECOND, listener)
      : watched.rate(watched.all, () => counters.bytes, BITS_PER_BYTE, listener);
  }
}

const STACK_RATES: Readonly<Record<string, (stack: PlacedStack) => number>> = {
  packets: ({ counters }) => counters.packetsByCpu.reduce((sum, packets) => sum + packets, 0),
  hops: ({ counters }) => counters.hops,
  requeued: ({ counters }) => counters.requeued,
  lines: ({ machine }) => machine.linesCome,
};

class StackProbes extends PartProbes<PlacedStack> {
  readonly family = 'stack';
  readonly fields = STACK_FIELDS;

  protected listen(watched: Watched, stack: PlacedStack, field: string, listener: ProbeListener): () => void {
    return watched.rate(watched.all, () => STACK_RATES[field]!(stack), 1, listener);
  }
}

function isThread(frame: Frame): frame is Thread {
  return 'port' in frame;
}

/** All probes of a run's machines. */
export class MachineProbes {
  readonly families: readonly ProbeFamily[];
  private readonly machines: readonly Watched[];

  /** @param intervalNs interval of rates and shares */
  constructor(machines: readonly BuiltMachine[], intervalNs: number) {
    this.machines = machines.map((machine) => new Watched(machine, intervalNs));
    this.families = [
      new CpuProbes(this.machines, ({ kernel }) => kernel.cpus.map((cpu) => [String(cpu.id), cpu])),
      new ThreadProbes(this.machines, ({ kernel }) => kernel.threads.map((thread) => [thread.name, thread])),
      new SyncProbes(this.machines, ({ kernel }) =>
        [...kernel.allTokens, ...kernel.locks].map((sync) => [sync.name, sync]),
      ),
      new NicProbes(this.machines, ({ nics }) => nics.map((nic) => [nic.link, nic])),
      new BusProbes(this.machines, ({ stack, bus }) => (stack === undefined ? [] : [['', bus]])),
      new StackProbes(this.machines, ({ stack }) => (stack === undefined ? [] : [['', stack]])),
    ];
  }

  /** Brings rates and shares up to the present. */
  settle(): void {
    for (const machine of this.machines) machine.settle();
  }
}
