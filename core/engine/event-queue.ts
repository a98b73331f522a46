// The pending events of a run: a 4-ary min-heap over typed arrays, ordered by (time, priority, sequence).
//
//   a < b  iff  a.time < b.time, or equal and a.priority < b.priority, or both equal and a was scheduled first.
//   Sequence numbers are unique, so the order is total: irreflexive, antisymmetric, transitive, no ties.
//
// Three tricks, each measured with `odonata bench engine`; the naive sorted list is the oracle in test/property:
// - priority and sequence share one double (priority * 2^48 + sequence), so a comparison reads two numbers;
// - while an event runs its entry stays at the root as a hole, and the first event scheduled meanwhile (mostly
//   the same link's or source's next one) falls into the hole: one sift instead of a pop and a push;
// - cancelling only marks; a marked event is dropped when it surfaces. True removal would cost every
//   move of every entry a write to a position table, and hot timers are lazy, so they never cancel.

import { invariant, type Nanos } from '../base';

/** Something that events can be delivered to. `arg` is what it asked for when it scheduled. */
export interface EventTarget {
  onEvent(now: Nanos, arg: number): void;
}

/** Names one scheduled event; dead once the event has run or was cancelled. */
export type EventId = number;

/**
 * Rank of events at the same instant. A scheduled change is seen by everything at its instant; timers fire
 * before packets that arrive at the same instant; samplers see the instant complete.
 */
export const Priority = { change: 0, timer: 1, arrival: 2, application: 3, sample: 4 } as const;
export type Priority = (typeof Priority)[keyof typeof Priority];

const SEQUENCE_SPAN = 2 ** 48;
const GENERATION_SPAN = 2 ** 26;
const ARITY_SHIFT = 2;
const ARITY = 1 << ARITY_SHIFT;
const NOBODY: EventTarget = {
  onEvent() {
    throw new Error('event without a target');
  },
};

export class EventQueue {
  private times: Float64Array;
  private orders: Float64Array;
  private slots: Int32Array;
  private size = 0;
  /** The root is an event that is running now; its place may be taken. */
  private rootIsHole = false;
  private sequence = 0;

  private readonly targets: EventTarget[] = [];
  private args: Int32Array;
  private causes: Float64Array;
  private generations: Int32Array;
  private cancelled: Uint8Array;
  private freeSlots: Int32Array;
  private freeCount = 0;
  private cancelledCount = 0;

  constructor(capacity = 64) {
    this.times = new Float64Array(capacity);
    this.orders = new Float64Array(capacity);
    this.slots = new Int32Array(capacity);
    this.args = new Int32Array(capacity);
    this.causes = new Float64Array(capacity);
    this.generations = new Int32Array(capacity);
    this.cancelled = new Uint8Array(capacity);
    this.freeSlots = new Int32Array(capacity);
  }

  /** Events that will still run. */
  get pending(): number {
    return this.size - this.cancelledCount - (this.rootIsHole ? 1 : 0);
  }

  /** Adds an event and returns its id. O(log₄ n). */
  schedule(time: number, priority: Priority, target: EventTarget, arg: number, cause: number): EventId {
    const slot = this.takeSlot(target);
    this.args[slot] = arg;
    this.causes[slot] = cause;
    const order = priority * SEQUENCE_SPAN + this.sequence;
    this.sequence += 1;
    if (this.rootIsHole) {
      this.rootIsHole = false;
      this.siftDown(0, time, order, slot);
    } else {
      if (this.size === this.times.length) this.grow();
      this.siftUp(this.size, time, order, slot);
      this.size += 1;
    }
    return this.generations[slot]! * GENERATION_SPAN + slot;
  }

  /** Makes sure that the event does not run. Returns false if it already ran or was cancelled. */
  cancel(id: EventId): boolean {
    const slot = id % GENERATION_SPAN;
    if (slot >= this.targets.length) return false;
    if (this.generations[slot] !== Math.floor(id / GENERATION_SPAN) || this.cancelled[slot] === 1) return false;
    this.cancelled[slot] = 1;
    this.targets[slot] = NOBODY;
    this.cancelledCount += 1;
    return true;
  }

  /** Time of the next event, or Infinity. */
  nextTime(): number {
    this.closeHole();
    while (this.cancelledCount > 0 && this.size > 0 && this.cancelled[this.slots[0]!] === 1) {
      this.cancelledCount -= 1;
      this.cancelled[this.slots[0]!] = 0;
      this.releaseSlot(this.slots[0]!);
      this.removeRoot();
    }
    return this.size === 0 ? Infinity : this.times[0]!;
  }

  /** What `nextTime` says, but while an event runs its place stays free for what it may schedule: the next one is a child of the root. */
  nextTimeBesideHole(): number {
    if (!this.rootIsHole) return this.nextTime();
    const { times, size } = this;
    let first = 0;
    let time = Infinity;
    for (let child = 1; child <= ARITY && child < size; child += 1) {
      if (times[child]! >= time) continue;
      time = times[child]!;
      first = child;
    }
    return first > 0 && this.cancelled[this.slots[first]!] === 1 ? this.nextTime() : time;
  }

  /** Slot of the next event, left at the root as a hole; call only after `nextTime` said there is one. */
  open(): number {
    this.rootIsHole = true;
    return this.slots[0]!;
  }

  /** Ends the life of an opened event before its target runs, so that its slot can serve again. */
  target(slot: number): EventTarget {
    return this.targets[slot]!;
  }

  arg(slot: number): number {
    return this.args[slot]!;
  }

  cause(slot: number): number {
    return this.causes[slot]!;
  }

  /** Gives an opened event's slot back. Its id is dead from now on. */
  releaseSlot(slot: number): void {
    this.generations[slot]! += 1;
    this.targets[slot] = NOBODY;
    this.freeSlots[this.freeCount] = slot;
    this.freeCount += 1;
  }

  private takeSlot(target: EventTarget): number {
    if (this.freeCount > 0) {
      this.freeCount -= 1;
      const slot = this.freeSlots[this.freeCount]!;
      this.targets[slot] = target;
      return slot;
    }
    const slot = this.targets.length;
    invariant(slot < GENERATION_SPAN, 'event queue: more than 2^26 pending events');
    if (slot === this.args.length) this.growSlots();
    this.targets.push(target);
    return slot;
  }

  private closeHole(): void {
    if (!this.rootIsHole) return;
    this.rootIsHole = false;
    this.removeRoot();
  }

  private removeRoot(): void {
    const last = this.size - 1;
    this.size = last;
    if (last > 0) this.siftDown(0, this.times[last]!, this.orders[last]!, this.slots[last]!);
  }

  private siftUp(from: number, time: number, order: number, slot: number): void {
    const { times, orders, slots } = this;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> ARITY_SHIFT;
      const parentTime = times[parent]!;
      if (parentTime < time || (parentTime === time && orders[parent]! < order)) break;
      times[at] = parentTime;
      orders[at] = orders[parent]!;
      slots[at] = slots[parent]!;
      at = parent;
    }
    times[at] = time;
    orders[at] = order;
    slots[at] = slot;
  }

  private siftDown(from: number, time: number, order: number, slot: number): void {
    const { times, orders, slots, size } = this;
    let at = from;
    for (;;) {
      const firstChild = (at << ARITY_SHIFT) + 1;
      if (firstChild >= size) break;
      const end = firstChild + 4 < size ? firstChild + 4 : size;
      let best = firstChild;
      let bestTime = times[firstChild]!;
      for (let child = firstChild + 1; child < end; child += 1) {
        const childTime = times[child]!;
        if (childTime < bestTime || (childTime === bestTime && orders[child]! < orders[best]!)) {
          best = child;
          bestTime = childTime;
        }
      }
      if (time < bestTime || (time === bestTime && order < orders[best]!)) break;
      times[at] = bestTime;
      orders[at] = orders[best]!;
      slots[at] = slots[best]!;
      at = best;
    }
    times[at] = time;
    orders[at] = order;
    slots[at] = slot;
  }

  private grow(): void {
    const capacity = this.times.length * 2;
    this.times = enlarged(this.times, new Float64Array(capacity));
    this.orders = enlarged(this.orders, new Float64Array(capacity));
    this.slots = enlarged(this.slots, new Int32Array(capacity));
  }

  private growSlots(): void {
    const capacity = this.args.length * 2;
    this.args = enlarged(this.args, new Int32Array(capacity));
    this.causes = enlarged(this.causes, new Float64Array(capacity));
    this.generations = enlarged(this.generations, new Int32Array(capacity));
    this.cancelled = enlarged(this.cancelled, new Uint8Array(capacity));
    this.freeSlots = enlarged(this.freeSlots, new Int32Array(capacity));
  }
}

function enlarged<A extends Float64Array | Int32Array | Uint8Array>(old: A, bigger: A): A {
  bigger.set(old);
  return bigger;
}
