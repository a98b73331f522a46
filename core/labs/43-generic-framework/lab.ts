// Experiment 43: a protocol that nobody has heard of is plugged into the stack, and runs on all CPUs like those that were there.

import { ln, nanos } from '../../base';
import { callAt, Priority, RandomStream } from '../../engine';
import { checkScenario } from '../../scenario';
import type { InternetProtocol } from '../../stack';
import { World } from '../../world';
import { between, exactly, near, shown } from '../checks';
import type { Lab } from '../lab';
import { serverScenario } from '../on-network';
import type { Table } from '../table';
import { SequencedEcho } from './sequenced-echo';
import source from './sequenced-echo.ts?raw';

const CPUS = 4;
const CLIENTS = 16;
const CHANNELS = 8;
/** Packets a second of each channel, and for how long; then all answers come. */
const PER_SECOND = 800;
const DRAIN_NS = 5e6;

const STACKS: Readonly<Record<string, { readonly kernel: object; readonly isMpsafe: boolean }>> = {
  giant: { kernel: { model: 'giant' }, isMpsafe: true },
  mutex: { kernel: { model: 'mutex' }, isMpsafe: true },
  'group locks': { kernel: { model: 'grouplock', groups: 128 }, isMpsafe: true },
  pmp: { kernel: { model: 'pmp' }, isMpsafe: true },
  'pmp, three threads': { kernel: { model: 'pmp', protocolThreads: 'three' }, isMpsafe: true },
  'pmp, not MPSAFE': { kernel: { model: 'pmp' }, isMpsafe: false },
};

const HASHES: Readonly<Record<string, InternetProtocol['hash']>> = {
  /** What a NIC computes of packets whose ports it does not know. */
  addresses: ({ protocol, src, dst }, classifier) => classifier.hashOf(protocol, src, 0, dst, 0),
  /** Its own: the NIC knows nothing of channels. */
  channel: ({ src, dst, srcPort }) => (Math.imul((src + dst) * CHANNELS + srcPort, 0x9e3779b1) >>> 16) & 0xffff,
};

export const genericFramework: Lab = {
  id: '43-generic-framework',
  experiment: 43,
  title: 'A protocol of one’s own',
  slide: 'Parallel networking: a generic framework',
  topics: ['network stack'],
  mechanisms: ['protocol registration', 'early classification'],
  question: 'What does it take to have a new protocol run on all CPUs, under each of the stacks?',
  expected:
    'One registration: number, handler, hash function and MPSAFE flag. All packets are answered in order; with a hash that the NIC computes, too, none changes its CPU, with one of its own most do once.',
  sources: [
    'kernel.md §6.2, §6.3: each message names its handler; netisr_register',
    'kernel.md §6.3: largest over mean load with F equal flows on n CPUs: 1 + sqrt(2 n ln n / F)',
    'RFC 3692: protocol numbers for experiments',
  ],
  lookFor: 'The same file is plugged into all stacks, as TCP and UDP are. Without the flag it runs, one CPU at a time.',
  factors: [
    { name: 'stack', label: 'Stack', levels: Object.keys(STACKS) },
    { name: 'hash', label: 'Hash', levels: Object.keys(HASHES) },
    { name: 'cpus', label: 'CPUs', unit: '1', levels: [1, 2, CPUS, 8], quick: [CPUS] },
  ],
  measures: [
    { name: 'answered', label: 'Answers per packet sent', unit: '1' },
    { name: 'misordered', label: 'Packets out of order', unit: 'count' },
    { name: 'hops', label: 'Hops per packet', unit: '1' },
    { name: 'working', label: 'CPUs that work on its packets', unit: 'count' },
    { name: 'imbalance', label: 'Largest over mean load', unit: '1' },
    { name: 'wait', label: 'Waiting for locks per packet', unit: 'ns' },
    { name: 'registrations', label: 'Registrations', unit: 'count' },
    { name: 'lines', label: 'Lines of the protocol', unit: 'count' },
  ],
  inTypeScript: {
    all: true,
    what: 'The protocol that it registers with its hosts is written in TypeScript, and so are those who speak it; no scenario file says that.',
  },
  replications: { full: 2, quick: 1 },
  chart: { x: 'cpus', y: 'wait', lines: ['stack'], where: { hash: 'channel' } },

  measure({ stack, hash, cpus }, { seed, quick }) {
    const { kernel, isMpsafe } = STACKS[String(stack)]!;
    const spanNs = quick ? 20e6 : 50e6;
    const server = {
      cpus: Number(cpus),
      kernel: { ...kernel },
      nic: { rings: cpus, ringEntries: 1024 },
      links: CLIENTS,
      durationNs: spanNs + DRAIN_NS,
    };
    const checked = checkScenario(serverScenario(server, seed), 'lab');
    if (!checked.ok) throw new Error('the lab’s scenario is wrong');
    const world = new World(checked.value.resolved);
    const { host } = world.machines[0]!.stack!;
    const before = registered(host.protocols);
    const echo = new SequencedEcho(isMpsafe, HASHES[String(hash)]!);
    host.register(echo);
    const clients = Array.from({ length: CLIENTS }, (_, index) => startClient(world, index, seed, spanNs));
    world.run(world.endAt);
    const { stacks, cpus: summaries } = world.summary('finished', 0);
    const { packetsByCpu, hops, imbalance } = stacks[0]!;
    const sum = (read: (client: SequencedEcho) => number): number =>
      clients.reduce((all, client) => all + read(client), 0);
    const sent = sum((client) => client.sent);
    return {
      answered: sum((client) => client.answered) / sent,
      misordered: sum((client) => client.misordered) + echo.misordered,
      hops: hops / sent,
      working: packetsByCpu.filter((packets) => packets > 0).length,
      imbalance,
      wait: summaries.reduce((all, { lockWaitNs, contestedNs }) => all + lockWaitNs + contestedNs, 0) / sent,
      registrations: registered(host.protocols) - before,
      lines: linesOf(source),
    };
  },

  checks(table) {
    const at = (measure: string, stack: string, hash: string): number => table.at(measure, { stack, hash, cpus: CPUS });
    return [
      exactly('answers per packet, all stacks and hashes', least(table, 'answered'), 1),
      exactly('packets out of order', most(table, 'misordered'), 0),
      exactly('registrations', most(table, 'registrations'), 1),
      exactly('hops, pmp, the NIC’s hash', at('hops', 'pmp', 'addresses'), 0),
      near('hops, pmp, its own hash', at('hops', 'pmp', 'channel'), 1 - 1 / CPUS, 0.1),
      exactly('CPUs that work, pmp, the NIC’s hash', at('working', 'pmp', 'addresses'), CPUS),
      exactly('CPUs that work, pmp, its own hash', at('working', 'pmp', 'channel'), CPUS),
      between('load, pmp, the NIC’s hash', at('imbalance', 'pmp', 'addresses'), 1, evenness(CLIENTS)),
      between('load, pmp, its own hash', at('imbalance', 'pmp', 'channel'), 1, evenness(CLIENTS * CHANNELS)),
      exactly('waiting for locks, pmp, MPSAFE', at('wait', 'pmp', 'channel'), 0),
      between('waiting for locks, pmp, not MPSAFE', at('wait', 'pmp, not MPSAFE', 'channel'), 1, Infinity),
      between(
        `lines of the protocol, of which the stack knows none (${shown(linesOf(source))})`,
        linesOf(source),
        1,
        100,
      ),
    ];
  },
};

/** One client, which sends on all of its channels until then. */
function startClient(world: World, index: number, seed: number, untilNs: number): SequencedEcho {
  const host = world.host(`client${String(index)}`);
  const server = world.machines[0]!.stack!.host.id;
  const protocol = new SequencedEcho(true, () => 0);
  host.register(protocol);
  const random = new RandomStream(seed, 1 + index);
  for (let channel = 0; channel < CHANNELS; channel += 1) {
    let count = 0;
    const next = (now: number): void => {
      const at = now + Math.max(1, Math.round(random.exponential(1e9 / PER_SECOND)));
      if (at >= untilNs) return;
      callAt(world.engine, nanos(at), Priority.application, () => {
        protocol.ask(host, server, channel, count);
        count += 1;
        next(at);
      });
    };
    next(0);
  }
  return protocol;
}

function registered(protocols: readonly unknown[]): number {
  return protocols.filter((protocol) => protocol !== undefined).length;
}

/** Lines with something on them that is no comment. */
function linesOf(text: string): number {
  return text.split('\n').filter((line) => !/^\s*(\/\/|\/\*|\*|$)/.test(line)).length;
}

/** Largest over mean load that is to be expected of so many equal flows (kernel.md §6.3). */
function evenness(flows: number): number {
  return 1 + Math.sqrt((2 * CPUS * ln(CPUS)) / flows);
}

function least(table: Table, measure: string): number {
  return Math.min(...table.rows.map(({ mean }) => mean[measure]!));
}

function most(table: Table, measure: string): number {
  return Math.max(...table.rows.map(({ mean }) => mean[measure]!));
}
