// Fall and Floyd (1996): one to four drops in a window, and the recovery each variant is known for. The reference is
// the behaviour, and the table of the ns-2 reproduction (tcp.md §19 E5) for the order of the variants.

import { expect, test } from 'vitest';
import { checkedWorld } from '../../core/labs/on-wire';
import { afterDrops, deviation, DROPS, toleranceOf, type Variant, VARIANTS } from '../../core/labs/47-fall-floyd/drops';
import { SendReason } from '../../core/packet';
import type { PacketTap } from '../../core/stack';
import { readyDocument, worldOf } from '../worlds';

interface Recovery {
  readonly acked: number;
  readonly timeouts: number;
  /** Retransmissions in order: when, ms, and which segment, from 1. */
  readonly retransmissions: readonly { readonly atMs: number; readonly segment: number; readonly reason: number }[];
  readonly cwndMin: number;
}

function recover(variant: Variant, drops: number): Recovery {
  const switches = variant === 'sack' ? ['/defaults/tcp/sack=true'] : [`/defaults/tcp/congestionControl=${variant}`];
  const world = worldOf(
    readyDocument('explicit-drops'),
    ...switches,
    `/links/slow/loss/drops/0/packets=${JSON.stringify(DROPS[drops])}`,
  );
  const retransmissions: { atMs: number; segment: number; reason: number }[] = [];
  let iss: number | undefined;
  let cwndMin = Infinity;
  const tap: PacketTap = {
    packet(at, host, direction, packet) {
      if (host !== 0 || direction !== 'out') return;
      const seq = (packet.seq as unknown as number) | 0;
      if (packet.reason === SendReason.syn) iss = seq;
      const again: readonly number[] = [SendReason.fast, SendReason.partial, SendReason.sack, SendReason.timeout];
      if (again.includes(packet.reason) && packet.payloadBytes > 0) {
        retransmissions.push({
          atMs: at / 1e6,
          segment: ((seq - (iss ?? 0)) | 0) / 1000 + 1 - 0.001,
          reason: packet.reason,
        });
      }
    },
  };
  world.setTap(tap);
  world.listen('flow/f1/cwnd', (timeNs, value) => {
    if (timeNs > 1.2e9) cwndMin = Math.min(cwndMin, value);
  });
  world.run(world.endAt);
  const flow = world.summary('finished', 0).flows[0]!;
  return {
    acked: Math.round(flow.bytesAcked / 1000),
    timeouts: flow.rtoCount,
    retransmissions: retransmissions.map((entry) => ({ ...entry, segment: Math.round(entry.segment) })),
    cwndMin,
  };
}

test('Tahoe slow-starts from one segment after any number of drops, without a timeout', () => {
  for (const drops of [1, 2, 3, 4]) {
    const { timeouts, cwndMin } = recover('tahoe', drops);
    expect(timeouts, `${String(drops)} drops`).toBe(0);
    expect(cwndMin, `${String(drops)} drops`).toBe(1000);
  }
});

test('Tahoe sends again what the receiver already has when several are lost', () => {
  const { retransmissions } = recover('tahoe', 4);
  const lost = new Set(DROPS[4]);
  expect(retransmissions.filter(({ segment }) => !lost.has(segment)).length).toBeGreaterThan(0);
});

test('Reno repairs one drop without a timeout and times out at three and four', () => {
  expect(recover('reno', 1).timeouts).toBe(0);
  expect(recover('reno', 3).timeouts).toBe(1);
  expect(recover('reno', 4).timeouts).toBe(1);
});

test('NewReno repairs one hole per round trip, never with a timeout', () => {
  for (const drops of [1, 2, 3, 4]) {
    const { timeouts, retransmissions } = recover('newreno', drops);
    expect(timeouts).toBe(0);
    expect(retransmissions.map(({ segment }) => segment)).toEqual(DROPS[drops]);
    for (let i = 1; i < retransmissions.length; i += 1) {
      const gapMs = retransmissions[i]!.atMs - retransmissions[i - 1]!.atMs;
      expect(gapMs, `between holes ${String(i)} and ${String(i + 1)} of ${String(drops)}`).toBeGreaterThan(190);
      expect(gapMs).toBeLessThan(450);
    }
  }
});

test('SACK repairs all holes within about one round trip', () => {
  for (const drops of [2, 3, 4]) {
    const { timeouts, retransmissions } = recover('sack', drops);
    expect(timeouts).toBe(0);
    expect(retransmissions.map(({ segment }) => segment)).toEqual(DROPS[drops]);
    const last = retransmissions[retransmissions.length - 1]!;
    // The queue at the slow link makes the round trip about 400 ms here.
    expect(last.atMs - retransmissions[0]!.atMs).toBeLessThan(450);
  }
});

test('at three and four drops SACK and NewReno are ahead of Tahoe, and Reno is last', () => {
  for (const drops of [3, 4]) {
    const acked = (variant: Variant): number => recover(variant, drops).acked;
    expect(acked('sack')).toBeGreaterThan(acked('tahoe'));
    expect(acked('newreno')).toBeGreaterThan(acked('tahoe'));
    expect(acked('tahoe')).toBeGreaterThan(acked('reno'));
  }
});

/** Highest ACK, in segments from 0, after five seconds; the setting of the ns-2 runs. */
function highestAck(variant: Variant, drops: number): number {
  return afterDrops(variant, drops, checkedWorld).highestAck;
}

test.each([1, 2, 3, 4])('%d drops: the variants come in the published order', (drops) => {
  const [tahoe, reno, newreno, sack] = VARIANTS.map((variant) => highestAck(variant, drops)) as [
    number,
    number,
    number,
    number,
  ];
  if (drops === 1) {
    expect([reno, sack]).toEqual([newreno, newreno]);
    expect(newreno).toBeGreaterThan(tahoe);
    return;
  }
  expect(newreno).toBeGreaterThan(tahoe);
  expect(tahoe).toBeGreaterThan(reno);
  if (drops === 2) expect(newreno).toBeGreaterThan(sack);
  else expect(sack).toBeGreaterThan(newreno);
});

test('within 5% of the published table, or of ns-2.35 run beside it; Reno after four drops within 7%', () => {
  for (const variant of VARIANTS) {
    for (const drops of [1, 2, 3, 4]) {
      const ours = highestAck(variant, drops);
      const off = deviation(variant, drops, ours);
      expect(off, `${variant}, ${String(drops)} drops: ${String(ours)}`).toBeLessThan(toleranceOf(variant, drops));
    }
  }
});
