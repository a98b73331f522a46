// What the time of protocol steps is spent on. Stages are numbers: a step charges a dozen of them, each of which is an addition then
// and no search for a name.

export const Stage = {
  systemCall: 0,
  copy: 1,
  socket: 2,
  tcp: 3,
  udp: 4,
  ip: 5,
  driver: 6,
  checksum: 7,
  memory: 8,
  /** Fetching code that the caches do not have; on a machine whose caches are modelled. */
  code: 9,
  /** Protocols that were registered besides TCP and UDP. */
  other: 10,
} as const;
export type Stage = (typeof Stage)[keyof typeof Stage];

/** By number, as summaries call them. */
const NAMES = [
  'system call',
  'copy',
  'socket',
  'tcp',
  'udp',
  'ip',
  'driver',
  'checksum',
  'memory',
  'code',
  'other',
] as const;

/** Not on all hosts: these are named only when something was spent on them. */
const isSpecial = (stage: number): boolean => stage === Stage.code || stage === Stage.other;

/** Time by stage; every nanosecond of a step is under one of them. */
export class StageTimes {
  private readonly ns = new Float64Array(NAMES.length);

  add(stage: Stage, ns: number): void {
    this.ns[stage]! += ns;
  }

  of(stage: Stage): number {
    return this.ns[stage]!;
  }

  byName(): Record<string, number> {
    const named = NAMES.map((name, stage) => [name, this.ns[stage]!] as const);
    return Object.fromEntries(named.filter(([, ns], stage) => ns > 0 || !isSpecial(stage)));
  }
}
