// Experiment 41: working on several packets stage by stage keeps each stage's code in the cache; too many of them throw out their
// own data, and all of them wait for the last.

import { nanos } from '../../base';
import { callAt, Priority } from '../../engine';
import { PROFILES, type ProfileName, StageCaches } from '../../machine';
import { between, monotone, near } from '../checks';
import type { Lab, Setting } from '../lab';
import { runStage, STAGES } from '../network-stages';
import { onMachine } from '../on-machine';
import { measureStack } from './whole-stack';

/** The third kind of machine: the network stack itself, with its caches modelled, in either order. */
const BY_MESSAGE = 'pentium3-smp, whole stack by message';
const BY_STAGE = 'pentium3-smp, whole stack by stage';

const QUEUE = 4096;
/** Interrupts at most 6,000 times a second, unless a batch is complete. */
const MODERATION_NS = 166_667;
/** A rate that no CPU keeps up with: then the throughput is what it can do. */
const FLOOD_PER_SECOND = 1e6;
/** A load that every batch limit can serve, for the latency. */
const CALM_SHARE = 0.5;

export const cohortScheduling: Lab = {
  id: '41-cohort-scheduling',
  experiment: 41,
  title: 'Cohort scheduling',
  slide: 'Parallel processing: cohort scheduling',
  topics: ['batching', 'network stack'],
  mechanisms: ['cohort scheduling', 'caches'],
  question: 'How do throughput, misses and latency depend on the number of packets that go through a stage together?',
  expected:
    'With caches smaller than the code, misses fall like 1/n and the throughput rises by at least 10% from n = 16 on; where all code fits there is nothing to gain. Latency grows with n where a batch is waited for; a protocol thread takes what is there.',
  sources: [
    'J. Larus and M. Parkes, Using Cohort Scheduling to Enhance Server Performance, USENIX ATC 2002: up to +20% throughput, −50% misses',
    'kernel.md §7: footprints, batch limit 512; interrupt moderation forms the cohort, 6,000 a second',
  ],
  lookFor:
    'The gain is larger than that of whole servers, which do more than receive. At 512 the packets of a batch throw each other out. In the whole stack a larger batch helps in either order, for it saves switches and ACKs: the order alone is what lies between its two lines.',
  factors: [
    {
      name: 'machine',
      label: 'Caches',
      levels: ['pentium3-smp', 'opteron-1800', 'modern-server', BY_MESSAGE, BY_STAGE],
    },
    {
      name: 'batch',
      label: 'Packets per batch, at most',
      levels: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
      quick: [1, 4, 16, 64, 512],
    },
  ],
  measures: [
    { name: 'throughput', label: 'Packets per second', unit: '1/s' },
    { name: 'misses', label: 'First-level misses per packet', unit: 'count' },
    { name: 'data', label: 'Of these, data', unit: 'count' },
    { name: 'latency', label: '99th percentile of latency at half load', unit: 'ns' },
  ],
  inTypeScript: {
    all: false,
    what: 'Only the whole stack is a scenario; the stages by themselves are kernel programs in TypeScript.',
  },
  replications: { full: 1, quick: 1 },
  chart: { x: 'batch', log: true, y: 'misses', lines: ['machine'] },

  measure({ machine, batch }, setting) {
    const limit = Number(batch);
    if (machine === BY_MESSAGE || machine === BY_STAGE)
      return measureStack(machine === BY_STAGE ? 'stage' : 'message', limit, setting);
    const flooded = serve(machine as ProfileName, limit, FLOOD_PER_SECOND, setting);
    const calm = serve(
      machine as ProfileName,
      limit,
      CALM_SHARE * serve(machine as ProfileName, 1, FLOOD_PER_SECOND, setting).throughput,
      setting,
    );
    return { ...flooded, latency: calm.latency };
  },

  checks(table) {
    const at = (measure: string, machine: string, batch: number): number => table.at(measure, { machine, batch });
    const small = 'pentium3-smp';
    const gain = (machine: string, batch: number): number =>
      at('throughput', machine, batch) / at('throughput', machine, 1) - 1;
    return [
      between('small caches: gain of throughput at 16', gain(small, 16), 0.1, Infinity),
      between('small caches: misses at 16 over misses at 1', at('misses', small, 16) / at('misses', small, 1), 0, 0.5),
      monotone(
        'small caches: misses fall',
        table.over('misses', 'batch', { machine: small }).slice(0, 4),
        'down',
        0.01,
      ),
      between('all code fits: gain of throughput at 16', gain('opteron-1800', 16), -0.05, 0.1),
      ...[16, 64, 512].map((batch) =>
        between(
          `whole stack: gain of throughput by stages at ${String(batch)}`,
          at('throughput', BY_STAGE, batch) / at('throughput', BY_MESSAGE, batch) - 1,
          0.1,
          Infinity,
        ),
      ),
      between(
        'whole stack: misses at 16, by stages over by message',
        at('misses', BY_STAGE, 16) / at('misses', BY_MESSAGE, 16),
        0,
        0.5,
      ),
      between(
        'whole stack: data misses at 512, by stages over by message',
        at('data', BY_STAGE, 512) / at('data', BY_MESSAGE, 512),
        1.1,
        Infinity,
      ),
      near(
        'whole stack: latency at half load, 512 over 4: nobody waits for a batch',
        at('latency', BY_STAGE, 512) / at('latency', BY_STAGE, 4),
        1,
        0.1,
      ),
      between(
        'latency at half load: batches of 512, which are waited for, over batches of 1',
        at('latency', small, 512) / at('latency', small, 1),
        1.5,
        Infinity,
      ),
    ];
  },
};

/** A protocol thread that takes up to `limit` packets and runs them through all stages, one stage after the other. */
function serve(
  profile: ProfileName,
  limit: number,
  perSecond: number,
  setting: Setting,
): { throughput: number; misses: number; data: number; latency: number } {
  const machine = onMachine(setting, { cpus: 1, profile });
  const { kernel, engine, random } = machine;
  const { clockPeriodNs } = PROFILES[profile];
  const caches = new StageCaches(PROFILES[profile]);
  const queue: { readonly packet: number; readonly at: number }[] = [];
  const latencies: number[] = [];
  let packets = 0;
  const server = kernel.start('netisr', function* (k) {
    for (;;) {
      while (queue.length === 0) yield k.block();
      const batch = queue.splice(0, limit);
      for (const stage of STAGES)
        for (const { packet } of batch) yield k.work(runStage(caches, stage, packet, clockPeriodNs));
      for (const { at } of batch) latencies.push(k.now - at);
    }
  });
  const interrupt = {
    onIpi: (cpu: typeof server.cpu): boolean => {
      kernel.schedule(server, cpu);
      return true;
    },
  };
  // The device interrupts when a batch is complete, and otherwise when its moderation lets it.
  const wake = (): void => {
    if (server.state === 'blocked' && queue.length > 0) server.cpu.interrupt(interrupt, server);
  };
  const next = (now: number): void => {
    callAt(
      engine,
      nanos(now + Math.max(1, Math.round(random.exponential(1e9 / perSecond)))),
      Priority.arrival,
      (at) => {
        packets += 1;
        if (queue.length < QUEUE) queue.push({ packet: packets, at });
        if (queue.length >= limit) wake();
        else if (queue.length === 1) callAt(engine, nanos(at + MODERATION_NS), Priority.timer, wake);
        next(at);
      },
    );
  };
  next(0);
  const spanNs = setting.quick ? 20e6 : 100e6;
  machine.run(spanNs);
  latencies.sort((a, b) => a - b);
  return {
    throughput: (latencies.length * 1e9) / spanNs,
    misses: caches.misses.first / latencies.length,
    data: caches.l1d.misses / latencies.length,
    latency: latencies[Math.floor(0.99 * latencies.length)] ?? 0,
  };
}
