// The pmp benchmark: two hosts whose stacks run on CPUs, and connections from one to the other (performance.md §3).

export interface PmpBench {
  /** CPUs of each host. */
  readonly cpus: number;
  readonly flows: number;
  readonly durationNs: number;
  readonly seed: number;
}

export function pmpScenario({ cpus, flows, durationNs, seed }: PmpBench): unknown {
  return {
    format: 'odonata-scenario',
    version: 1,
    name: 'Benchmark: pmp',
    seed,
    duration: durationNs,
    defaults: {
      tcp: { sack: true, initialWindow: 'iw10' },
      machine: { cpus, profile: 'opteron-1800', bus: 'pcie-x8' },
      kernel: { model: 'pmp' },
      nic: { rings: cpus, interruptRate: 20_000 },
    },
    nodes: [
      { id: 'from', kind: 'host' },
      { id: 'to', kind: 'host' },
    ],
    links: [
      {
        id: 'link',
        from: 'from',
        to: 'to',
        rate: '10Gbps',
        delay: '10us',
        queue: { discipline: 'droptail', limit: 1000 },
      },
    ],
    traffic: Array.from({ length: flows }, (_, index) => ({
      id: `f${String(index)}`,
      kind: 'bulk',
      from: 'from',
      to: 'to',
      start: Math.floor((index * Math.min(durationNs / 10, 1e8)) / flows),
    })),
    probes: [],
  };
}
