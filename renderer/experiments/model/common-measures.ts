// Measures that people mostly want of a scenario, ready to be added; every other one is found by its name.

import type { Scenario } from '../../../core/scenario';
import { parseQuantity } from '../../../core/scenario';
import { freeName, type MeasureDraft } from './draft';

const FLOWS_SHOWN = 3;
const HOSTS_SHOWN = 4;

type Flow = Scenario['traffic'][number];

/** By what they are about: all flows, single flows, the slowest link, machines. The first ones are those to begin with. */
export function commonMeasures(scenario: Scenario): MeasureDraft[] {
  const flows = scenario.traffic.filter(({ kind }) => !/^(udp|syn|kernel)/.test(kind));
  const single = flows.length === 1;
  return [
    ...(single ? ofFlow(flows[0]!, '') : flows.length > 1 ? ofAllFlows() : []),
    ...(single ? [] : flows.slice(0, FLOWS_SHOWN).flatMap((flow) => ofFlow(flow, `${flow.id}: `).slice(0, 2))),
    ...ofLink(scenario),
    ...ofMachines(scenario),
  ];
}

function ofAllFlows(): MeasureDraft[] {
  const all = (name: string, label: string, unit: string, field: string): MeasureDraft => ({
    name,
    label,
    unit,
    summary: `/flows/*/${field}`,
    over: 'sum',
  });
  return [
    all('goodput', 'Goodput of all flows', 'bps', 'goodputBps'),
    all('retransmits', 'Retransmissions', 'count', 'retransmits'),
    all('timeouts', 'Timeouts', 'count', 'rtoCount'),
  ];
}

function ofFlow({ id, kind }: Flow, prefix: string): MeasureDraft[] {
  const named = (name: string): string => (prefix === '' ? name : `${id}-${name}`);
  const one = (name: string, label: string, unit: string, path: string): MeasureDraft => ({
    name: named(name),
    label: `${prefix}${label}`,
    unit,
    summary: `/flows/${id}/${path}`,
  });
  const completion =
    kind === 'transfer'
      ? [one('completion', 'Completion time', 'ns', 'completionTimeNs')]
      : kind === 'web' || kind === 'request-response'
        ? [one('completion', 'Mean completion time', 'ns', 'completionTimes/meanNs')]
        : [];
  return [
    ...completion,
    one('goodput', 'Goodput', 'bps', 'goodputBps'),
    one('timeouts', 'Timeouts', 'count', 'rtoCount'),
    one('retransmits', 'Retransmissions', 'count', 'retransmits'),
    one('spurious', 'Spurious retransmissions', 'count', 'spurious'),
  ];
}

/** Of the link that is the bottleneck. */
function ofLink({ links }: Scenario): MeasureDraft[] {
  const rate = (link: (typeof links)[number]): number => {
    if (typeof link.rate === 'number') return link.rate;
    const read = parseQuantity('rate', link.rate);
    return read.ok ? read.value : Infinity;
  };
  const slowest = links.reduce<(typeof links)[number] | undefined>(
    (best, link) => (best === undefined || rate(link) < rate(best) ? link : best),
    undefined,
  );
  if (slowest === undefined) return [];
  const { id } = slowest;
  const of = (name: string, label: string, unit: string, field: string): MeasureDraft => ({
    name,
    label: `${label} at ${id}`,
    unit,
    summary: `/links/${id}/forward/${field}`,
  });
  return [
    of('drops', 'Drops', 'count', 'drops'),
    { name: 'queue', label: `Mean queue at ${id}`, unit: 'packets', probe: `link/${id}/queue`, statistic: 'mean' },
    { name: 'queue-p95', label: `95% queue at ${id}`, unit: 'packets', probe: `link/${id}/queue`, statistic: 'p95' },
    of('utilisation', 'Utilisation', '1', 'utilisation'),
    of('queue-delay', 'Mean queueing delay', 'ns', 'queueDelayMeanNs'),
  ];
}

function ofMachines({ nodes, defaults }: Scenario): MeasureDraft[] {
  const hosts = nodes.filter((node) => {
    if (node.kind !== 'host') return false;
    const model = node.kernel?.model ?? defaults?.kernel?.model ?? 'ideal';
    return model !== 'ideal' || node.machine !== undefined;
  });
  return hosts.slice(0, HOSTS_SHOWN).flatMap(({ id }) => [
    {
      name: `${id}-busy`,
      label: `CPU busy of ${id}`,
      unit: 'ns',
      summary: `/cpus/${id}/*/busyNs`,
      over: 'sum' as const,
    },
    {
      name: `${id}-switches`,
      label: `Switches of ${id}`,
      unit: 'count',
      summary: `/cpus/${id}/*/switches`,
      over: 'sum' as const,
    },
  ]);
}

/** A measure from its path in the summary or its probe, with a name that is free. */
export function measureFrom(text: string, taken: ReadonlySet<string>): MeasureDraft | undefined {
  const source = text.trim();
  if (source === '') return undefined;
  const parts = source.split('/').filter((part) => part !== '');
  const last = parts.at(-1) ?? 'measure';
  const name = freeName(taken, [last, `${parts.at(-2) ?? ''}-${last}`]);
  const over = parts.includes('*') ? ({ over: 'mean' } as const) : {};
  const label = parts.slice(1).join(' ');
  return source.startsWith('/')
    ? { name, label: label === '' ? name : label, summary: source, ...over }
    : { name, label: label === '' ? name : label, probe: source, statistic: 'mean', ...over };
}

/** Whether a plan measures the same already. */
export function isSameMeasure(a: MeasureDraft, b: MeasureDraft): boolean {
  return a.summary === b.summary && a.probe === b.probe && a.statistic === b.statistic && a.over === b.over;
}
