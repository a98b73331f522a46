// The dumbbell of the benchmark, as a scenario: the topology of performance.md §1, so that ratios to ns-3 hold. Lab 50 holds it against ns-3 too.

export interface DumbbellOptions {
  readonly flows: number;
  readonly rateBps: number;
  /** One-way delay of the bottleneck, ns. */
  readonly delayNs: number;
  readonly durationNs: number;
  readonly sack: boolean;
  readonly seed: number;
}

const ACCESS_DELAY_NS = 1_000_000;
const PACKET_BYTES = 1500;
const QUEUE_MIN_PACKETS = 100;
/** Flows start within the first second, evenly spread by a fixed irrational step. */
const START_SPREAD_NS = 1e9;
const GOLDEN = 0.618_033_988_749_895;

export function dumbbellScenario(options: DumbbellOptions): unknown {
  const { flows, rateBps, delayNs } = options;
  const accessBps = Math.max(rateBps, Math.round((10 * rateBps) / flows));
  const rttNs = 2 * (delayNs + 2 * ACCESS_DELAY_NS);
  const bdpPackets = Math.ceil((rateBps * rttNs) / 1e9 / 8 / PACKET_BYTES);
  const access = { rate: accessBps, delay: ACCESS_DELAY_NS, queue: { discipline: 'droptail', limit: 1000 } };
  const numbers = Array.from({ length: flows }, (_, index) => index);
  return {
    format: 'odonata-scenario',
    version: 1,
    name: `Benchmark: dumbbell of ${String(flows)}`,
    seed: options.seed,
    duration: options.durationNs,
    defaults: {
      tcp: { sack: options.sack, initialWindow: 'iw10', rtoMin: '200ms', sendBuffer: '1MiB', receiveBuffer: '1MiB' },
    },
    nodes: [
      { id: 'r1', kind: 'router' },
      { id: 'r2', kind: 'router' },
      ...numbers.map((index) => ({ id: `s${String(index)}`, kind: 'host' })),
      ...numbers.map((index) => ({ id: `d${String(index)}`, kind: 'host' })),
    ],
    links: [
      {
        id: 'bottleneck',
        from: 'r1',
        to: 'r2',
        rate: rateBps,
        delay: delayNs,
        queue: { discipline: 'droptail', limit: Math.max(QUEUE_MIN_PACKETS, bdpPackets) },
      },
      ...numbers.map((index) => ({ id: `a${String(index)}`, from: `s${String(index)}`, to: 'r1', ...access })),
      ...numbers.map((index) => ({ id: `b${String(index)}`, from: 'r2', to: `d${String(index)}`, ...access })),
    ],
    traffic: numbers.map((index) => ({
      id: `f${String(index)}`,
      kind: 'bulk',
      from: `s${String(index)}`,
      to: `d${String(index)}`,
      start: flows === 1 ? 0 : Math.floor(((index * GOLDEN) % 1) * START_SPREAD_NS),
    })),
    probes: [],
  };
}
