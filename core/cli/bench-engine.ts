// Benchmark of the engine: its event queue, and the packet records that events carry.

import { EventQueue, type EventTarget, Priority } from '../engine';
import { PacketPool } from '../packet';

const HOLD_ROUNDS = 2_000_000;
const NOBODY: EventTarget = { onEvent: () => undefined };

/** Event queue at steady size (one pop and one push, "hold") and packet records, nanoseconds each. */
export function benchEngine(): Record<string, number> {
  const result: Record<string, number> = {};
  for (const pending of [100, 1_000, 10_000, 100_000]) {
    result[`holdNs${String(pending)}`] = holdNs(pending);
  }
  const pool = new PacketPool();
  const from = process.cpuUsage();
  for (let i = 0; i < HOLD_ROUNDS; i += 1) {
    const packet = pool.take();
    packet.payloadBytes = i & 1023;
    pool.give(packet);
  }
  result['packetNs'] = cpuNsSince(from) / HOLD_ROUNDS;
  return result;
}

function holdNs(pending: number): number {
  const queue = new EventQueue();
  let state = 12_345;
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state & 0xffff;
  };
  for (let i = 0; i < pending; i += 1) queue.schedule(next(), Priority.arrival, NOBODY, 0, 0);
  const from = process.cpuUsage();
  for (let i = 0; i < HOLD_ROUNDS; i += 1) {
    const time = queue.nextTime();
    queue.releaseSlot(queue.open());
    queue.schedule(time + next(), Priority.arrival, NOBODY, 0, 0);
  }
  return cpuNsSince(from) / HOLD_ROUNDS;
}

function cpuNsSince(from: NodeJS.CpuUsage): number {
  const used = process.cpuUsage(from);
  return (used.user + used.system) * 1000;
}
