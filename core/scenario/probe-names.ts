// The probes that a world offers, by family: the fields, their units and what they mean. Here because a scenario
// is judged by them; worlds register exactly these.

import type { Problem } from '../base';
import { nearest } from './suggest';

/** One thing that can be observed. */
export interface ProbeFieldInfo {
  readonly name: string;
  readonly unit: string;
  readonly help: string;
}

/** Why segments are sent again, as summaries, charts and the time-sequence graph tell them apart. */
export const RETRANSMISSION_CAUSES = ['fast', 'timeout', 'limited', 'early', 'tail'] as const;
export type RetransmissionCause = (typeof RETRANSMISSION_CAUSES)[number];

const CAUSE_HELP: Readonly<Record<RetransmissionCause, string>> = {
  fast: 'after three duplicate ACKs',
  timeout: 'after a timeout',
  limited: 'in a recovery that only Limited Transmit made possible',
  early: 'in a recovery that Early Retransmit began',
  tail: 'after a timeout to which no duplicate ACK pointed (also counted as timeout)',
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

const FAMILIES: ReadonlyMap<string, readonly ProbeFieldInfo[]> = new Map([
  ['flow', FLOW_FIELDS],
  ['link', LINK_FIELDS],
]);

/** What is wrong with a probe pattern, or undefined. */
export function probeProblem(
  pattern: string,
  members: { readonly flow: readonly string[]; readonly link: readonly string[] },
): Pick<Problem, 'message' | 'suggestion'> | undefined {
  const parts = pattern.split('/');
  const [family = '', member = '', field = ''] = parts;
  const fields = FAMILIES.get(family);
  if (parts.length !== 3 || (fields === undefined && family !== '*')) {
    return {
      message: `"${pattern}" is not a probe`,
      suggestion: 'write family/member/field, such as "flow/f1/cwnd" or "link/*/queue"',
    };
  }
  const fieldNames = [...(fields ?? [...FLOW_FIELDS, ...LINK_FIELDS])].map(({ name }) => name);
  if (field !== '*' && !fieldNames.includes(field)) {
    const near = nearest(field, fieldNames);
    return {
      message: `a ${family} has no probe "${field}"`,
      suggestion: near === undefined ? `it has ${fieldNames.join(', ')}` : `did you mean "${near}"?`,
    };
  }
  const known =
    family === 'link' ? members.link : family === 'flow' ? members.flow : [...members.flow, ...members.link];
  if (member !== '*' && !known.includes(member)) {
    const near = nearest(member, known);
    return {
      message: `there is no ${family} "${member}"`,
      suggestion: near === undefined ? `write "*" for all` : `did you mean "${near}"?`,
    };
  }
  return undefined;
}
