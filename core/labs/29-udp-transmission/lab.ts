// Experiment 29: how a datagram gets from an application to UDP, and what that costs.

import { between, near } from '../checks';
import type { Lab } from '../lab';
import { measureServer } from '../on-network';

const CPUS = 4;

export const udpTransmission: Lab = {
  id: '29-udp-transmission',
  experiment: 29,
  title: 'UDP transmission',
  slide: 'Costs of networking: UDP transmission',
  topics: ['UDP', 'network stack', 'messaging'],
  mechanisms: ['synchronous and asynchronous sends', 'direct call', 'PMP'],
  question: 'How many datagrams can applications send if they call UDP, wait for its thread, or only tell it?',
  expected:
    'A call costs least, a message that is waited for most. A socket that is not connected pays another hop unless its flow happens to be on its CPU.',
  sources: ['kernel.md §6.6', 'kernel.md §11: a synchronous message to another CPU and back 3.9 µs'],
  lookFor: 'Hops of unconnected sockets: one minus one over the number of CPUs.',
  factors: [
    { name: 'way', label: 'To UDP', levels: ['direct', 'sync', 'async'] },
    { name: 'socket', label: 'Sockets', levels: ['connected', 'not connected'] },
    { name: 'bytes', label: 'Payload', unit: 'bytes', levels: [64, 512, 1400], quick: [64, 1400] },
  ],
  measures: [
    { name: 'rate', label: 'Datagrams', unit: '1/s' },
    { name: 'each', label: 'CPU time each', unit: 'ns' },
    { name: 'hops', label: 'Moves to the flow’s CPU, each', unit: '1' },
  ],
  replications: { full: 1, quick: 1 },
  chart: { x: 'bytes', y: 'each', lines: ['way', 'socket'] },

  measure({ way, socket, bytes }, setting) {
    const clients = 16;
    const run = measureServer(
      {
        cpus: CPUS,
        kernel: { model: 'pmp', udpSends: way, udpConnected: socket === 'connected' },
        nic: { rings: CPUS },
        links: clients,
        rateBps: 10e9,
        traffic: Array.from({ length: clients }, (_, index) => ({
          id: `u${String(index)}`,
          kind: 'udp-cbr',
          from: 'server',
          to: `client${String(index)}`,
          size: bytes,
          // More than the CPUs can send.
          rate: 100_000 * Number(bytes) * 8,
        })),
        durationNs: setting.quick ? 15e6 : 40e6,
      },
      setting,
    );
    const sent = run.nic('framesSent');
    return {
      rate: sent / run.seconds,
      each: run.busyNs() / sent,
      hops: run.stack(({ datagramMoves }) => datagramMoves) / sent,
    };
  },

  checks(table) {
    const each = (way: string, socket: string): number => table.at('each', { way, socket, bytes: 64 });
    const away = 1 - 1 / CPUS;
    return [
      between('CPU time, waited for over told', each('sync', 'connected') / each('async', 'connected'), 1, Infinity),
      between('told over called', each('async', 'connected') / each('direct', 'connected'), 1, Infinity),
      between('told: not connected over connected', each('async', 'not connected') / each('async', 'connected'), 1, 3),
      near('moves, not connected', table.at('hops', { way: 'async', socket: 'not connected', bytes: 64 }), away, 0.35),
      between('moves, connected', table.at('hops', { way: 'async', socket: 'connected', bytes: 64 }), 0, 0),
    ];
  },
};
