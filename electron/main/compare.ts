// What the Compare place needs of the library: runs of one scenario with other seeds, more of them, and the points of experiments.

import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { pointName, scenarioAt } from '../../core/experiment';
import { readExperiment, type RunLibrary } from '../../core/store';
import type { Reply, Request } from '../ipc';
import { announce, type Handlers } from './door';
import type { Runs } from './runs';

/** The tag of runs that were made to replicate others. */
const REPLICATION_TAG = 'replication';
/** Runs of one name and length that are looked at, the latest first. */
const CANDIDATES_MAX = 2000;

type Calls = 'compare.replications' | 'compare.replicate' | 'compare.stop' | 'compare.points';

export class Compare {
  /** What each run's scenario is but for its seed; folders of ended runs do not change. */
  private readonly contents = new Map<string, string | undefined>();
  private stopped = false;
  private readonly going = new Set<string>();

  constructor(
    private readonly library: RunLibrary,
    private readonly runs: Runs,
  ) {}

  readonly handlers: Pick<Handlers, Calls> = {
    'compare.replications': ({ runId }) => this.replications(runId),
    'compare.replicate': (request) => this.replicate(request),
    'compare.stop': () => {
      this.stop();
    },
    'compare.points': (request) => this.points(request),
  };

  /** Starts no more runs, and stops those that go on: what they measured stays. */
  stop(): void {
    this.stopped = true;
    for (const runId of this.going) this.runs.stop(runId);
  }

  private replications(runId: string): Reply<'compare.replications'> {
    const run = this.library.database.run(runId);
    const content = this.contentOf(runId);
    if (run === undefined || content === undefined) return [];
    const bySeed = new Map<number, string>();
    for (const other of this.library.database.finishedOf(run, CANDIDATES_MAX))
      if (!bySeed.has(other.seed) && this.contentOf(other.runId) === content) bySeed.set(other.seed, other.runId);
    if (run.status === 'finished') bySeed.set(run.seed, runId);
    return [...bySeed].map(([seed, id]) => ({ seed, runId: id })).sort((a, b) => a.seed - b.seed);
  }

  /** Hash over a scenario without its seed and without where nodes are drawn. */
  private contentOf(runId: string): string | undefined {
    if (this.contents.has(runId)) return this.contents.get(runId);
    const text = this.runs.scenario(runId);
    const content = text === undefined ? undefined : hashOf(text);
    this.contents.set(runId, content);
    return content;
  }

  private async replicate({ jobs }: Request<'compare.replicate'>): Promise<Reply<'compare.replicate'>> {
    this.stopped = false;
    const waiting = [...jobs];
    const count = { finished: 0, stopped: 0, failed: 0 };
    const worker = async (): Promise<void> => {
      for (let job = waiting.shift(); job !== undefined; job = this.stopped ? undefined : waiting.shift()) {
        count[await this.repeat(job.runId, job.seed)] += 1;
        announce('compare.progress', { done: count.finished + count.stopped + count.failed, total: jobs.length });
      }
    };
    // One processor is the window's.
    await Promise.all(Array.from({ length: Math.max(1, availableParallelism() - 1) }, worker));
    return { ...count, left: waiting.length };
  }

  /** Runs a run's scenario with another seed; how that ended. */
  private async repeat(original: string, seed: number): Promise<'finished' | 'stopped' | 'failed'> {
    const scenario = this.runs.scenario(original);
    const record = this.library.database.run(original);
    if (scenario === undefined || record === undefined) return 'failed';
    const reply = this.runs.start({ scenario, seed, packets: 'never' }, undefined);
    if (!reply.ok) return 'failed';
    const { runId } = reply;
    this.library.database.annotate(runId, { name: record.name });
    this.runs.tag({ runIds: [runId], add: [REPLICATION_TAG], remove: [] });
    this.going.add(runId);
    await this.runs.ended(runId);
    this.going.delete(runId);
    const status = this.library.database.run(runId)?.status;
    return status === 'finished' || status === 'stopped' ? status : 'failed';
  }

  private points({ runId, numbers }: Request<'compare.points'>): Reply<'compare.points'> {
    const { plan, runs } = readExperiment(this.library.folderOf(runId));
    return {
      name: plan.name,
      measures: plan.measures.map(({ name, label, unit }) => ({ name, label, unit })),
      points: plan.points.map((point) => ({ number: point.number, label: pointName(plan, point) })),
      asked: plan.points
        .filter(({ number }) => numbers.includes(number))
        .map((point) => ({
          number: point.number,
          scenario: JSON.stringify(scenarioAt(plan, point)),
          samples: runs
            .filter(({ point: number }) => number === point.number)
            .flatMap(({ seed, measured }) => (measured === undefined ? [] : [{ seed, values: [...measured.values] }])),
        })),
    };
  }
}

function hashOf(text: string): string | undefined {
  try {
    const plain = JSON.stringify(JSON.parse(text, (key, value: unknown) => (key === 'position' ? undefined : value)));
    const content = JSON.parse(plain) as Record<string, unknown>;
    delete content['seed'];
    return createHash('sha256')
      .update(JSON.stringify(ordered(content)))
      .digest('hex');
  } catch {
    return undefined;
  }
}

/** With the keys of objects in order: who wrote the file does not matter. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, ordered(inner)]));
}
