// Virtual time and the order in which things happen. One engine is one run; nothing here is global.

import { type CauseId, invariant, InvariantError, NO_CAUSE, type Nanos, TIME_ZERO } from '../base';
import type { CauseLog } from './causes';
import { type EventId, EventQueue, type EventTarget, type Priority } from './event-queue';

export class Engine {
  private readonly queue = new EventQueue();
  private clock: Nanos = TIME_ZERO;
  private eventCount = 0;
  private orderHash = 0x811c9dc5 | 0;
  private stopRequested = false;
  /** Until when `advance` may go: the end of the present `run`, unless that counts its events one by one. */
  private horizon = -1;
  /** Events of the present run that `advance` stood for. */
  private advanced = 0;

  /** What caused whatever is happening now; NO_CAUSE while causes are off. */
  cause: CauseId = NO_CAUSE;

  /** @param causes the log to write, or undefined: then nothing is recorded and a check costs one branch. */
  constructor(readonly causes: CauseLog | undefined = undefined) {}

  get now(): Nanos {
    return this.clock;
  }

  /** Events run so far. */
  get events(): number {
    return this.eventCount;
  }

  get pending(): number {
    return this.queue.pending;
  }

  /** Hash over the instants and arguments of all events so far, as an unsigned 32-bit number. */
  get eventHashU32(): number {
    return this.orderHash >>> 0;
  }

  /**
   * Calls `target.onEvent(at, arg)` when virtual time reaches `at`.
   * @param at not before now
   * @param arg an int32 that the target understands
   * @throws InvariantError if `at` lies in the past or is not an integer
   */
  schedule(at: Nanos, priority: Priority, target: EventTarget, arg: number): EventId {
    if (!(at >= this.clock)) this.rejectInstant(at);
    return this.queue.schedule(at, priority, target, arg, this.cause);
  }

  /** Cancels an event; false if it has already run or was cancelled before. */
  cancel(id: EventId): boolean {
    return this.queue.cancel(id);
  }

  /**
   * Does what an event of the caller's own at `at` with this `arg` would do, if nothing else happens until then: the clock
   * moves and the event counts, but it never was in the queue. Whoever would only wake up itself saves most of an event.
   * @returns false if something comes first or at the same instant, or the run ends before; then schedule it
   */
  advance(at: Nanos, arg: number): boolean {
    if (at > this.horizon || this.stopRequested || this.queue.nextTimeBesideHole() <= at) return false;
    this.advanced += 1;
    this.clock = at;
    this.note(at, arg);
    return true;
  }

  /** Lets the current `run` return after the event that is running now. */
  stop(): void {
    this.stopRequested = true;
  }

  /**
   * Runs events in order until virtual time would pass `until` or `maxEvents` have run.
   * @returns the number of events run. The clock stands at `until` afterwards unless events are left before it.
   */
  run(until: Nanos, maxEvents = Infinity): number {
    const queue = this.queue;
    this.stopRequested = false;
    this.horizon = maxEvents === Infinity ? until : -1;
    this.advanced = 0;
    let done = 0;
    while (done < maxEvents && !this.stopRequested) {
      const time = queue.nextTime();
      if (time > until) break;
      done += 1;
      this.runNext(time as Nanos);
    }
    this.horizon = -1;
    done += this.advanced;
    this.eventCount += done;
    if (!this.stopRequested && queue.nextTime() > until && until > this.clock) this.clock = until;
    return done;
  }

  /** Instant of the next event, or undefined when nothing is left to happen. */
  nextEventAt(): Nanos | undefined {
    const time = this.queue.nextTime();
    return time === Infinity ? undefined : (time as Nanos);
  }

  private runNext(time: Nanos): void {
    const queue = this.queue;
    const slot = queue.open();
    const target = queue.target(slot);
    const arg = queue.arg(slot);
    this.cause = queue.cause(slot) as CauseId;
    queue.releaseSlot(slot);
    this.clock = time;
    this.note(time, arg);
    target.onEvent(time, arg);
  }

  private note(time: Nanos, arg: number): void {
    this.orderHash = Math.imul(this.orderHash ^ (time | 0) ^ (arg << 7), 0x01000193);
  }

  private rejectInstant(at: number): never {
    throw new InvariantError(`event scheduled at ${String(at)} ns, before now (${String(this.clock)} ns)`);
  }

  /** Stops unless `at` is a whole number of nanoseconds; for instants computed from rates and delays. */
  static assertInstant(at: number): asserts at is Nanos {
    invariant(Number.isSafeInteger(at) && at >= 0, `instant ${String(at)} is not a whole number of nanoseconds`);
  }
}
