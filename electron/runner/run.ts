// One run in its process: steps the world in short slices of wall time, listens to the window between them, streams
// samples, and writes the run's folder. Its results do not depend on how it is paused, stepped or watched.

import type { MessagePortMain } from 'electron';
import { type Nanos, nanos } from '../../core/base';
import { type CheckedScenario, parseScenario } from '../../core/scenario';
import { GrowingFile, LiveSeries, RunFile, writeRunFolder } from '../../core/store';
import { World } from '../../core/world';
import { writeTrace } from '../../core/export';
import { version } from '../../package.json';
import type { RunnerCommand, RunnerMessage, StoppedAt, StreamedProbe } from '../ipc';
import { Pace } from './pace';
import { RecordStream } from './record-stream';
import { SampleStreams } from './stream';
import { join } from 'node:path';

/** A slice of stepping, wall time. */
const SLICE_MS = 8;
const EVENTS_PER_LOOK = 2000;
/** Least wall time between batches. */
const BATCH_MS = 16;
const UNACKNOWLEDGED_MAX = 2;
/** Wall time between writes of what was recorded. */
const APPEND_MS = 1000;
const RATE_SMOOTHING = 0.2;
/** Packets that a run tells the window of: 64 bytes each there. */
const PACKETS_MAX = 1_000_000;
/** Cause records that it tells of, for timeline and packets: 33 bytes each in the window, a power of two. */
const RECORDS_MAX = 1 << 22;
/**
 * Of these a batch has so many while the world runs: half a megabyte, a few milliseconds for both processes. A world that is faster leaves
 * the rest for when it pauses or ends, with larger ones.
 */
const RECORDS_PER_BATCH = 10_000;
const RECORDS_PER_LATE_BATCH = 50_000;
/** Least wall time between looks at the machines. */
const MACHINES_MS = 250;
/** A step by one RTT before there is an estimate, ns. */
const RTT_UNKNOWN_NS = 100e6;

export interface RunSetting {
  /** Where the run is written to; undefined for one that is only looked at. */
  readonly folder: string | undefined;
  readonly scenario: string;
  readonly startPaused: boolean;
  readonly trace: boolean;
  readonly packets: boolean;
  /** A window looks on, over a port; a run without one begins at once. */
  readonly watched: boolean;
  /** A run that was stopped is repeated to there: no further, whatever the window wants. */
  readonly stopAt?: StoppedAt | undefined;
}

/** Tells main how it ended. */
export type EndListener = (
  report: { type: 'ended'; outcome: 'finished' | 'stopped'; digest: string } | { type: 'failed'; reason: string },
) => void;

export class RunProcess {
  private readonly scenario: CheckedScenario;
  private readonly world: World;
  private readonly streams: SampleStreams;
  private readonly pace = new Pace();
  private readonly records: RecordStream;
  private lastMachinesMs = -Infinity;
  private readonly live: LiveSeries | undefined;
  private readonly linkNow: Float64Array;
  private readonly linkBefore: Float64Array;
  private paused: boolean;
  private stopped = false;
  /** The window has said what it wants to see; a short run would be over before that. */
  private begun = false;
  private ended = false;
  private untilNs = Infinity;
  private batch = 0;
  private acknowledged = 0;
  private lastBatchMs = -Infinity;
  private lastAppendMs = performance.now();
  private lastNowNs = 0;
  private rate = 0;
  private dirty = true;
  private wallSeconds = 0;

  constructor(
    private readonly setting: RunSetting,
    private readonly port: MessagePortMain | undefined,
    private readonly onEnd: EndListener,
  ) {
    const parsed = parseScenario(setting.scenario, RunFile.scenario);
    if (!parsed.ok) throw new Error('the scenario has problems that main should have found');
    this.scenario = parsed.value;
    const { nodes } = parsed.value.resolved;
    const hasMachines = nodes.some((node) => node.kind === 'host' && node.machine !== undefined);
    this.world = new World(parsed.value.resolved, {
      causes: setting.trace || setting.packets || (hasMachines && port !== undefined),
      ...(setting.packets ? { packetsMax: PACKETS_MAX } : {}),
      ...(setting.trace ? {} : { causesMax: RECORDS_MAX }),
    });
    this.records = new RecordStream(this.world, setting.trace);
    this.paused = setting.startPaused;
    this.live = setting.folder === undefined ? undefined : new LiveSeries(setting.folder);
    this.streams = new SampleStreams((name, listener) => this.world.listen(name, listener));
    this.linkNow = new Float64Array(6 * this.world.links.length);
    this.linkBefore = new Float64Array(6 * this.world.links.length);
    if (port === undefined) {
      this.begun = true;
      setImmediate(this.loop);
      return;
    }
    port.on('message', ({ data }) => {
      this.command(data as RunnerCommand);
    });
    port.start();
    this.send({ type: 'ready', endNs: this.endNs, available: this.world.probes.match('*/*/*') });
  }

  /** The instant at which this run ends, if nobody stops it before. */
  private get endNs(): Nanos {
    const { stopAt } = this.setting;
    return nanos(Math.min(stopAt?.atNs ?? Infinity, this.world.endAt));
  }

  /** Events that are left until it was stopped. */
  private get eventsLeft(): number {
    return (this.setting.stopAt?.events ?? Infinity) - this.world.engine.events;
  }

  /**
   * Whether it is as far as the run that it repeats. Of another version of the program the events until then may be more, or fewer: then it is
   * over, too, where it can go no further.
   */
  private get isWhereStopped(): boolean {
    if (this.setting.stopAt === undefined) return false;
    const { engine } = this.world;
    const isTime = engine.now >= this.endNs;
    const isNextLater = (engine.nextEventAt() ?? Infinity) > this.endNs;
    return this.eventsLeft > 0 ? isTime && isNextLater : isTime || !isNextLater;
  }

  /** Ends the run before its time; what was measured is written. */
  stop(): void {
    this.stopped = true;
  }

  private command(command: RunnerCommand): void {
    const { world } = this;
    if (this.ended) return;
    switch (command.type) {
      case 'pause':
        this.paused = true;
        break;
      case 'resume':
        this.paused = false;
        this.untilNs = Infinity;
        this.restartPace();
        break;
      case 'step':
        this.paused = true;
        this.step(command.unit, command.count);
        break;
      case 'runUntil':
        this.untilNs = command.atNs;
        this.paused = false;
        this.restartPace();
        break;
      case 'speed':
        this.pace.set(command.factor, performance.now(), world.engine.now);
        break;
      case 'stop':
        this.stop();
        break;
      case 'subscribe':
        this.subscribe(command.patterns);
        if (!this.begun) setImmediate(this.loop);
        this.begun = true;
        break;
      case 'unsubscribe':
        for (const name of command.names) this.streams.remove(name);
        break;
      case 'ack':
        this.acknowledged = Math.max(this.acknowledged, command.batch);
        return;
    }
    this.dirty = true;
    this.maybeSend(true);
  }

  private restartPace(): void {
    this.pace.set(this.pace.factor, performance.now(), this.world.engine.now);
  }

  private step(unit: 'event' | 'packet' | 'rtt', count: number): void {
    const { world } = this;
    try {
      if (unit === 'event') world.run(this.endNs, Math.min(count, this.eventsLeft));
      else if (unit === 'packet') world.runPackets(count, this.endNs, this.eventsLeft);
      else {
        const untilNs = Math.round(world.engine.now + count * (world.firstSrttNs ?? RTT_UNKNOWN_NS));
        world.run(nanos(Math.min(untilNs, this.endNs)), this.eventsLeft);
      }
    } catch (error) {
      this.fail(error);
    }
  }

  private subscribe(patterns: readonly string[]): void {
    const added: StreamedProbe[] = [];
    for (const { name, unit, help } of patterns.flatMap((pattern) => this.world.probes.match(pattern))) {
      const probe = this.streams.add(name, unit, help);
      if (probe !== undefined) added.push(probe);
    }
    this.send({ type: 'probes', added });
  }

  private readonly loop = (): void => {
    if (this.ended) return;
    try {
      if (this.stopped) {
        this.finish('stopped');
        return;
      }
      if (!this.paused) this.slice();
      if (this.world.finished || this.isWhereStopped) {
        this.finish('finished');
        return;
      }
      this.maybeSend(false);
      this.maybeAppend();
    } catch (error) {
      this.fail(error);
      return;
    }
    if (this.paused) setTimeout(this.loop, SLICE_MS);
    else setImmediate(this.loop);
  };

  /** Steps for a slice of wall time, no further than pace and "run until" allow. */
  private slice(): void {
    const startedMs = performance.now();
    const { world } = this;
    let nowMs = startedMs;
    let moved = true;
    while (moved && nowMs - startedMs < SLICE_MS && !world.finished && !this.isWhereStopped) {
      const limit = Math.min(this.untilNs, this.pace.limitNs(nowMs), this.endNs);
      const events = Math.min(EVENTS_PER_LOOK, this.eventsLeft);
      const beforeNs = world.engine.now;
      // Events may be left at this very instant.
      moved = limit >= beforeNs && (world.run(nanos(limit), events) > 0 || world.engine.now > beforeNs);
      if (world.engine.now >= this.untilNs) this.paused = true;
      if (this.paused) break;
      nowMs = performance.now();
    }
    this.wallSeconds += (performance.now() - startedMs) / 1000;
    this.dirty = true;
  }

  private maybeSend(atOnce: boolean): void {
    const nowMs = performance.now();
    if (this.port === undefined || !this.dirty || this.batch - this.acknowledged >= UNACKNOWLEDGED_MAX) return;
    if (!atOnce && nowMs - this.lastBatchMs < BATCH_MS) return;
    this.sendBatch(nowMs);
  }

  private sendBatch(nowMs: number): void {
    const { world } = this;
    const nowNs = world.engine.now;
    world.settle();
    const elapsedMs = nowMs - this.lastBatchMs;
    if (Number.isFinite(elapsedMs) && elapsedMs > 0 && !this.paused) {
      const rate = (nowNs - this.lastNowNs) / 1e6 / elapsedMs;
      this.rate += (this.rate === 0 ? 1 : RATE_SMOOTHING) * (rate - this.rate);
    }
    this.batch += 1;
    this.send({
      type: 'batch',
      batch: this.batch,
      nowNs,
      events: world.engine.events,
      packets: world.packets,
      rate: this.paused ? 0 : this.rate,
      leftSeconds: this.paused || this.rate === 0 ? undefined : (this.endNs - nowNs) / 1e9 / this.rate,
      state: this.paused ? 'paused' : 'running',
      samples: this.streams.take(),
      links: this.linkChanges(nowNs),
    });
    this.sendRecords(this.paused ? RECORDS_PER_LATE_BATCH : RECORDS_PER_BATCH, nowMs);
    if (nowMs - this.lastMachinesMs >= MACHINES_MS || this.ended || this.paused) this.sendMachines(nowMs);
    this.lastBatchMs = nowMs;
    this.lastNowNs = nowNs;
    this.dirty = !this.paused || this.records.isBehind;
  }

  /** Tells of packets and up to `max` records; whether there was something to tell. */
  private sendRecords(max: number, nowMs: number): boolean {
    const packets = this.records.takePackets();
    if (packets !== undefined) this.send(packets);
    const records = this.records.take(max, nowMs);
    if (records !== undefined) this.send(records);
    return records !== undefined;
  }

  private sendMachines(nowMs: number): void {
    const { world } = this;
    if (world.machines.length === 0) return;
    this.lastMachinesMs = nowMs;
    this.send({ type: 'machines', nowNs: world.engine.now, state: world.machineState() });
  }

  /** Per link direction: utilisation since the last batch, packets waiting, drops since the last batch. */
  private linkChanges(nowNs: number): Float64Array {
    const { linkNow, linkBefore } = this;
    this.world.linkState(linkNow);
    const changes = new Float64Array(linkNow.length);
    const spanNs = nowNs - this.lastNowNs;
    for (let i = 0; i < linkNow.length; i += 3) {
      changes[i] = spanNs <= 0 ? 0 : Math.min(1, (linkNow[i]! - linkBefore[i]!) / spanNs);
      changes[i + 1] = linkNow[i + 1]!;
      changes[i + 2] = linkNow[i + 2]! - linkBefore[i + 2]!;
    }
    linkBefore.set(linkNow);
    return changes;
  }

  private maybeAppend(): void {
    const nowMs = performance.now();
    if (nowMs - this.lastAppendMs < APPEND_MS) return;
    this.lastAppendMs = nowMs;
    this.live?.append(this.world.series);
  }

  private finish(outcome: 'finished' | 'stopped'): void {
    this.ended = true;
    this.world.finishSeries();
    this.sendRest();
    // What is repeated up to where it was stopped has done all that it should, and is a stopped run as that one is.
    const is = this.setting.stopAt === undefined ? outcome : 'stopped';
    const summary = this.world.summary(is, this.wallSeconds);
    this.writeFolder(summary);
    this.send({ type: 'finished', outcome, summary });
    this.onEnd({ type: 'ended', outcome, digest: summary.digest });
  }

  private sendRest(): void {
    if (this.port === undefined) return;
    this.acknowledged = this.batch;
    this.sendBatch(performance.now());
    while (this.sendRecords(RECORDS_PER_LATE_BATCH, Infinity));
  }

  /** Something in the world is broken: what was measured stays. */
  private fail(error: unknown): void {
    this.ended = true;
    const reason = error instanceof Error ? error.message : String(error);
    this.world.finishSeries();
    this.writeFolder(this.world.summary('failed', this.wallSeconds, reason));
    this.send({ type: 'failed', reason });
    this.onEnd({ type: 'failed', reason });
  }

  private writeFolder(summary: ReturnType<World['summary']>): void {
    const { folder, trace } = this.setting;
    if (folder === undefined) return;
    // The summary comes last: a folder that has one is whole.
    if (trace) this.writeTraceFile(folder);
    writeRunFolder(folder, {
      summary,
      series: this.world.series,
      document: this.scenario.document,
      programVersion: version,
      command: `odonata run ${RunFile.scenario} --out results`,
    });
    this.live?.discard();
  }

  private writeTraceFile(folder: string): void {
    const { world } = this;
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

  private send(message: RunnerMessage): void {
    this.port?.postMessage(message);
  }
}
