// The same question put to the whole network stack: two CPUs with small caches, connections that flood them, and then requests that
// leave them half idle.

import type { Setting, Values } from '../lab';
import { type Measured, measureServer } from '../on-network';

const CPUS = 2;
const CONNECTIONS = 32;
/** Connections with a request each, as many as keep the CPUs half busy. */
const REQUESTS = {
  id: 'requests',
  kind: 'web',
  from: 'server',
  to: 'client0',
  arrivals: { process: 'poisson', rate: 8000 },
  size: 1000,
  request: 100,
};

/** @param batch messages that a protocol thread takes at once, at most */
export function measureStack(stageOrder: 'message' | 'stage', batch: number, setting: Setting): Values {
  const server = {
    cpus: CPUS,
    kernel: { model: 'pmp', caches: true, stageOrder, batch },
    machine: { profile: 'pentium3-smp' },
    nic: { rings: CPUS, ringEntries: 4096 },
    durationNs: setting.quick ? 20e6 : 300e6,
  };
  const flooded = measureServer(
    { ...server, links: 4, connections: CONNECTIONS, direction: 'receive' },
    setting,
    'flooded',
  );
  const calm = measureServer({ ...server, tcp: { msl: '1ms' }, traffic: [REQUESTS] }, setting, 'half idle');
  const frames = flooded.nic('framesReceived');
  const code = missesOf(flooded, (stage) => stage.code);
  const data = missesOf(flooded, (stage) => stage.data);
  return {
    throughput: frames / flooded.seconds,
    misses: (code + data) / frames,
    data: data / frames,
    latency: calm.world.flows[0]!.completions.quantile(0.99),
  };
}

/** First-level misses of the stages; what applications copy is not one. */
function missesOf(run: Measured, read: (stage: { readonly code: number; readonly data: number }) => number): number {
  return run.stack(({ caches }) =>
    caches!.stages.filter(({ stage }) => stage !== 'copy').reduce((sum, stage) => sum + read(stage), 0),
  );
}
