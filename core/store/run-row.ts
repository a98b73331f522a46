// One row of the library: a run, or an experiment that runs belong to.

/** `waiting`: an experiment in line behind another one. */
export type RunStatus = 'waiting' | 'running' | 'finished' | 'stopped' | 'failed';

/** Whether a run goes on, or will as soon as it is its turn: it is not removed, exported or measured. */
export function isUnderWay({ status }: { readonly status: RunStatus }): boolean {
  return status === 'running' || status === 'waiting';
}

/** The shape of ipc's RunRecord. */
export interface StoredRun {
  readonly runId: string;
  readonly kind: 'run' | 'experiment';
  readonly name: string;
  /** The scenario's name. */
  readonly scenario: string;
  readonly seed: number;
  readonly status: RunStatus;
  readonly reason?: string | undefined;
  /** Wall clock, milliseconds since 1970. */
  readonly startedAt: number;
  readonly endedAt?: number | undefined;
  readonly durationNs: number;
  readonly digest?: string | undefined;
  readonly notes: string;
  readonly tags: readonly string[];
  /** Is never offered for removal. */
  readonly pinned: boolean;
  /** Of its folder; undefined while it runs. */
  readonly diskBytes?: number | undefined;
  /** Run id of the experiment that it belongs to. */
  readonly experiment?: string | undefined;
  /** The bundle that it came from. */
  readonly origin?: string | undefined;
  /** Of an experiment: runs that have ended, and that there will be at most. */
  readonly runsDone?: number | undefined;
  readonly runsPlanned?: number | undefined;
}

/** What a new row must say; the rest is empty at first. */
export type NewRun = Pick<StoredRun, 'runId' | 'name' | 'scenario' | 'seed' | 'status' | 'startedAt' | 'durationNs'> &
  Partial<StoredRun>;

export interface RunEnd {
  readonly status: 'finished' | 'stopped' | 'failed';
  readonly endedAt: number;
  readonly reason?: string | undefined;
  readonly digest?: string | undefined;
  readonly diskBytes?: number | undefined;
}

export interface RunChange {
  readonly name?: string | undefined;
  readonly notes?: string | undefined;
  readonly pinned?: boolean | undefined;
  /** Replaces all tags. */
  readonly tags?: readonly string[] | undefined;
}

export type Row = Record<string, unknown>;

export function toRun(row: Row, tags: readonly string[]): StoredRun {
  const text = (key: string): string | undefined => (typeof row[key] === 'string' ? row[key] : undefined);
  const number = (key: string): number | undefined => (typeof row[key] === 'number' ? row[key] : undefined);
  return {
    runId: text('run_id') ?? '',
    kind: text('kind') === 'experiment' ? 'experiment' : 'run',
    name: text('name') ?? '',
    scenario: text('scenario') ?? '',
    seed: number('seed') ?? 0,
    status: (text('status') ?? 'failed') as RunStatus,
    reason: text('reason'),
    startedAt: number('started_at') ?? 0,
    endedAt: number('ended_at'),
    durationNs: number('duration_ns') ?? 0,
    digest: text('digest'),
    notes: text('notes') ?? '',
    tags,
    pinned: number('pinned') === 1,
    diskBytes: number('disk_bytes'),
    experiment: text('experiment_id'),
    origin: text('origin'),
    runsDone: number('runs_done'),
    runsPlanned: number('runs_planned'),
  };
}

/** A tag as it is kept: no blanks around it, one blank inside, at most 40 characters; empty if nothing is left. */
export function tidyTag(tag: string): string {
  return tag.trim().replace(/\s+/g, ' ').slice(0, TAG_LENGTH_MAX).trim();
}

export const TAG_LENGTH_MAX = 40;
