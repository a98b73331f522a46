// The web benchmark: 10 kB responses, Poisson arrivals, 2% random loss (performance.md §3).

export function webScenario(durationNs: number, seed: number): unknown {
  const access = { rate: '1Gbps', delay: '1ms', queue: { discipline: 'droptail', limit: 1000 } };
  return {
    format: 'odonata-scenario',
    version: 1,
    name: 'Benchmark: web',
    seed,
    duration: durationNs,
    defaults: { tcp: { sack: true, initialWindow: 'iw10', rtoMin: '200ms', msl: '1s' } },
    nodes: [
      { id: 'server', kind: 'host' },
      { id: 'client', kind: 'host' },
      { id: 'r1', kind: 'router' },
      { id: 'r2', kind: 'router' },
    ],
    links: [
      { id: 'a', from: 'server', to: 'r1', ...access },
      {
        id: 'core',
        from: 'r1',
        to: 'r2',
        rate: '1Gbps',
        delay: '10ms',
        queue: { discipline: 'droptail', limit: 1000 },
        loss: { model: 'bernoulli', probability: 0.02 },
      },
      { id: 'b', from: 'r2', to: 'client', ...access },
    ],
    traffic: [
      {
        id: 'web',
        kind: 'web',
        from: 'server',
        to: 'client',
        arrivals: { process: 'poisson', rate: 500 },
        size: '10kB',
      },
    ],
    probes: [],
  };
}
