// Experiment 39: who sorts a frame to its CPU, and by which hash.

import { between, exactly, near } from '../checks';
import type { Lab } from '../lab';
import { measureServer } from '../on-network';
import { REFERENCE } from './reference';

const PLACES: Readonly<Record<string, { readonly classification: string; readonly hasRings: boolean }>> = {
  'protocol thread': { classification: 'none', hasRings: false },
  'interrupt CPU': { classification: 'early', hasRings: false },
  NIC: { classification: 'early', hasRings: true },
};

export const earlyClassification: Lab = {
  id: '39-early-classification',
  experiment: 39,
  title: 'Early classification',
  slide: 'Parallel networking: classify early',
  topics: ['network stack', 'NIC'],
  mechanisms: ['classification', 'RSS', 'XOR hash', 'Toeplitz hash'],
  question: 'How many hops does a frame take to its owner, and how even is the load, by who sorts and how?',
  expected:
    'A NIC with rings: none. The interrupt’s CPU: one, but for what it owns. The protocol thread: one more pass. The xor of octets leaves half of the CPUs idle if a client uses even ports only; Toeplitz does not.',
  sources: ['kernel.md §6.3: even source ports, xor on 4, 8, 16 CPUs: largest over mean 2.00; Toeplitz 1.02 to 1.17'],
  lookFor: 'The NIC hashes by Toeplitz whatever the host does: with the xor hash its rings do not match.',
  factors: [
    { name: 'place', label: 'Sorted by', levels: Object.keys(PLACES) },
    { name: 'hash', label: 'Hash', levels: ['xor', 'toeplitz'] },
    { name: 'ports', label: 'Client ports', levels: ['random', 'even'] },
    { name: 'cpus', label: 'CPUs', unit: '1', levels: [4, 8, 16], quick: [8] },
  ],
  measures: [
    { name: 'hops', label: 'Hops per frame', unit: '1' },
    { name: 'imbalance', label: 'Largest over mean load', unit: '1' },
    { name: 'lines', label: 'Cache lines per frame', unit: 'count' },
    { name: 'requeued', label: 'Frames passed on', unit: '1' },
  ],
  replications: { full: 3, quick: 1 },
  chart: { x: 'cpus', y: 'imbalance', lines: ['hash', 'ports'], where: { place: 'interrupt CPU' } },
  reference: () => REFERENCE,

  measure({ place, hash, ports, cpus }, setting) {
    const { classification, hasRings } = PLACES[String(place)]!;
    const run = measureServer(
      {
        cpus: Number(cpus),
        kernel: { model: 'pmp', hash, classification },
        nic: { rings: hasRings ? cpus : 1, interruptRate: 20_000, ringEntries: 4096 },
        tcp: { ephemeralPorts: ports, msl: '1ms' },
        traffic: [
          {
            id: 'web',
            kind: 'web',
            from: 'server',
            to: 'client0',
            arrivals: { process: 'poisson', rate: 40_000 },
            size: 1000,
            request: 100,
          },
        ],
        durationNs: setting.quick ? 40e6 : 120e6,
      },
      setting,
    );
    const frames = run.nic('framesReceived');
    return {
      hops: run.stack(({ hops }) => hops) / frames,
      imbalance: run.imbalance,
      lines: run.misses() / frames,
      requeued: run.stack(({ requeued }) => requeued) / frames,
    };
  },

  checks(table) {
    const at = (measure: string, place: string, hash: string, ports: string): number =>
      table.at(measure, { place, hash, ports, cpus: 8 });
    return [
      exactly('hops, NIC, Toeplitz', at('hops', 'NIC', 'toeplitz', 'random'), 0),
      near('hops, interrupt CPU, Toeplitz', at('hops', 'interrupt CPU', 'toeplitz', 'random'), 7 / 8, 0.1),
      between('frames that protocol threads pass on', at('requeued', 'protocol thread', 'toeplitz', 'random'), 0.75, 1),
      near('load, xor, even ports', at('imbalance', 'interrupt CPU', 'xor', 'even'), 2, 0.1),
      between('load, Toeplitz, even ports', at('imbalance', 'interrupt CPU', 'toeplitz', 'even'), 1, 1.25),
      between('load, xor, random ports', at('imbalance', 'interrupt CPU', 'xor', 'random'), 1, 1.25),
      between('hops with rings that do not match the host’s hash', at('hops', 'NIC', 'xor', 'random'), 0.5, 1),
    ];
  },
};
