// odonata run: a scenario from its start to its end, its results in a folder.

import { mkdirSync } from 'node:fs';
import { availableMemory } from './machine';
import { join } from 'node:path';
import { badInput, type FlowId, nanos } from '../base';
import { PcapngTap, writeTrace } from '../export';
import type { RunSummary } from '../measure';
import { defaultIpv4, parseIpv4 } from '../packet';
import { type CheckedScenario, estimateCost, formatDuration, formatRate } from '../scenario';
import { GrowingFile, RunFile, writeRunFolder } from '../store';
import { World } from '../world';
import { ExitCode, printJson, printLine, printTable, tell } from './output';
import { startProgress } from './progress';
import { readScenario } from './read-scenario';
import { VERSION } from './version';

export interface RunOptions {
  readonly out?: string;
  readonly seed?: string;
  readonly duration?: string;
  readonly set: readonly string[];
  readonly pcap?: boolean;
  readonly trace?: boolean;
  readonly check?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** Virtual time between looks at the progress, as a share of the run. */
const SLICES = 500;
/** A run that is expected to take longer is announced. */
const LONG_SECONDS = 60;

export function runCommand(file: string, options: RunOptions): number {
  const overrides = [
    ...options.set,
    ...(options.seed === undefined ? [] : [`/seed=${options.seed}`]),
    ...(options.duration === undefined ? [] : [`/duration=${options.duration}`]),
  ];
  const scenario = readScenario(file, overrides);
  announce(scenario, file, options.force === true);
  if ((options.pcap === true || options.trace === true) && options.out === undefined) {
    throw badInput('--out', '--pcap and --trace write into a folder', 'add --out results/');
  }
  const world = new World(scenario.resolved, { causes: options.trace === true, check: options.check === true });
  if (options.out !== undefined) mkdirSync(options.out, { recursive: true });
  const capture = options.pcap === true && options.out !== undefined ? openCapture(world, options.out) : undefined;
  const { summary, failed } = carryOut(world);
  capture?.close();
  if (options.out !== undefined) {
    if (options.trace === true) writeTraceFile(world, options.out);
    const command = [
      'odonata run',
      file,
      ...(options.out === undefined ? [] : ['--out', options.out]),
      ...overrides.map((set) => `--set ${set}`),
    ];
    writeRunFolder(options.out, {
      summary,
      series: world.series,
      document: scenario.document,
      programVersion: VERSION,
      command: command.join(' '),
    });
  }
  if (options.json === true) printJson(summary);
  else report(summary, options.out);
  if (failed !== undefined) tell(failed);
  return failed === undefined ? ExitCode.done : ExitCode.failed;
}

/** Says what a large run will cost; refuses what the machine cannot hold. */
export function announce({ resolved }: CheckedScenario, file: string, force: boolean): void {
  const cost = estimateCost(resolved);
  const available = availableMemory();
  const needs = `about ${String(Math.ceil(cost.memoryBytes / 1e6))} MB of memory`;
  if (cost.memoryBytes > available && !force) {
    throw badInput(
      file,
      `the run needs ${needs}; ${String(Math.floor(available / 1e6))} MB are free`,
      'make the scenario smaller, or add --force',
    );
  }
  if (cost.seconds > LONG_SECONDS)
    tell(`odonata: this run needs up to ${formatDuration(Math.round(cost.seconds) * 1e9)} and ${needs}`);
}

function carryOut(world: World): { summary: RunSummary; failed: string | undefined } {
  const progress = startProgress(world.scenario.name);
  const startedAt = performance.now();
  const seconds = (): number => (performance.now() - startedAt) / 1000;
  try {
    for (let slice = 1; slice <= SLICES && !world.finished; slice += 1) {
      world.run(nanos(Math.ceil((world.endAt * slice) / SLICES)));
      progress.update(world.engine.now / world.endAt);
    }
    world.finishSeries();
    return { summary: world.summary('finished', seconds()), failed: undefined };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    world.finishSeries();
    return { summary: world.summary('failed', seconds(), reason), failed: `odonata: the run failed ${reason}` };
  } finally {
    progress.stop();
  }
}

function openCapture(world: World, folder: string): GrowingFile {
  const file = new GrowingFile(join(folder, RunFile.capture));
  const { nodes, traffic } = world.scenario;
  const indexOf = new Map(nodes.map(({ id }, index) => [id, index]));
  const places = traffic.map(({ from }) => indexOf.get(from) ?? 0);
  const addresses = nodes.map(
    (node, index) =>
      (node.kind === 'host' && node.address !== undefined ? parseIpv4(node.address) : undefined) ?? defaultIpv4(index),
  );
  world.setTap(
    new PcapngTap(
      (chunk) => {
        file.write(chunk);
      },
      {
        hostName: (node) => nodes[node]?.id ?? '?',
        ipv4Of: (node) => addresses[node] ?? 0,
        placeOf: (packet) => (packet.flow === (-1 as FlowId) ? packet.src : places[packet.flow]) as typeof packet.src,
      },
    ),
  );
  return file;
}

function writeTraceFile(world: World, folder: string): void {
  const { causes } = world.engine;
  if (causes === undefined) return;
  const file = new GrowingFile(join(folder, RunFile.trace));
  writeTrace(
    {
      name: world.scenario.name,
      records: causes,
      recordAt: (id) => causes.at(id),
      ...world.causeNames(),
      series: world.series,
    },
    (text) => {
      file.write(text);
    },
  );
  file.close();
}

function report(summary: RunSummary, folder: string | undefined): void {
  printLine(
    `${summary.scenario}, seed ${String(summary.seed)}: ${formatDuration(summary.durationNs)} of virtual time in ${summary.totals.wallSeconds.toFixed(2)} s`,
  );
  const rows = summary.flows
    .slice(0, 20)
    .map((flow) => [
      flow.id,
      flow.kind,
      `${flow.from} → ${flow.to}`,
      formatRate(Math.round(flow.goodputBps)),
      `${String(flow.retransmits)} rtx`,
      `${String(flow.rtoCount)} rto`,
    ]);
  if (rows.length > 0) printTable([['flow', 'kind', 'path', 'goodput', '', ''], ...rows]);
  if (summary.flows.length > rows.length) printLine(`… and ${String(summary.flows.length - rows.length)} flows more`);
  reportMachines(summary);
  printLine(`digest ${summary.digest}`);
  if (folder !== undefined) printLine(`results in ${folder}`);
}

/** CPUs, then what each machine's programs counted and what went wrong there. */
function reportMachines({ cpus, kernels, totals }: RunSummary): void {
  if (cpus.length === 0) return;
  const spanNs = totals.simSeconds * 1e9;
  const share = (ns: number): string => `${((100 * ns) / Math.max(1, spanNs)).toFixed(1)}%`;
  const rows = cpus
    .slice(0, 16)
    .map((cpu) => [
      `${cpu.host}/${String(cpu.cpu)}`,
      share(cpu.busyNs),
      share(cpu.contestedNs),
      String(cpu.switches),
      String(cpu.messages),
      `${String(cpu.ipis.sent)} (${String(cpu.ipis.interrupts)})`,
      String(cpu.interrupts),
      String(cpu.tokenCollisions),
    ]);
  printTable([
    ['cpu', 'busy', 'contested', 'switches', 'messages', 'IPIs (hardware)', 'interrupts', 'token collisions'],
    ...rows,
  ]);
  if (cpus.length > rows.length) printLine(`… and ${String(cpus.length - rows.length)} CPUs more`);
  for (const { host, counters, deadlock } of kernels) {
    const counted = Object.entries(counters).map(([name, count]) => `${name} ${String(count)}`);
    if (counted.length > 0) printLine(`${host} counted ${counted.join(', ')}`);
    if (deadlock !== undefined)
      printLine(`${host} is deadlocked: ${deadlock.join(', ')} wait for each other's locks in a circle`);
  }
}
