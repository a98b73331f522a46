// A kernel program with nothing left open, and whether the names in its steps stand for something.

import { pointerOf } from './json-text';
import type { ReadStep } from './kernel-program-schema';
import type { ReadProgram, ResolvedDistribution } from './resolved-flow';
import { nearest } from './suggest';

export type ResolvedStep = ReadStep;

export interface ResolvedThread {
  readonly id: string;
  readonly cpu: number | 'each';
  readonly count: number;
  readonly priority: number;
  readonly preempts: boolean;
  readonly giant: boolean;
  readonly addressSpace: string | undefined;
  readonly steps: readonly ResolvedStep[];
}

export interface ResolvedInterrupt {
  readonly id: string;
  readonly cpu: number;
  readonly priority: number;
  readonly process: 'poisson' | 'periodic';
  readonly perSecond: number;
  readonly work: ResolvedDistribution;
  readonly wakes: string | undefined;
  /** Absent: no limit. */
  readonly livelockLimit: number | undefined;
}

export interface ResolvedProgram {
  readonly id: string;
  readonly host: string;
  readonly startNs: number;
  readonly tokens: readonly string[];
  readonly locks: readonly { readonly id: string; readonly kind: 'mutex' | 'spinlock' | 'serializer' }[];
  readonly ports: readonly string[];
  readonly lines: readonly string[];
  readonly interrupts: readonly ResolvedInterrupt[];
  readonly threads: readonly ResolvedThread[];
}

const PRIORITY_DAEMON = 12;
const PRIORITY_INTERRUPT = 27;
/** Steps within steps; deeper ones are a mistake of a generator. */
const NESTING_MAX = 32;

export function resolveProgram(program: ReadProgram): ResolvedProgram {
  return {
    id: program.id,
    host: program.host,
    startNs: program.start ?? 0,
    tokens: program.tokens ?? [],
    locks: program.locks ?? [],
    ports: program.ports ?? [],
    lines: program.lines ?? [],
    interrupts: (program.interrupts ?? []).map((interrupt) => ({
      id: interrupt.id,
      cpu: interrupt.cpu ?? 0,
      priority: interrupt.priority ?? PRIORITY_INTERRUPT,
      process: interrupt.process ?? 'poisson',
      perSecond: interrupt.rate,
      work: interrupt.work,
      wakes: interrupt.wakes,
      livelockLimit: interrupt.livelockLimit,
    })),
    threads: program.threads.map((thread) => ({
      id: thread.id,
      cpu: thread.cpu ?? 0,
      count: thread.count ?? 1,
      priority: thread.priority ?? PRIORITY_DAEMON,
      preempts: thread.preempts ?? false,
      giant: thread.giant ?? false,
      addressSpace: thread.addressSpace,
      steps: thread.steps,
    })),
  };
}

/** Names of a thread's copies on a machine of so many CPUs: its id, or its id and a number each. */
export function copiesOf({ id, cpu, count }: ResolvedThread, cpus: number): { name: string; cpu: number }[] {
  const places = cpu === 'each' ? Array.from({ length: cpus }, (_, place) => place) : [cpu];
  const copies = places.flatMap((place) => new Array<number>(count).fill(place));
  return copies.map((place, number) => ({
    name: copies.length === 1 ? id : `${id}.${String(number)}`,
    cpu: place,
  }));
}

/** Names of all threads of a program, those of its interrupts among them. */
function threadNames(program: ResolvedProgram, cpus: number): string[] {
  return [
    ...program.interrupts.map(({ id }) => id),
    ...program.threads.flatMap((thread) => copiesOf(thread, cpus).map(({ name }) => name)),
  ];
}

/**
 * What the probes of machines are about, as `host/part`: CPUs, threads, and the tokens and locks of programs.
 * @param cpusOf number of CPUs by host
 */
export function machineMembers(
  cpusOf: ReadonlyMap<string, number>,
  programs: readonly ResolvedProgram[],
): { cpu: string[]; thread: string[]; sync: string[] } {
  const on = (host: string, names: readonly string[]): string[] => names.map((name) => `${host}/${name}`);
  return {
    cpu: [...cpusOf].flatMap(([host, cpus]) =>
      on(
        host,
        Array.from({ length: cpus }, (_, cpu) => String(cpu)),
      ),
    ),
    thread: programs.flatMap((program) => on(program.host, threadNames(program, cpusOf.get(program.host) ?? 1))),
    sync: programs.flatMap(({ host, tokens, locks }) => on(host, [...tokens, ...locks.map(({ id }) => id)])),
  };
}

type Report = (pointer: string, message: string, suggestion: string) => void;

/**
 * What is wrong between the parts of a program.
 * @param cpus of its host's machine; undefined when the host has none
 * @param taken names of threads and the like that programs before it on the same host have; those of this one are added
 */
export function programProblems(
  program: ReadProgram,
  pointer: string,
  cpus: number | undefined,
  taken: Map<string, string>,
  at: Report,
): void {
  if (cpus === undefined) {
    at(`${pointer}/host`, `host "${program.host}" has no machine`, 'give it "machine": {"cpus": 2}');
    return;
  }
  const kinds = namesOf(program, pointer, taken, at);
  const place = (cpu: number | 'each' | undefined, where: string): void => {
    if (typeof cpu === 'number' && cpu >= cpus)
      at(where, `there is no CPU ${String(cpu)}`, `the machine has ${String(cpus)}: 0 to ${String(cpus - 1)}`);
  };
  const refer = (name: string, wanted: readonly string[], where: string): void => {
    if (wanted.includes(kinds.get(name) ?? '')) return;
    const known = [...kinds].filter(([, kind]) => wanted.includes(kind)).map(([known]) => known);
    const near = nearest(name, known) ?? known[0];
    const noun = wanted.join(' or ');
    at(
      where,
      `the program has no ${noun} "${name}"`,
      near === undefined ? `add one under "${wanted[0]!}s"` : `did you mean "${near}"?`,
    );
  };
  program.threads.forEach((thread, index) => {
    const where = `${pointer}/threads/${String(index)}`;
    place(thread.cpu, `${where}/cpu`);
    walk(
      thread.steps,
      `${where}/steps`,
      1,
      (step, stepAt) => {
        stepProblems(step, stepAt, refer, place);
      },
      at,
    );
  });
  (program.interrupts ?? []).forEach((interrupt, index) => {
    const where = `${pointer}/interrupts/${String(index)}`;
    place(interrupt.cpu, `${where}/cpu`);
    if (interrupt.wakes !== undefined) refer(interrupt.wakes, ['thread'], `${where}/wakes`);
  });
}

/** What each name stands for; a name stands for one thing. */
function namesOf(program: ReadProgram, pointer: string, taken: Map<string, string>, at: Report): Map<string, string> {
  const kinds = new Map<string, string>();
  const add = (name: string, kind: string, where: string): void => {
    const before = kinds.get(name);
    const other = taken.get(name);
    if (before !== undefined) at(where, `"${name}" is the name of a ${before} already`, 'choose another name');
    else if (other !== undefined)
      at(where, `program "${other}" on the same host has a "${name}" already`, 'choose another name');
    else kinds.set(name, kind);
  };
  program.threads.forEach(({ id }, index) => {
    add(id, 'thread', `${pointer}/threads/${String(index)}/id`);
  });
  (program.tokens ?? []).forEach((name, index) => {
    add(name, 'token', `${pointer}/tokens/${String(index)}`);
  });
  (program.locks ?? []).forEach(({ id }, index) => {
    add(id, 'lock', `${pointer}/locks/${String(index)}/id`);
  });
  (program.ports ?? []).forEach((name, index) => {
    add(name, 'port', `${pointer}/ports/${String(index)}`);
  });
  (program.lines ?? []).forEach((name, index) => {
    add(name, 'line', `${pointer}/lines/${String(index)}`);
  });
  (program.interrupts ?? []).forEach(({ id }, index) => {
    add(id, 'interrupt', `${pointer}/interrupts/${String(index)}/id`);
  });
  for (const name of kinds.keys()) taken.set(name, program.id);
  return kinds;
}

function walk(
  steps: readonly ReadStep[],
  pointer: string,
  depth: number,
  visit: (step: ReadStep, pointer: string) => void,
  at: Report,
): void {
  if (depth > NESTING_MAX) {
    at(pointer, 'steps are nested too deeply', `at most ${String(NESTING_MAX)} levels`);
    return;
  }
  steps.forEach((step, index) => {
    const where = `${pointer}${pointerOf([String(index)])}`;
    visit(step, where);
    if ('steps' in step) walk(step.steps, `${where}/steps`, depth + 1, visit, at);
  });
}

function stepProblems(
  step: ReadStep,
  where: string,
  refer: (name: string, wanted: readonly string[], where: string) => void,
  place: (cpu: number, where: string) => void,
): void {
  switch (step.do) {
    case 'call':
    case 'send':
    case 'forward':
      refer(step.to, ['thread', 'port'], `${where}/to`);
      break;
    case 'receive':
      if (step.from !== undefined) refer(step.from, ['port'], `${where}/from`);
      break;
    case 'take':
      refer(step.what, step.shared === true ? ['token'] : ['token', 'lock'], `${where}/what`);
      break;
    case 'release':
      refer(step.what, ['token', 'lock'], `${where}/what`);
      break;
    case 'read':
    case 'write':
      refer(step.line, ['line'], `${where}/line`);
      break;
    case 'wake':
      refer(step.thread, ['thread'], `${where}/thread`);
      break;
    case 'move':
      place(step.cpu, `${where}/cpu`);
      break;
    default:
      break;
  }
}
