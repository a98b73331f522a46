// The probes that a world offers, by family: the fields, their units and what they mean. Here because a scenario
// is judged by them; worlds register exactly these.

import { fitsPattern, type Problem } from '../base';
import { nearest } from './suggest';

/** One thing that can be observed. */
export interface ProbeFieldInfo {
  readonly name: string;
  readonly unit: string;
  readonly help: string;
}

/** Why segments are sent again, as summaries, charts and the time-sequence graph tell them apart. */
export const RETRANSMISSION_CAUSES = ['fast', 'timeout', 'limited', 'early', 'tail', 'mtu'] as const;
export type RetransmissionCause = (typeof RETRANSMISSION_CAUSES)[number];

const CAUSE_HELP: Readonly<Record<RetransmissionCause, string>> = {
  fast: 'after three duplicate ACKs',
  timeout: 'after a timeout',
  limited: 'in a recovery that only Limited Transmit made possible',
  early: 'in a recovery that Early Retransmit began',
  tail: 'after a timeout to which no duplicate ACK pointed (also counted as timeout)',
  mtu: 'in smaller pieces, after the path turned out to carry less',
};

export const FLOW_FIELDS: readonly ProbeFieldInfo[] = [
  { name: 'cwnd', unit: 'bytes', help: 'Congestion window of the sender.' },
  { name: 'ssthresh', unit: 'bytes', help: 'Slow-start threshold; absent before the first loss.' },
  { name: 'inflight', unit: 'bytes', help: 'Sent and not yet acknowledged.' },
  { name: 'rwnd', unit: 'bytes', help: "The receiver's window as the sender knows it." },
  { name: 'srtt', unit: 'ns', help: 'Smoothed round-trip time.' },
  { name: 'rto', unit: 'ns', help: 'Retransmission timeout, with back-off.' },
  { name: 'acked', unit: 'bytes', help: 'Acknowledged since the start.' },
  { name: 'sequence', unit: 'bytes', help: 'Highest byte sent, counted from the start of the stream.' },
  { name: 'retransmits', unit: 'count', help: 'Segments sent again since the start.' },
  ...RETRANSMISSION_CAUSES.map((cause) => ({
    name: `retransmits-${cause}`,
    unit: 'count',
    help: `Of these, sent ${CAUSE_HELP[cause]}.`,
  })),
  { name: 'spurious', unit: 'count', help: 'Retransmissions that turned out to be needless.' },
  ...RETRANSMISSION_CAUSES.map((cause) => ({
    name: `rtx-${cause}`,
    unit: 'bytes',
    help: `Where in the stream a segment was sent again, ${CAUSE_HELP[cause]}.`,
  })),
  {
    name: 'urgent',
    unit: 'bytes',
    help: 'Not yet acknowledged, up to the end of urgent data (SND.UP - SND.UNA); absent before there are any.',
  },
  { name: 'urgent-segments', unit: 'count', help: 'Segments that told of urgent data ahead, since the start.' },
  { name: 'throughput', unit: 'bps', help: 'Rate of acknowledged bytes (TCP) or of received payload (UDP).' },
];

export const LINK_FIELDS: readonly ProbeFieldInfo[] = [
  { name: 'queue', unit: 'packets', help: 'Packets waiting, forward direction.' },
  { name: 'drops', unit: 'count', help: 'Packets dropped since the start, forward direction.' },
  { name: 'throughput', unit: 'bps', help: 'Rate of bytes sent, forward direction.' },
  { name: 'reverse-queue', unit: 'packets', help: 'Packets waiting, reverse direction.' },
  { name: 'reverse-drops', unit: 'count', help: 'Packets dropped since the start, reverse direction.' },
  { name: 'reverse-throughput', unit: 'bps', help: 'Rate of bytes sent, reverse direction.' },
];

export const CPU_FIELDS: readonly ProbeFieldInfo[] = [
  { name: 'busy', unit: '1', help: 'Share of the time that it worked: threads and interrupt handlers.' },
  { name: 'handlers', unit: '1', help: 'Share of the time in interrupt handlers.' },
  {
    name: 'contested',
    unit: '1',
    help: 'Share of the time idle because what could run waited for a token or the big lock.',
  },
  { name: 'runnable', unit: 'count', help: 'Threads on the run queue, the running one among them.' },
  { name: 'switches', unit: '1/s', help: 'Switches per second.' },
  { name: 'messages', unit: '1/s', help: 'Messages that were put on ports here, per second.' },
  { name: 'ipis', unit: '1/s', help: 'IPI messages sent from here, per second.' },
  { name: 'ipi-interrupts', unit: '1/s', help: 'IPI messages from here that needed a hardware interrupt, per second.' },
  { name: 'interrupts', unit: '1/s', help: 'Device and timer interrupts taken, per second.' },
  { name: 'preemptions', unit: '1/s', help: 'Times an interrupt thread ran on top of another, per second.' },
  { name: 'migrations', unit: '1/s', help: 'Threads that left for another CPU, per second.' },
  { name: 'token-collisions', unit: '1/s', help: "Times the scheduler could not have a thread's tokens, per second." },
];

export const THREAD_FIELDS: readonly ProbeFieldInfo[] = [
  { name: 'busy', unit: '1', help: 'Share of the time that a CPU worked for it.' },
  { name: 'waiting', unit: 'count', help: 'Messages that wait on its port.' },
  { name: 'switches', unit: '1/s', help: 'Times it was switched to, per second.' },
];

export const SYNC_FIELDS: readonly ProbeFieldInfo[] = [
  { name: 'acquisitions', unit: '1/s', help: 'Times a token or lock was had, per second.' },
  { name: 'collisions', unit: '1/s', help: 'Requests that were not granted at once, per second.' },
  { name: 'held', unit: '1', help: 'Share of the time that somebody held it (tokens: alone).' },
];

export const NIC_FIELDS: readonly ProbeFieldInfo[] = [
  { name: 'frames-out', unit: '1/s', help: 'Frames given to the link, per second.' },
  { name: 'frames-in', unit: '1/s', help: 'Frames received, per second.' },
  { name: 'dma', unit: '1/s', help: 'DMA transactions, per second.' },
  { name: 'descriptors', unit: '1/s', help: 'Descriptors written for sending, per second.' },
  { name: 'doorbells', unit: '1/s', help: 'Doorbells, per second.' },
  { name: 'nic-interrupts', unit: '1/s', help: 'Interrupts raised by all rings, per second.' },
  { name: 'bursts', unit: '1/s', help: 'Bursts that were cut into segments (TSO), per second.' },
  { name: 'segments', unit: '1/s', help: 'Segments that these became, per second.' },
  { name: 'ring', unit: 'packets', help: 'Frames that wait in the receive rings.' },
  { name: 'send-queue', unit: 'packets', help: 'Packets that wait for descriptors.' },
];

export const BUS_FIELDS: readonly ProbeFieldInfo[] = [
  { name: 'bus-busy', unit: '1', help: 'Share of the time that the I/O bus moved data or set bursts up.' },
  { name: 'bus-throughput', unit: 'bps', help: 'Rate of bytes over the I/O bus.' },
];

export const STACK_FIELDS: readonly ProbeFieldInfo[] = [
  { name: 'packets', unit: '1/s', help: 'Packets that the stack worked on, in and out, per second.' },
  { name: 'hops', unit: '1/s', help: 'Packets handed to another CPU, per second.' },
  { name: 'requeued', unit: '1/s', help: 'Packets that a protocol thread got and passed on, per second.' },
  { name: 'lines', unit: '1/s', help: 'Cache lines that had to come, from other CPUs or memory, per second.' },
];

const FAMILIES = {
  flow: FLOW_FIELDS,
  link: LINK_FIELDS,
  cpu: CPU_FIELDS,
  thread: THREAD_FIELDS,
  sync: SYNC_FIELDS,
  nic: NIC_FIELDS,
  bus: BUS_FIELDS,
  stack: STACK_FIELDS,
} as const;
export type ProbeFamilyName = keyof typeof FAMILIES;
/** Names between family and field; those of a machine's parts are host and part, with a slash between. Undefined: not known. */
export type ProbeMembers = Readonly<Record<ProbeFamilyName, readonly string[] | undefined>>;

/** What is wrong with a probe pattern, or undefined. */
export function probeProblem(
  pattern: string,
  members: ProbeMembers,
): Pick<Problem, 'message' | 'suggestion'> | undefined {
  const parts = pattern.split('/');
  const family = parts[0] ?? '';
  const field = parts.at(-1) ?? '';
  const member = parts.slice(1, -1).join('/');
  const all = Object.keys(FAMILIES) as ProbeFamilyName[];
  const families = family === '*' ? all : all.filter((name) => name === family);
  if (parts.length < 3 || parts.length > 4 || families.length === 0) {
    return {
      message: `"${pattern}" is not a probe`,
      suggestion: 'write family/member/field, such as "flow/f1/cwnd", "link/*/queue" or "cpu/web/*/busy"',
    };
  }
  const fieldNames = [...new Set(families.flatMap((name) => FAMILIES[name].map((known) => known.name)))];
  if (field !== '*' && !fieldNames.includes(field)) {
    const near = nearest(field, fieldNames);
    return {
      message: `a ${family} has no probe "${field}"`,
      suggestion: near === undefined ? `it has ${fieldNames.join(', ')}` : `did you mean "${near}"?`,
    };
  }
  if (families.some((name) => members[name] === undefined)) return undefined;
  const known = families.flatMap((name) => members[name] ?? []);
  if (member === '*' || known.some((name) => fitsPattern(name, member))) return undefined;
  const near = nearest(member, known);
  const example = known[0] === undefined ? 'write "*" for all' : `such as "${known[0]}", or "*" for all`;
  return {
    message: `there is no ${family} "${member}"`,
    suggestion: near === undefined ? example : `did you mean "${near}"?`,
  };
}
