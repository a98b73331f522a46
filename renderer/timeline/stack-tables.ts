// What the network stacks and interfaces of a run's machines have to tell, as tables.

import type { NicSummary, StackSummary } from '../../core/measure';

export interface Table {
  readonly title: string;
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** How numbers are shown. */
export interface Shown {
  readonly time: (ns: number) => string;
  readonly share: (ns: number) => string;
  readonly count: (value: number) => string;
}

export function stackTables(
  stacks: readonly StackSummary[],
  nics: readonly NicSummary[],
  { time, share, count }: Shown,
): Table[] {
  const sum = (of: Readonly<Record<string, number>>): number =>
    Object.values(of).reduce((all, value) => all + value, 0);
  return [
    {
      title: 'Network stacks',
      heads: [
        'Host',
        'Model',
        'Packets by CPU',
        'Imbalance',
        'Hops',
        'Local',
        'Passed on',
        'Lines from CPUs',
        'from memory',
      ],
      rows: stacks.map((stack) => [
        stack.host,
        stack.model,
        stack.packetsByCpu.map(count).join(' · '),
        stack.imbalance.toFixed(2),
        count(stack.hops),
        count(stack.local),
        count(stack.requeued),
        count(sum(stack.transfers) + stack.lineTransfers),
        count(sum(stack.fills)),
      ]),
    },
    {
      title: 'Protocol work by stage',
      heads: ['Stage', ...stacks.map(({ host }) => host)],
      rows: Object.keys(stacks[0]?.spentNs ?? {})
        .filter((stage) => stacks.some(({ spentNs }) => spentNs[stage]! > 0))
        .map((stage) => [stage, ...stacks.map(({ spentNs }) => time(spentNs[stage]!))]),
    },
    ...cacheTables(stacks, count),
    {
      title: 'Protocol threads',
      heads: ['Thread', 'Batches', 'Messages', 'Mean batch', 'Largest', 'ACKs rolled up', 'of due'],
      rows: stacks.flatMap(({ host, batches }) =>
        batches.map((batch) => [
          `${host} ${batch.thread}`,
          count(batch.batches),
          count(batch.messages),
          batch.batches === 0 ? '' : (batch.messages / batch.batches).toFixed(1),
          count(batch.batchMax),
          count(batch.rolledUpAcks),
          count(batch.gatheredAcks),
        ]),
      ),
    },
    {
      title: 'Network interfaces',
      heads: [
        'Interface',
        'Frames out',
        'in',
        'Packets posted',
        'TSO bursts',
        'Segments each',
        'Descriptors',
        'Doorbells',
        'DMA',
        'Interrupts',
        'Queue full',
        'Drops out',
        'in',
      ],
      rows: nics.map((nic) => [
        `${nic.host} ${nic.link}`,
        count(nic.framesSent),
        count(nic.framesReceived),
        count(nic.packetsPosted),
        count(nic.tsoBursts),
        nic.tsoBursts === 0 ? '' : (nic.tsoSegments / nic.tsoBursts).toFixed(1),
        count(nic.descriptors),
        count(nic.doorbells),
        count(nic.dmaTransactions),
        count(nic.interrupts),
        count(nic.queueFull),
        count(nic.sendDrops),
        count(nic.receiveDrops),
      ]),
    },
    {
      title: 'I/O buses',
      heads: ['Bus', 'Busy', 'Requests', 'Bursts', 'Bytes', 'Waits'],
      rows: stacks.map(({ host, bus }) => [
        `${host} ${bus.name}`,
        share(bus.busyNs),
        count(bus.transactions),
        count(bus.bursts),
        count(bus.bytes),
        time(bus.waitNs),
      ]),
    },
  ];
}

/** Misses of the first-level caches by stage, on hosts where they are modelled. */
function cacheTables(stacks: readonly StackSummary[], count: Shown['count']): Table[] {
  const modelled = stacks.flatMap(({ host, caches, packetsByCpu }) =>
    caches === undefined ? [] : [{ host, caches, packets: packetsByCpu.reduce((sum, packets) => sum + packets, 0) }],
  );
  if (modelled.length === 0) return [];
  return [
    {
      title: 'Cache misses by stage',
      heads: ['Host and stage', 'Lines of code', 'of data', 'Code lines per packet in', 'Data lines'],
      rows: modelled.flatMap(({ host, caches, packets }) =>
        caches.stages
          .filter(({ code, data }) => code + data > 0)
          .map(({ stage, code, data }) => [
            `${host} ${stage}`,
            count(code),
            count(data),
            packets === 0 ? '' : (code / packets).toFixed(1),
            packets === 0 ? '' : (data / packets).toFixed(1),
          ]),
      ),
    },
  ];
}
