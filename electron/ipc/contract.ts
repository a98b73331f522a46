// The one table of everything that crosses between window, main process and runner (style.md §3.10).
// Each call has a schema for its request and one for its reply; main checks requests at its only door, preload
// builds `window.lab` from the table, and the renderer's client is typed from it. Adding a call is one entry
// here and its handler.

import { z } from 'zod';
import type { RunSummary } from '../../core/measure';
import { compareCalls, compareEvents } from './compare';
import { experimentCalls } from './experiments';
import { keptLabSchema, labCalls, labEvents, labKeySchema } from './labs';
import {
  arrivalSchema,
  broughtSchema,
  problemSchema,
  runIdSchema,
  runRecordSchema,
  runStatusSchema,
  SCRIPT_PROFILES,
  scriptVerdictSchema,
  stoppedAtSchema,
  summarySchema,
} from './records';

z.config({ jitless: true });

const runId = runIdSchema;
const scenarioText = z.string().max(64 * 1024 * 1024);
const nothing = z.undefined();
const runIds = z.array(runId).min(1).max(20_000);
const tag = z.string().min(1).max(40);

const openedFile = z.object({ path: z.string(), name: z.string(), text: z.string() });

export const calls = {
  ...experimentCalls,
  /** Version, platform, and whether this start follows a crash. */
  'app.info': {
    request: nothing,
    reply: z.object({ version: z.string(), electron: z.string(), platform: z.string(), recovered: z.boolean() }),
  },
  /** A file dialog; undefined when the person cancels. Captures become scenarios on the way (problems as data). */
  'files.open': { request: nothing, reply: openedFile.optional() },
  /** Opens a recent file again by its place in the list of recent files. */
  'files.openRecent': { request: z.object({ path: z.string().max(4096) }), reply: openedFile.optional() },
  'files.recent': { request: nothing, reply: z.array(z.object({ path: z.string(), name: z.string() })) },
  /** Files that the system gave (arguments, drops on the icon) and that the window has not shown yet, the oldest first. */
  'arrivals.list': { request: nothing, reply: z.array(arrivalSchema) },
  'arrivals.seen': { request: z.object({ id: z.number() }), reply: nothing },
  /** Writes to `path` if it was opened or saved before in this session, else asks; undefined when cancelled. */
  'files.save': {
    request: z.object({
      path: z.string().max(4096).optional(),
      suggestedName: z.string().max(255),
      text: scenarioText,
    }),
    reply: z.object({ path: z.string(), name: z.string() }).optional(),
  },
  /** Imports a capture chosen in a dialog; undefined when cancelled. */
  'files.importCapture': {
    request: nothing,
    reply: z.object({ name: z.string(), text: z.string(), report: z.array(z.string()) }).optional(),
  },
  /** A packetdrill script chosen in a dialog; undefined when cancelled. */
  'scripts.open': { request: nothing, reply: openedFile.optional() },
  /** Runs a packetdrill script in a process of its own and tells the whole ladder. */
  'scripts.run': {
    request: z.object({ text: z.string().max(4 * 1024 * 1024), profile: z.enum(SCRIPT_PROFILES) }),
    reply: scriptVerdictSchema,
  },
  /** Keeps the unsaved document for recovery after a crash; undefined text forgets it. */
  'drafts.keep': { request: z.object({ text: scenarioText.optional() }), reply: nothing },
  'drafts.recover': { request: nothing, reply: z.object({ text: z.string() }).optional() },
  /** Workspace state of the window (dock layout, theme, sizes), opaque to main. */
  'workspace.load': { request: nothing, reply: z.string().optional() },
  'workspace.save': { request: z.object({ state: z.string().max(1024 * 1024) }), reply: nothing },
  /**
   * Validates, allots a run, starts its runner. The run's port then arrives in the window as a message
   * (see RunnerMessage, RunnerCommand). Problems come back as data and nothing was started.
   */
  'runs.start': {
    request: z.object({
      scenario: scenarioText,
      seed: z.number().int().optional(),
      startPaused: z.boolean().optional(),
      trace: z.boolean().optional(),
      pcap: z.boolean().optional(),
      /** Whether packets and their causes are recorded for the Packets panel: `short` runs only, which is what absent means. */
      packets: z.enum(['short', 'always', 'never']).optional(),
      /** Start although the estimate says that memory is short. */
      force: z.boolean().optional(),
    }),
    reply: z.discriminatedUnion('ok', [
      z.object({ ok: z.literal(true), runId }),
      z.object({ ok: z.literal(false), problems: z.array(problemSchema) }),
    ]),
  },
  /** The latest runs, at most 200. */
  'runs.list': { request: nothing, reply: z.array(runRecordSchema) },
  /** A page of the library: every word of `text` and every tag must be there. With how many there are, and their bytes. */
  'runs.find': {
    request: z.object({
      text: z.string().max(1000).optional(),
      tags: z.array(tag).max(20).optional(),
      status: runStatusSchema.optional(),
      kind: z.enum(['run', 'experiment']).optional(),
      experiment: runId.optional(),
      order: z.enum(['started', 'name', 'status', 'seed', 'duration', 'disk']),
      descending: z.boolean(),
      offset: z.number().int().nonnegative(),
      limit: z.number().int().min(1).max(500),
    }),
    reply: z.object({ rows: z.array(runRecordSchema), total: z.number(), bytes: z.number() }),
  },
  /** All tags with how many runs have them. */
  'runs.tags': { request: nothing, reply: z.array(z.object({ tag: z.string(), count: z.number() })) },
  /**
   * What the library takes and may take; beyond the limit, the oldest are offered: runs without tag and pin, `bytes` together, and results
   * of labs.
   */
  'runs.disk': {
    request: nothing,
    reply: z.object({
      bytes: z.number(),
      limitBytes: z.number(),
      offered: z.object({ runIds: z.array(runId), bytes: z.number(), labs: z.array(keptLabSchema) }),
    }),
  },
  'runs.limitDisk': { request: z.object({ bytes: z.number().min(1e6).max(1e15) }), reply: nothing },
  'runs.summary': { request: z.object({ runId }), reply: summarySchema.optional() },
  /** Recorded series of a stored run (all names when `names` is absent). Also for failed runs: what was flushed. */
  'runs.series': {
    request: z.object({ runId, names: z.array(z.string().max(512)).max(10_000).optional() }),
    reply: z.array(
      z.object({
        name: z.string(),
        unit: z.string(),
        times: z.instanceof(Float64Array),
        values: z.instanceof(Float64Array),
      }),
    ),
  },
  /** The scenario that a stored run was made from. */
  'runs.scenario': { request: z.object({ runId }), reply: z.string().optional() },
  /** About how many seconds it takes to repeat a run with its packets recorded, or why that cannot be. */
  'runs.repeatable': {
    request: z.object({ runId }),
    reply: z.union([
      z.object({ seconds: z.number(), stoppedAt: stoppedAtSchema.optional() }),
      z.object({ cannot: z.string() }),
    ]),
  },
  /**
   * Repeats a run that has finished, or one up to where it was stopped, from its stored scenario, with packets and causes recorded, and
   * writes nothing. A port named `repeatId` then arrives as for a run that was started. `madeBy` is the version of the program that made
   * the run, if known.
   */
  'runs.repeat': {
    request: z.object({ runId }),
    reply: z.object({
      repeatId: z.string(),
      scenario: z.string(),
      madeBy: z.string().optional(),
      stoppedAt: stoppedAtSchema.optional(),
    }),
  },
  'runs.annotate': {
    request: z.object({
      runId,
      name: z.string().max(200).optional(),
      notes: z.string().max(20_000).optional(),
      pinned: z.boolean().optional(),
    }),
    reply: nothing,
  },
  /** Gives tags to runs and takes others away. */
  'runs.tag': {
    request: z.object({ runIds, add: z.array(tag).max(20), remove: z.array(tag).max(20) }),
    reply: nothing,
  },
  /** Puts runs into the waste basket; they are gone for good some time later, or when the program ends. */
  'runs.remove': { request: z.object({ runIds }), reply: z.object({ keptMs: z.number() }) },
  /** Takes runs out of the waste basket; the reply says which were still there. */
  'runs.restore': { request: z.object({ runIds }), reply: z.object({ runIds: z.array(runId) }) },
  /** Packs runs and results of labs into a bundle at a place chosen in a dialog; undefined when cancelled. */
  'runs.export': {
    request: z.object({
      runIds: z.array(runId).max(1000),
      labs: z.array(labKeySchema).max(200).optional(),
      suggestedName: z.string().min(1).max(200),
    }),
    reply: z.object({ path: z.string(), bytes: z.number() }).optional(),
  },
  /** Takes a bundle into the library: one that was dropped on the window, or chosen in a dialog; undefined when cancelled. */
  'runs.import': {
    request: z.object({ path: z.string().max(4096).endsWith('.odonata').optional() }),
    reply: broughtSchema.optional(),
  },
  /** Shows the run's folder in the system's file manager. */
  'runs.reveal': { request: z.object({ runId }), reply: nothing },
  ...compareCalls,
  /** Writes a figure that the window drew (as SVG) to a file chosen in a dialog; main makes PDF and PNG of it. */
  'figures.save': {
    request: z.object({
      format: z.enum(['svg', 'pdf', 'png', 'csv', 'tex']),
      /** SVG text for svg, pdf and png; the text itself for csv and tex. */
      content: z.string().max(64 * 1024 * 1024),
      suggestedName: z.string().max(255),
      widthMm: z.number().positive().max(2000),
      heightMm: z.number().positive().max(2000),
      dpi: z.number().int().min(36).max(2400),
    }),
    reply: z.object({ path: z.string() }).optional(),
  },
  ...labCalls,
} as const;

export type Calls = typeof calls;
export type CallName = keyof Calls;
export type Request<Name extends CallName> = z.infer<Calls[Name]['request']>;
export type Reply<Name extends CallName> = z.infer<Calls[Name]['reply']>;

/** What main tells the window without being asked. */
export const events = {
  /** A run's record changed (started, finished, failed). */
  'runs.changed': runRecordSchema,
  /** The process that repeated a run is gone without a word. */
  'runs.repeatLost': z.object({ repeatId: z.string(), reason: z.string() }),
  ...compareEvents,
  /** A menu command or shortcut that main's menu owns, e.g. `file.open`. */
  'menu.command': z.object({ command: z.string() }),
  /** There is something in `arrivals.list`. */
  'arrivals.changed': nothing,
  /** Something that was not asked for, such as a library that was damaged. */
  'app.told': z.object({ kind: z.enum(['info', 'error']), text: z.string(), advice: z.string().optional() }),
  ...labEvents,
} as const;
export type Events = typeof events;
export type EventName = keyof Events;
export type EventPayload<Name extends EventName> = z.infer<Events[Name]>;

/** How a call ends for the renderer: failures travel as data, never as thrown errors. */
export type Result<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string; readonly advice?: string };

/** Shape of `window.lab`, made by preload from the tables above. */
export interface Lab {
  call<Name extends CallName>(name: Name, request: Request<Name>): Promise<Result<Reply<Name>>>;
  on<Name extends EventName>(name: Name, listener: (payload: EventPayload<Name>) => void): () => void;
  /** Where a file that was dropped on the window lies; empty if it lies nowhere. */
  pathOf(file: File): string;
}

/**
 * A run's port reaches the page as a window message `{ kind: RUN_PORT_MESSAGE, runId }` with one port in `ports`.
 */
export const RUN_PORT_MESSAGE = 'odonata.run-port';

/** Commands of the window to a run, over the run's own port. */
export type RunnerCommand =
  | { readonly type: 'pause' }
  | { readonly type: 'resume' }
  /** Runs this much further and pauses: events, packets put on any link, or smoothed RTTs of the first flow. */
  | { readonly type: 'step'; readonly unit: 'event' | 'packet' | 'rtt'; readonly count: number }
  /** Runs until this virtual time and pauses. */
  | { readonly type: 'runUntil'; readonly atNs: number }
  /** Virtual seconds per wall second; undefined is as fast as it goes. */
  | { readonly type: 'speed'; readonly factor: number | undefined }
  | { readonly type: 'stop' }
  /** Adds probes by pattern; answered by `probes`. The first one lets the run begin. */
  | { readonly type: 'subscribe'; readonly patterns: readonly string[] }
  | { readonly type: 'unsubscribe'; readonly names: readonly string[] }
  /** Acknowledges a batch; the runner keeps at most two unacknowledged. */
  | { readonly type: 'ack'; readonly batch: number };

/** One probe whose samples are streamed; `index` is its name inside batches of this run. */
export interface StreamedProbe {
  readonly index: number;
  readonly name: string;
  readonly unit: string;
  readonly help: string;
}

/** Names of what numbers in records and packet rows stand for. */
export interface RecordNames {
  /** Link directions, those of network interfaces, buses: subjects of `transmit`, `drop`, `dma`, `bus`. */
  readonly links: readonly string[];
  /** The nodes that these lead from and to; one and the same for what lies within a host. Propagation delay at the start. */
  readonly ends: readonly { readonly from: number; readonly to: number; readonly delayNs: number }[];
  readonly nodes: readonly { readonly name: string; readonly isHost: boolean }[];
  readonly flows: readonly string[];
  readonly sockets: readonly string[];
  readonly kernel: {
    readonly cpus: readonly string[];
    readonly threads: readonly string[];
    readonly ports: readonly string[];
    readonly syncs: readonly string[];
  };
}

/** Messages of a run to the window, over the run's own port. Typed arrays are copied, never transferred. */
export type RunnerMessage =
  /** All probe names that can be subscribed to (for completion), once at the start. */
  | {
      readonly type: 'ready';
      readonly endNs: number;
      readonly available: readonly { name: string; unit: string; help: string }[];
    }
  | { readonly type: 'probes'; readonly added: readonly StreamedProbe[] }
  | {
      readonly type: 'batch';
      readonly batch: number;
      readonly nowNs: number;
      readonly events: number;
      readonly packets: number;
      /** Virtual seconds per wall second, lately. */
      readonly rate: number;
      /** Wall seconds to the end at this rate; undefined when paused or unknown. */
      readonly leftSeconds: number | undefined;
      readonly state: 'running' | 'paused';
      /** Samples as triples: probe index, time in nanoseconds, value. Merged by min and max when the window is slow. */
      readonly samples: Float64Array;
      /** Per link direction in the order of the scenario (forward, reverse): utilisation 0..1 since the last batch, packets queued, drops since the last batch. */
      readonly links: Float64Array;
    }
  /** What machines did and are doing: CPUs, threads, tokens, ports, stacks and network interfaces (parts of RunSummary). */
  | {
      readonly type: 'machines';
      readonly nowNs: number;
      readonly state: Pick<RunSummary, 'cpus' | 'kernels' | 'nics' | 'stacks'>;
    }
  /** New packets: rows and SACK edges as core/packet's PacketLog writes them. Come before the records that are about them. */
  | {
      readonly type: 'packets';
      readonly rows: Int32Array;
      readonly edges: Int32Array;
      /** Packets that there was no room for. */
      readonly lost: number;
    }
  /** New records of the cause log, from id `first` on: kind, at, parent, subject, detail, extra each. */
  | {
      readonly type: 'records';
      readonly first: number;
      readonly rows: Float64Array;
      /** What their numbers stand for; when there are more names than before. */
      readonly names: RecordNames | undefined;
      /** Records that there was no room for. */
      readonly lost: number;
    }
  | { readonly type: 'finished'; readonly outcome: 'finished' | 'stopped'; readonly summary: unknown }
  | { readonly type: 'failed'; readonly reason: string };
