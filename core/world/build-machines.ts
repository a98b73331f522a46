// The machines of a scenario: for each host that has one, its hardware, its kernel, the programs on it, and if it carries the
// network stack, that stack with its network interfaces.

import type { Engine, Streams } from '../engine';
import { Kernel, type TraceNames } from '../kernel';
import { Bus, Machine } from '../machine';
import type { Link } from '../net';
import { Classifier, Nic, type NicOptions } from '../nic';
import { defaultIpv4, type PacketPool, parseIpv4 } from '../packet';
import type { ResolvedHost, ResolvedScenario } from '../scenario';
import { type Driver, type Host, PlacedStack, type Wire } from '../stack';
import type { BuiltLink } from './build-links';
import { type BuiltProgram, buildProgram } from './kernel-program';

export interface BuiltMachine {
  readonly host: string;
  readonly kernel: Kernel;
  readonly programs: readonly BuiltProgram[];
  readonly bus: Bus;
  /** Undefined when the host's stack takes no CPU. */
  readonly stack: PlacedStack | undefined;
  readonly nics: readonly BuiltNic[];
}

export interface BuiltNic {
  readonly link: string;
  readonly nic: Nic;
  readonly driver: Driver;
  /** The direction of the link that it sends on. */
  readonly outgoing: Link;
}

export interface MachineSetting {
  readonly engine: Engine;
  readonly streams: Streams;
  readonly names: TraceNames;
  readonly pool: PacketPool;
  readonly wire: Wire;
  readonly links: readonly BuiltLink[];
  /** The node with this index, which is a host. */
  readonly host: (index: number) => Host;
}

export function buildMachines({ nodes, programs }: ResolvedScenario, setting: MachineSetting): BuiltMachine[] {
  const addresses = nodes.map((node, index) =>
    node.kind === 'host' && node.address !== undefined ? parseIpv4(node.address)! : defaultIpv4(index),
  );
  const { engine, streams, names, links } = setting;
  const isOnlyOne = nodes.filter((node) => node.kind === 'host' && node.machine !== undefined).length === 1;
  const nicsOf = (index: number): number =>
    links.filter(({ fromNode, toNode }) => fromNode === index || toNode === index).length;
  const nicsInAll = nodes.reduce((sum, node, index) => sum + (hasStack(node) ? nicsOf(index) : 0), 0);
  let nicsBuilt = 0;
  let busesBuilt = 0;
  return nodes.flatMap((node, index): BuiltMachine[] => {
    if (node.kind !== 'host' || node.machine === undefined) return [];
    const { cpus, sockets, profile } = node.machine;
    const kernel = new Kernel(engine, new Machine(profile, cpus, sockets), node.kernel, {
      names,
      host: node.id,
      isOnlyOne,
    });
    const built = programs
      .filter(({ host }) => host === node.id)
      .map((program) => buildProgram(program, kernel, streams));
    const bus = new Bus(node.machine.bus);
    const stack =
      node.stack === undefined ? undefined : new PlacedStack(kernel, setting.host(index), node.stack, addresses);
    const read = 2 * (links.length + nicsInAll + busesBuilt);
    const busIndex = { read, write: bus.profile.fullDuplex ? read + 1 : read };
    busesBuilt += 1;
    const nics =
      stack === undefined ? [] : buildNics(node, index, { stack, bus, busIndex, addresses, nicsBuilt }, setting);
    nicsBuilt += nics.length;
    return [{ host: node.id, kernel, programs: built, bus, stack, nics }];
  });
}

/** What the interface at a link does: all do the same but for segmentation. */
function nicOptions({ nic }: ResolvedHost, link: string): NicOptions {
  return { ...nic, tso: nic.tso && (nic.tsoLinks?.includes(link) ?? true) };
}

function hasStack(node: ResolvedScenario['nodes'][number]): boolean {
  return node.kind === 'host' && node.machine !== undefined && node.stack !== undefined;
}

/** One for each end of a link that is at the host. */
function buildNics(
  node: ResolvedHost,
  index: number,
  of: {
    readonly stack: PlacedStack;
    readonly bus: Bus;
    readonly busIndex: { readonly read: number; readonly write: number };
    readonly addresses: readonly number[];
    /** On other hosts, so far. */
    readonly nicsBuilt: number;
  },
  { engine, pool, wire, links }: MachineSetting,
): BuiltNic[] {
  const { stack, bus, busIndex, addresses } = of;
  let traceIndex = 2 * (links.length + of.nicsBuilt);
  // What a NIC computes is Toeplitz, whatever hash its host goes by (kernel.md §6.3).
  const classifier = new Classifier('toeplitz', stack.machine.cpus, addresses);
  const nodeId = stack.host.id;
  const tap = {
    frame: (direction: 'in' | 'out', packet: Parameters<Wire['note']>[0]): void => {
      if (direction === 'out') {
        wire.note(packet, engine.now);
        if (wire.packets !== undefined) wire.packets.add(packet, engine.now);
      }
      wire.tap?.packet(engine.now, nodeId, direction, packet);
    },
  };
  return links.flatMap((link): BuiltNic[] => {
    if (link.fromNode !== index && link.toNode !== index) return [];
    const isFrom = link.fromNode === index;
    const outgoing = isFrom ? link.forward : link.reverse;
    const driver = stack.addDriver(`nic ${link.id}`);
    const vectors = (ring: number): void => {
      driver.onVector(ring);
    };
    const nic = new Nic(
      { engine, pool, bus, link: outgoing, classifier, tap, traceIndex, busIndex, vectors },
      nicOptions(node, link.id),
    );
    traceIndex += 2;
    driver.attach(nic);
    (isFrom ? link.reverse : link.forward).setPeer(nic);
    return [{ link: link.id, nic, driver, outgoing }];
  });
}
