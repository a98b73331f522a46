// Networks for labs of the stack: one server whose stack runs on CPUs, clients without any, a link with a network interface of the
// server's for each of them, and a run of which a warm-up is left out.

import { nanos } from '../base';
import type { RunSummary } from '../measure';
import type { World } from '../world';
import type { Setting } from './lab';

type Fields = Readonly<Record<string, unknown>>;

export interface ServerWishes {
  readonly cpus: number;
  /** The scenario's `kernel`, `machine`, `nic` and `tcp` of the server; TCP also of its clients. */
  readonly kernel: Fields;
  readonly machine?: Fields;
  readonly nic?: Fields;
  readonly tcp?: Fields;
  /** Clients, with a link each; default 1. */
  readonly links?: number;
  /** Of each link; default 10 Gbit/s. */
  readonly rateBps?: number;
  /** One way; default 20 µs. */
  readonly delayNs?: number;
  /** Connections, spread over the clients, and which way their data goes. */
  readonly connections?: number;
  readonly direction?: 'send' | 'receive';
  /** Traffic besides; `server` and `client0`… are the nodes. */
  readonly traffic?: readonly Fields[];
  readonly changes?: readonly Fields[];
  readonly durationNs: number;
}

/** Whether the server's connections are up and their windows open by then: they start within the first tenth of it. */
export const WARM_UP_SHARE = 0.4;

export function serverScenario(wishes: ServerWishes, seed: number): Fields {
  const { links = 1, rateBps = 10e9, delayNs = 20_000, connections = 0, direction = 'send', durationNs } = wishes;
  const clients = Array.from({ length: links }, (_, index) => `client${String(index)}`);
  return {
    format: 'odonata-scenario',
    version: 1,
    name: 'Lab',
    seed,
    duration: durationNs,
    defaults: {
      tcp: {
        sack: true,
        initialWindow: 'iw10',
        sendBuffer: '256KiB',
        receiveBuffer: '256KiB',
        ephemeralPorts: 'random',
        ...wishes.tcp,
      },
    },
    nodes: [
      {
        id: 'server',
        kind: 'host',
        machine: { cpus: wishes.cpus, bus: 'pcie3-x16', ...wishes.machine },
        kernel: wishes.kernel,
        nic: { interruptRate: 8000, ...wishes.nic },
      },
      ...clients.map((id) => ({ id, kind: 'host' })),
    ],
    links: clients.map((id, index) => ({
      id: `link${String(index)}`,
      from: 'server',
      to: id,
      rate: rateBps,
      delay: delayNs,
      queue: { discipline: 'droptail', limit: '1000p' },
    })),
    traffic: [
      ...Array.from({ length: connections }, (_, index) => {
        const client = clients[index % links]!;
        return {
          id: `c${String(index)}`,
          kind: 'bulk',
          from: direction === 'send' ? 'server' : client,
          to: direction === 'send' ? client : 'server',
          start: Math.floor((index * durationNs * WARM_UP_SHARE) / 4 / Math.max(1, connections)),
        };
      }),
      ...(wishes.traffic ?? []),
    ],
    changes: wishes.changes ?? [],
    probes: [],
  };
}

/** What the part of a run after its warm-up measured. */
export class Measured {
  constructor(
    private readonly before: RunSummary,
    readonly after: RunSummary,
    readonly world: World,
  ) {}

  get seconds(): number {
    return this.after.totals.simSeconds - this.before.totals.simSeconds;
  }

  /** The growth of a number in the summary. */
  growth(read: (summary: RunSummary) => number): number {
    return read(this.after) - read(this.before);
  }

  get deliveredBytes(): number {
    return this.growth(({ flows }) => flows.reduce((sum, { bytesDelivered }) => sum + bytesDelivered, 0));
  }

  get goodputBps(): number {
    return (this.deliveredBytes * 8) / this.seconds;
  }

  /** Busy CPUs of the server: 0 to their number. */
  get busyCpus(): number {
    return this.busyNs() / (this.seconds * 1e9);
  }

  /** Busy time of one CPU, or of all. */
  busyNs(cpu?: number): number {
    return this.growth(({ cpus }) =>
      cpus.reduce((sum, { cpu: number, busyNs }) => sum + (cpu === undefined || number === cpu ? busyNs : 0), 0),
    );
  }

  /** Packets that the server's interfaces sent and received. */
  get packets(): number {
    return this.growth(({ nics }) => nics.reduce((sum, nic) => sum + nic.framesSent + nic.framesReceived, 0));
  }

  get packetsPerSecond(): number {
    return this.packets / this.seconds;
  }

  /** Cache lines that had to come, by what is in them if asked for. */
  misses(...kinds: readonly string[]): number {
    return this.growth(({ stacks }) =>
      stacks.reduce((sum, { transfers, fills, lineTransfers }) => {
        const wanted = kinds.length === 0 ? Object.keys(transfers) : kinds;
        const regions = wanted.reduce((all, kind) => all + (transfers[kind] ?? 0) + (fills[kind] ?? 0), 0);
        return sum + regions + (kinds.length === 0 ? lineTransfers : 0);
      }, 0),
    );
  }

  get missesPerKilobyte(): number {
    return this.misses() / (this.deliveredBytes / 1024);
  }

  /** Requests for locks of this name that were not granted at once, as a share of all that were granted; 0 if there are none. */
  lockContention(name: string): number {
    const sum = (read: (lock: { acquisitions: number; collisions: number }) => number): number =>
      this.growth(({ kernels }) =>
        kernels.reduce(
          (all, { locks, tokens }) =>
            all +
            [...locks, ...tokens]
              .filter((lock) => lock.name.startsWith(name))
              .reduce((one, lock) => one + read(lock), 0),
          0,
        ),
      );
    const taken = sum(({ acquisitions }) => acquisitions);
    return taken === 0 ? 0 : sum(({ collisions }) => collisions) / taken;
  }

  /** The growth of a counter of the server's interfaces. */
  nic(name: Exclude<keyof RunSummary['nics'][number], 'host' | 'link'>): number {
    return this.growth(({ nics }) => nics.reduce((sum, nic) => sum + nic[name], 0));
  }

  /** The growth of a counter of the server's stack. */
  stack(read: (stack: RunSummary['stacks'][number]) => number): number {
    return this.growth(({ stacks }) => stacks.reduce((sum, stack) => sum + read(stack), 0));
  }

  /** Largest over mean of the packets that each of the server's CPUs worked on. */
  get imbalance(): number {
    const before = this.before.stacks[0]!.packetsByCpu;
    const grown = this.after.stacks[0]!.packetsByCpu.map((packets, cpu) => packets - before[cpu]!);
    return (Math.max(...grown) * grown.length) / grown.reduce((sum, packets) => sum + packets, 0);
  }
}

/** Runs a world. @param warmUpNs is left out of what is measured */
export function measureWorld(world: World, warmUpNs: number): Measured {
  world.run(nanos(Math.round(warmUpNs)));
  const before = world.summary('stopped', 0);
  world.run(world.endAt);
  return new Measured(before, world.summary('finished', 0), world);
}

/** Runs a server; its first part is the warm-up. @param what tells it from other runs of the same point */
export function measureServer(wishes: ServerWishes, { seed, world }: Setting, what?: string): Measured {
  return measureWorld(world(serverScenario(wishes, seed), what), wishes.durationNs * WARM_UP_SHARE);
}
