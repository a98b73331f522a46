// What is wrong between fields of a scenario that are right on their own. Where the schema has refused something, all that does not
// depend on it is judged all the same.

import { type ProbeMembers, probeProblem } from './probe-names';
import { NO_URGENT_DATAGRAMS } from './replay-csv';
import { flowsOf, programsOf } from './resolved-flow';
import { resolveTcp } from './resolved-tcp';
import { resolveMachine, resolveNic, resolveStack } from './resolved-machine';
import { machineMembers, programProblems, resolveProgram } from './resolved-program';
import type { ReadScenario } from './schema';
import type { Places, Report } from './sound-part';
import { type StackHost, stackMembers } from './stack-members';

/** @param broken what is not known of the scenario */
export function consistencyProblems(scenario: ReadScenario, broken: Places, at: Report): void {
  const tcpProblems = (own: Parameters<typeof resolveTcp>[1], pointer: string): void => {
    const tcp = resolveTcp(scenario.defaults?.tcp ?? {}, own);
    const least = `at least ${String(tcp.mss)} bytes`;
    const of = (...keys: string[]): string[] => keys.flatMap((key) => [`${pointer}/${key}`, `/defaults/tcp/${key}`]);
    if (tcp.sendBufferBytes < tcp.mss)
      at(`${pointer}/sendBuffer`, 'the send buffer is smaller than one segment', least, ...of('sendBuffer', 'mss'));
    if (tcp.receiveBufferBytes < tcp.mss)
      at(
        `${pointer}/receiveBuffer`,
        'the receive buffer is smaller than one segment',
        least,
        ...of('receiveBuffer', 'mss'),
      );
    if (tcp.rtoMinNs > tcp.rtoMaxNs)
      at(
        `${pointer}/rtoMin`,
        'the smallest RTO is above the largest',
        'for example "rtoMin": "1s", "rtoMax": "60s"',
        ...of('rtoMin', 'rtoMax'),
      );
  };
  if (scenario.defaults?.tcp !== undefined) tcpProblems({}, '/defaults/tcp');
  const cpusOf = machines(scenario, at);
  scenario.nodes.forEach((node, index) => {
    if (node.kind === 'host' && node.tcp !== undefined) tcpProblems(node.tcp, `/nodes/${String(index)}/tcp`);
  });
  scenario.links.forEach((link, index) => {
    for (const [where, queue] of [
      ['', link.queue],
      ['/reverse', link.reverse?.queue],
    ] as const) {
      if (queue?.discipline !== 'red') continue;
      if ((queue.minThreshold ?? 5) < (queue.maxThreshold ?? 15)) continue;
      at(
        `/links/${String(index)}${where}/queue/minThreshold`,
        'the lower threshold is not below the upper one',
        'for example 5 and 15',
        `/links/${String(index)}${where}/queue/maxThreshold`,
      );
    }
  });
  const namesOn = new Map<string, Map<string, string>>();
  scenario.traffic.forEach((flow, index) => {
    const pointer = `/traffic/${String(index)}`;
    if (flow.start !== undefined && flow.start >= scenario.duration)
      at(
        `${pointer}/start`,
        'the flow starts after the end of the run',
        'an earlier start, or a longer duration',
        '/duration',
      );
    if (flow.kind === 'kernel-program') {
      const taken = namesOn.get(flow.host) ?? new Map<string, string>();
      namesOn.set(flow.host, taken);
      const host = scenario.nodes.findIndex(({ id }) => id === flow.host);
      const machine = ['/defaults/machine', '/defaults/kernel', `${pointer}/host`, ...machinePlaces(host)];
      programProblems(flow, pointer, cpusOf.get(flow.host), taken, (where, message, suggestion) => {
        // What a CPU is called depends on the machine, all other names on the program.
        at(where, message, suggestion, ...(/\/(?:cpu|host)$/.test(where) ? machine : [pointer]));
      });
      return;
    }
    if (flow.stop !== undefined && flow.stop <= (flow.start ?? 0))
      at(`${pointer}/stop`, 'the flow stops before it starts', 'a later time, or leave it out', `${pointer}/start`);
    if (flow.kind === 'udp-cbr' || flow.kind === 'udp-poisson') {
      if ((flow.size ?? 1) > 65_507) at(`${pointer}/size`, 'a datagram carries at most 65507 bytes', '"1000B"');
    }
    if (flow.kind === 'bulk' || flow.kind === 'transfer') urgentProblems(flow, pointer, at);
    if (flow.kind === 'replay') {
      for (const [recordIndex, record] of (flow.records ?? []).entries()) {
        if (record.urgent === true && flow.protocol === 'udp')
          at(
            `${pointer}/records/${String(recordIndex)}/urgent`,
            NO_URGENT_DATAGRAMS,
            'leave it out, or "protocol": "tcp"',
            `${pointer}/protocol`,
          );
        if (record.from === undefined || record.from === flow.from || record.from === flow.to) continue;
        at(
          `${pointer}/records/${String(recordIndex)}/from`,
          `"${record.from}" is not an end of this flow`,
          `"${flow.from}" or "${flow.to}"`,
          `${pointer}/from`,
          `${pointer}/to`,
        );
      }
    }
  });
  ports(scenario, at);
  const members = probeMembers(scenario, cpusOf, broken);
  (scenario.probes ?? []).forEach((pattern, index) => {
    const wrong = probeProblem(pattern, members);
    if (wrong !== undefined) at(`/probes/${String(index)}`, wrong.message, wrong.suggestion ?? '');
  });
  (scenario.changes ?? []).forEach((change, index) => {
    if (change.at > scenario.duration)
      at(
        `/changes/${String(index)}/at`,
        'the change comes after the end of the run',
        'an earlier time, or a longer duration',
        '/duration',
      );
  });
}

/** Where a node says what its machine is; empty for a node that there is not. */
function machinePlaces(node: number): string[] {
  return node < 0 ? [] : ['id', 'kind', 'machine', 'kernel'].map((key) => `/nodes/${String(node)}/${key}`);
}

type Urgent = Extract<ReadScenario['traffic'][number], { kind: 'bulk' | 'transfer' }>;

/** Urgent octets are written one after the other, and are of the stream. */
function urgentProblems(flow: Urgent, pointer: string, at: Report): void {
  const { urgent = [] } = flow;
  if (flow.kind === 'transfer' && flow.exchange !== undefined && urgent.length > 0)
    at(
      `${pointer}/urgent`,
      'an exchange has no urgent data',
      'leave "exchange" or "urgent" out',
      `${pointer}/exchange`,
    );
  const size = flow.kind === 'transfer' ? flow.size : Infinity;
  urgent.forEach((place, index) => {
    const where = `${pointer}/urgent/${String(index)}`;
    if (place >= size)
      at(
        where,
        `place ${String(place)} is behind the last of ${String(size)} bytes`,
        `at most ${String(size - 1)}`,
        `${pointer}/size`,
      );
    else if (index > 0 && place <= urgent[index - 1]!)
      at(
        where,
        'places of urgent octets rise',
        'for example "urgent": ["64KiB", "128KiB"]',
        `${pointer}/urgent/${String(index - 1)}`,
      );
  });
}

/** Checks the machines; the number of CPUs by host. */
function machines(scenario: ReadScenario, at: Report): ReadonlyMap<string, number> {
  const cpusOf = new Map<string, number>();
  scenario.nodes.forEach((node, index) => {
    if (node.kind !== 'host') return;
    const hasStack = resolveStack(scenario.defaults?.kernel, node.kernel) !== undefined;
    const machine = resolveMachine(scenario.defaults?.machine, node.machine, hasStack);
    for (const link of node.nic?.tsoLinks ?? []) {
      if (scenario.links.some(({ id, from, to }) => id === link && (from === node.id || to === node.id))) continue;
      at(
        `/nodes/${String(index)}/nic/tsoLinks`,
        `host "${node.id}" has no link "${link}"`,
        'the id of a link at this host',
        `/nodes/${String(index)}/id`,
        ...scenario.links.flatMap((_, place) => ['id', 'from', 'to'].map((key) => `/links/${String(place)}/${key}`)),
      );
    }
    if (!hasStack && node.nic !== undefined)
      at(
        `/nodes/${String(index)}/nic`,
        `host "${node.id}" has an ideal stack, which uses no network interface`,
        'a kernel that does, such as "kernel": {"model": "pmp"}',
        `/nodes/${String(index)}/kernel`,
        '/defaults/kernel',
      );
    if (machine === undefined) return;
    cpusOf.set(node.id, machine.cpus);
    if (machine.cpus % machine.sockets === 0) return;
    const where = node.machine === undefined ? '/defaults/machine' : `/nodes/${String(index)}/machine`;
    at(
      `${where}/sockets`,
      `${String(machine.cpus)} CPUs do not fill ${String(machine.sockets)} sockets evenly`,
      'a number of sockets that divides the CPUs, such as 4 CPUs in 2 sockets',
      '/defaults/machine',
      `/nodes/${String(index)}/machine`,
    );
  });
  return cpusOf;
}

/** What the probes of a scenario can be about, by family; undefined where something broken may have more. */
function probeMembers(scenario: ReadScenario, cpusOf: ReadonlyMap<string, number>, broken: Places): ProbeMembers {
  const { defaults } = scenario;
  const hosts = scenario.nodes.flatMap((node): StackHost[] => {
    const stack = node.kind === 'host' ? resolveStack(defaults?.kernel, node.kernel) : undefined;
    if (node.kind !== 'host' || stack === undefined) return [];
    const links = scenario.links.filter(({ from, to }) => from === node.id || to === node.id).map(({ id }) => id);
    return [{ host: node.id, cpus: cpusOf.get(node.id)!, stack, nic: resolveNic(defaults?.nic, node.nic), links }];
  });
  const programs = machineMembers(cpusOf, programsOf(scenario).map(resolveProgram));
  const stacks = stackMembers(hosts);
  const known = knownParts(scenario, broken);
  const ofMachines = {
    ...programs,
    ...stacks,
    thread: [...programs.thread, ...stacks.thread],
    sync: [...programs.sync, ...stacks.sync],
  };
  return {
    flow: known.flows ? flowsOf(scenario).map(({ id }) => id) : undefined,
    link: known.links ? scenario.links.map(({ id }) => id) : undefined,
    ...(known.machines ? ofMachines : UNKNOWN_MACHINES),
  };
}

const UNKNOWN_MACHINES = {
  cpu: undefined,
  thread: undefined,
  sync: undefined,
  nic: undefined,
  bus: undefined,
  stack: undefined,
};

/** Whether all flows and links are known by name, and all machines with what runs on them. */
function knownParts(scenario: ReadScenario, broken: Places): { flows: boolean; links: boolean; machines: boolean } {
  const named = (list: 'nodes' | 'links' | 'traffic'): boolean =>
    !broken.has(`/${list}`) && scenario[list].every((_, index) => !broken.has(`/${list}/${String(index)}/id`));
  const [nodes, links, flows] = [named('nodes'), named('links'), named('traffic')];
  const machines =
    nodes &&
    links &&
    flows &&
    !['machine', 'kernel', 'nic'].some((key) => broken.touch(`/defaults/${key}`)) &&
    !scenario.nodes.some((_, index) =>
      ['kind', 'machine', 'kernel', 'nic'].some((key) => broken.touch(`/nodes/${String(index)}/${key}`)),
    ) &&
    !scenario.links.some((_, index) => ['from', 'to'].some((key) => broken.touch(`/links/${String(index)}/${key}`))) &&
    !scenario.traffic.some(({ kind }, index) => {
      const pointer = `/traffic/${String(index)}`;
      return broken.has(pointer) || (kind === 'kernel-program' && broken.touch(pointer));
    });
  return { flows, links, machines };
}

/** Two flows cannot listen on one port of one host. */
function ports(scenario: ReadScenario, at: Report): void {
  const taken = new Map<string, { readonly id: string; readonly pointer: string }>();
  scenario.traffic.forEach((flow, index) => {
    if (flow.kind === 'kernel-program' || flow.kind === 'syn-flood' || flow.port === undefined) return;
    const host = flow.kind === 'web' ? flow.from : flow.to;
    const transport = flow.kind.startsWith('udp') ? 'udp' : 'tcp';
    const key = `${host} ${transport} ${String(flow.port)}`;
    const other = taken.get(key);
    if (other !== undefined)
      at(
        `/traffic/${String(index)}/port`,
        `port ${String(flow.port)} of "${host}" already belongs to flow "${other.id}"`,
        'choose another port, or leave it out',
        ...[`/traffic/${String(index)}`, other.pointer].flatMap((one) => [`${one}/from`, `${one}/to`, `${one}/port`]),
      );
    taken.set(key, { id: flow.id, pointer: `/traffic/${String(index)}` });
  });
}
