// From text or value to a scenario, with every problem at once.

import type { Checked, Problem } from '../base';
import { readChanges } from './changes';
import { readJson } from './json-text';
import { type ProbeMembers, probeProblem } from './probe-names';
import { referenceProblems } from './references';
import { readReplayCsv } from './replay-csv';
import { resolve, type ResolvedScenario } from './resolved';
import { flowsOf, programsOf } from './resolved-flow';
import { resolveTcp } from './resolved-tcp';
import { resolveMachine, resolveNic, resolveStack } from './resolved-machine';
import { machineMembers, programProblems, resolveProgram } from './resolved-program';
import { type ReadScenario, type Scenario, scenarioSchema } from './schema';
import { schemaProblems } from './schema-problems';
import { type StackHost, stackMembers } from './stack-members';

/** A scenario that can be run: as written, and resolved. */
export interface CheckedScenario {
  readonly document: Scenario;
  readonly resolved: ResolvedScenario;
}

/** Problems beyond this are counted, not listed. */
const PROBLEMS_MAX = 200;

/** Reads and checks a scenario's text. @param file name for the problems; `-` for standard input */
export function parseScenario(text: string, file: string): Checked<CheckedScenario> {
  const { value, problems } = readJson(text, file);
  if (value === undefined) return { ok: false, problems };
  const checked = checkScenario(value, file);
  if (problems.length === 0) return checked;
  return { ok: false, problems: [...problems, ...checked.problems] };
}

/** Checks a scenario that is already a value. */
export function checkScenario(value: unknown, file: string): Checked<CheckedScenario> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const problem = {
      file,
      pointer: '',
      message: 'a scenario is a JSON object',
      suggestion: 'begin with {"format": "odonata-scenario", "version": 1, …',
    };
    return { ok: false, problems: [problem] };
  }
  const read = scenarioSchema.safeParse(value);
  const problems = [
    ...(read.success ? [] : schemaProblems(read.error, value, file)),
    ...referenceProblems(value, file),
  ];
  if (!read.success) return { ok: false, problems: limited(problems, file) };
  const withCsv = inlineCsv(read.data, file, problems);
  const { changes, problems: changeProblems } = readChanges(withCsv, file);
  problems.push(...changeProblems, ...consistencyProblems(withCsv, file));
  if (problems.length > 0) return { ok: false, problems: limited(problems, file) };
  return { ok: true, value: { document: value as Scenario, resolved: resolve(withCsv, changes) }, problems: [] };
}

function limited(problems: Problem[], file: string): Problem[] {
  if (problems.length <= PROBLEMS_MAX) return problems;
  const rest = problems.length - PROBLEMS_MAX;
  return [...problems.slice(0, PROBLEMS_MAX), { file, pointer: '', message: `and ${String(rest)} problems more` }];
}

/** Replays' CSV texts become records. */
function inlineCsv(scenario: ReadScenario, file: string, problems: Problem[]): ReadScenario {
  const traffic = scenario.traffic.map((flow, index) => {
    if (flow.kind !== 'replay') return flow;
    const pointer = `/traffic/${String(index)}`;
    const given = [flow.records, flow.csv, flow.file].filter((source) => source !== undefined).length;
    if (given !== 1) {
      problems.push({
        file,
        pointer,
        message: 'a replay has exactly one of "records", "csv" and "file"',
        suggestion: '"csv": "0,512\\n0.25,1024"',
      });
      return flow;
    }
    if (flow.file !== undefined) {
      problems.push({
        file,
        pointer: `${pointer}/file`,
        message: `the file "${flow.file}" was not read`,
        suggestion: 'run the scenario from its own file, or put the rows into "csv"',
      });
    }
    if (flow.csv === undefined) return flow;
    const { records, problems: csvProblems } = readReplayCsv(flow.csv, flow, file, `${pointer}/csv`);
    problems.push(...csvProblems);
    return { ...flow, records };
  });
  return { ...scenario, traffic };
}

/** What is wrong between fields that are right on their own. */
function consistencyProblems(scenario: ReadScenario, file: string): Problem[] {
  const problems: Problem[] = [];
  const at = (pointer: string, message: string, suggestion: string): void => {
    problems.push({ file, pointer, message, suggestion });
  };
  const tcpProblems = (own: Parameters<typeof resolveTcp>[1], pointer: string): void => {
    const tcp = resolveTcp(scenario.defaults?.tcp ?? {}, own);
    const least = `at least ${String(tcp.mss)} bytes`;
    if (tcp.sendBufferBytes < tcp.mss)
      at(`${pointer}/sendBuffer`, 'the send buffer is smaller than one segment', least);
    if (tcp.receiveBufferBytes < tcp.mss)
      at(`${pointer}/receiveBuffer`, 'the receive buffer is smaller than one segment', least);
    if (tcp.rtoMinNs > tcp.rtoMaxNs)
      at(`${pointer}/rtoMin`, 'the smallest RTO is above the largest', 'for example "rtoMin": "1s", "rtoMax": "60s"');
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
      );
    }
  });
  const namesOn = new Map<string, Map<string, string>>();
  scenario.traffic.forEach((flow, index) => {
    const pointer = `/traffic/${String(index)}`;
    if (flow.start !== undefined && flow.start >= scenario.duration)
      at(`${pointer}/start`, 'the flow starts after the end of the run', 'an earlier start, or a longer duration');
    if (flow.kind === 'kernel-program') {
      const taken = namesOn.get(flow.host) ?? new Map<string, string>();
      namesOn.set(flow.host, taken);
      programProblems(flow, pointer, cpusOf.get(flow.host), taken, at);
      return;
    }
    if (flow.stop !== undefined && flow.stop <= (flow.start ?? 0))
      at(`${pointer}/stop`, 'the flow stops before it starts', 'a later time, or leave it out');
    if (flow.kind === 'udp-cbr' || flow.kind === 'udp-poisson') {
      if ((flow.size ?? 1) > 65_507) at(`${pointer}/size`, 'a datagram carries at most 65507 bytes', '"1000B"');
    }
    if (flow.kind === 'bulk' || flow.kind === 'transfer') urgentProblems(flow, pointer, at);
    if (flow.kind === 'replay') {
      for (const [recordIndex, record] of (flow.records ?? []).entries()) {
        if (record.from === undefined || record.from === flow.from || record.from === flow.to) continue;
        at(
          `${pointer}/records/${String(recordIndex)}/from`,
          `"${record.from}" is not an end of this flow`,
          `"${flow.from}" or "${flow.to}"`,
        );
      }
    }
  });
  ports(scenario, at);
  const members = probeMembers(scenario, cpusOf);
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
      );
  });
  return problems;
}

type Urgent = Extract<ReadScenario['traffic'][number], { kind: 'bulk' | 'transfer' }>;

/** Urgent octets are written one after the other, and are of the stream. */
function urgentProblems(
  flow: Urgent,
  pointer: string,
  at: (pointer: string, message: string, suggestion: string) => void,
): void {
  const { urgent = [] } = flow;
  if (flow.kind === 'transfer' && flow.exchange !== undefined && urgent.length > 0)
    at(`${pointer}/urgent`, 'an exchange has no urgent data', 'leave "exchange" or "urgent" out');
  const size = flow.kind === 'transfer' ? flow.size : Infinity;
  urgent.forEach((place, index) => {
    const where = `${pointer}/urgent/${String(index)}`;
    if (place >= size)
      at(where, `place ${String(place)} is behind the last of ${String(size)} bytes`, `at most ${String(size - 1)}`);
    else if (index > 0 && place <= urgent[index - 1]!)
      at(where, 'places of urgent octets rise', 'for example "urgent": ["64KiB", "128KiB"]');
  });
}

/** Checks the machines; the number of CPUs by host. */
function machines(
  scenario: ReadScenario,
  at: (pointer: string, message: string, suggestion: string) => void,
): ReadonlyMap<string, number> {
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
      );
    }
    if (!hasStack && node.nic !== undefined)
      at(
        `/nodes/${String(index)}/nic`,
        `host "${node.id}" has an ideal stack, which uses no network interface`,
        'a kernel that does, such as "kernel": {"model": "pmp"}',
      );
    if (machine === undefined) return;
    cpusOf.set(node.id, machine.cpus);
    if (machine.cpus % machine.sockets === 0) return;
    const where = node.machine === undefined ? '/defaults/machine' : `/nodes/${String(index)}/machine`;
    at(
      `${where}/sockets`,
      `${String(machine.cpus)} CPUs do not fill ${String(machine.sockets)} sockets evenly`,
      'a number of sockets that divides the CPUs, such as 4 CPUs in 2 sockets',
    );
  });
  return cpusOf;
}

/** What the probes of a scenario can be about, by family. */
function probeMembers(scenario: ReadScenario, cpusOf: ReadonlyMap<string, number>): ProbeMembers {
  const { defaults } = scenario;
  const hosts = scenario.nodes.flatMap((node): StackHost[] => {
    const stack = node.kind === 'host' ? resolveStack(defaults?.kernel, node.kernel) : undefined;
    if (node.kind !== 'host' || stack === undefined) return [];
    const links = scenario.links.filter(({ from, to }) => from === node.id || to === node.id).map(({ id }) => id);
    return [{ host: node.id, cpus: cpusOf.get(node.id)!, stack, nic: resolveNic(defaults?.nic, node.nic), links }];
  });
  const programs = machineMembers(cpusOf, programsOf(scenario).map(resolveProgram));
  const stacks = stackMembers(hosts);
  return {
    flow: flowsOf(scenario).map(({ id }) => id),
    link: scenario.links.map(({ id }) => id),
    ...programs,
    ...stacks,
    thread: [...programs.thread, ...stacks.thread],
    sync: [...programs.sync, ...stacks.sync],
  };
}

/** Two flows cannot listen on one port of one host. */
function ports(scenario: ReadScenario, at: (pointer: string, message: string, suggestion: string) => void): void {
  const taken = new Map<string, string>();
  scenario.traffic.forEach((flow, index) => {
    if (flow.kind === 'kernel-program' || flow.kind === 'syn-flood' || flow.port === undefined) return;
    const host = flow.kind === 'web' ? flow.from : flow.to;
    const transport = flow.kind.startsWith('udp') ? 'udp' : 'tcp';
    const key = `${host} ${transport} ${String(flow.port)}`;
    const other = taken.get(key);
    if (other !== undefined)
      at(
        `/traffic/${String(index)}/port`,
        `port ${String(flow.port)} of "${host}" already belongs to flow "${other}"`,
        'choose another port, or leave it out',
      );
    taken.set(key, flow.id);
  });
}
