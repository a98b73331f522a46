// A server that suffers one fault at a random time, and who notices: an assertion that ends the run, or a counter of what the design
// recovers from.

import { InvariantError, nanos } from '../../base';
import { RandomStream } from '../../engine';
import { type FaultPlace, type Kernel, KernelProgramError } from '../../kernel';
import { checkScenario } from '../../scenario';
import type { PlacedStack } from '../../stack';
import { World } from '../../world';
import type { Setting } from '../lab';
import { serverScenario } from '../on-network';

export interface Fault {
  /** Where the kernel is asked whether it fails; undefined: nothing fails by itself. */
  readonly place?: FaultPlace;
  /** What counts it, when the design recovers from it. */
  readonly counts?: (stack: PlacedStack, world: World) => number;
  /** The rule of kernel.md that the assertion names, when it does not; the second is the first as the scheduler sees it. */
  readonly rules?: readonly string[];
  /** What the server has too little of. */
  readonly nic?: object;
  /** A thread fills the first CPU's ring to the second with messages that interrupt nobody. */
  readonly fillsRing?: boolean;
  /** Strangers send more than it can take, from then on for 2 ms. */
  readonly isFlooded?: boolean;
}

export interface Outcome {
  /** When it was to happen, and did; -1: never. */
  readonly struckAt: number;
  /** When somebody noticed; -1: nobody. */
  readonly noticedAt: number;
  /** The rule that an assertion named; empty if none spoke. */
  readonly rule: string;
  /** Of what was to be delivered. */
  readonly delivered: number;
  /** Of all events. */
  readonly trace: string;
}

const TRANSFERS = 16;
const TRANSFER_BYTES = 200_000;
const LINKS = 4;
const EARLIEST_NS = 2e6;
const LATEST_NS = 6e6;
/** Routes change, and threads pass tokens on, for so long. */
const BUSY_NS = 20e6;
const STEP_EVENTS = 32;

export function suffer(fault: Fault, cpus: number, { seed }: Setting): Outcome {
  const strikesAt = Math.round(EARLIEST_NS + new RandomStream(seed, 45).uniform() * (LATEST_NS - EARLIEST_NS));
  const world = serverWith(fault, cpus, seed, strikesAt);
  const { stack, kernel } = world.machines[0]!;
  let struckAt = fault.isFlooded === true || fault.fillsRing === true ? strikesAt : -1;
  if (fault.place !== undefined)
    kernel.faults = {
      strikes(place) {
        if (place !== fault.place || struckAt >= 0 || world.engine.now < strikesAt) return false;
        struckAt = world.engine.now;
        return true;
      },
    };
  for (let cpu = 0; cpu < cpus; cpu += 1) passTokens(kernel, cpu);
  if (fault.fillsRing === true) fillRing(kernel, strikesAt);
  let noticedAt = -1;
  let rule = '';
  try {
    while (!world.finished) {
      if (world.run(world.endAt, STEP_EVENTS) < STEP_EVENTS && world.finished) break;
      if (noticedAt < 0 && struckAt >= 0 && world.engine.now >= struckAt && (fault.counts?.(stack!, world) ?? 0) > 0)
        noticedAt = world.engine.now;
    }
  } catch (error) {
    rule = ruleOf(error);
    noticedAt = world.engine.now;
  }
  const { flows } = world.summary('finished', 0);
  const bytes = flows.filter(({ protocol }) => protocol === 'tcp').map(({ bytesDelivered }) => bytesDelivered);
  return {
    struckAt,
    noticedAt,
    rule,
    delivered: bytes.reduce((sum, count) => sum + count, 0) / (TRANSFERS * TRANSFER_BYTES),
    trace: `${String(world.engine.events)} ${String(world.engine.eventHashU32)}`,
  };
}

function serverWith(fault: Fault, cpus: number, seed: number, strikesAt: number): World {
  const wishes = {
    cpus,
    kernel: { model: 'pmp' },
    nic: { rings: cpus, ...fault.nic },
    links: LINKS,
    rateBps: 1e9,
    durationNs: 3e9,
    traffic: [
      ...Array.from({ length: TRANSFERS }, (_, index) => {
        const [server, client] = ['server', `client${String(index % LINKS)}`];
        const [from, to] = index % 2 === 0 ? [server, client] : [client, server];
        return { id: `t${String(index)}`, kind: 'transfer', from, to, size: TRANSFER_BYTES, start: index * 100_000 };
      }),
      ...(fault.isFlooded === true
        ? [
            {
              id: 'strangers',
              kind: 'udp-cbr',
              from: 'client0',
              to: 'server',
              rate: '900Mbps',
              size: 64,
              start: strikesAt,
              stop: strikesAt + 2e6,
            },
          ]
        : []),
    ],
    changes: Array.from({ length: BUSY_NS / 1e6 }, (_, index) => ({
      at: (index + 1) * 1e6,
      set: '/links/link1/delay',
      to: 20_000 + (index % 2),
    })),
  };
  const checked = checkScenario(serverScenario(wishes, seed), 'lab');
  if (!checked.ok) throw new Error(checked.problems.map(({ message }) => message).join('; '));
  return new World(checked.value.resolved, { check: true });
}

/** A thread that takes two tokens, sleeps with them and gives them back, again and again. */
function passTokens(kernel: Kernel, cpu: number): void {
  const [first, second] = [kernel.token(`first ${String(cpu)}`), kernel.token(`second ${String(cpu)}`)];
  kernel.start(
    `token holder ${String(cpu)}`,
    function* (k) {
      while (k.now < nanos(BUSY_NS)) {
        yield k.gettoken(first);
        yield k.gettoken(second);
        yield k.sleep(50_000);
        yield k.reltoken(second);
        yield k.reltoken(first);
        yield k.sleep(50_000);
      }
    },
    { cpu },
  );
}

/** Sends as many passive messages as a ring has entries. */
function fillRing(kernel: Kernel, atNs: number): void {
  kernel.start('filler', function* (k) {
    yield k.sleep(atNs);
    for (let i = 0; i < kernel.options.ipiRingEntries; i += 1) yield k.send_ipiq_passive(1, () => 100);
  });
}

/** The rule that an error names, e.g. `K13.7`. */
function ruleOf(error: unknown): string {
  if (!(error instanceof InvariantError)) throw error;
  const { cause } = error;
  if (cause instanceof KernelProgramError) return cause.rule ?? '';
  return /K\d+(?:\.\d+)?/.exec(error.message)?.[0] ?? '';
}
