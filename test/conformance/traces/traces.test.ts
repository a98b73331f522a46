// The worked packet traces of tcp.md appendix A, packet by packet: each line `t < ack …` is fed to a sender at its
// time, each `t > a:b` must leave it then and nothing else may; windows, flight and pipe are compared after each ACK,
// and the state and the next timeout at the end.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { resolveTcp } from '../../../core/scenario';
import { parseTrace, type Trace, type TraceLine } from './trace-file';
import { TraceRig, type TraceSetting } from './trace-rig';

const TRACES = parseTrace(readFileSync(join(import.meta.dirname, 'traces.txt'), 'utf8'));

/** What all traces have in common (appendix A), and per trace what its title and text say. */
const COMMON = { mss: 1000, timestamps: false, limitedTransmit: false, sack: false, rtoMin: 1e9, rtoInitial: 1e9 };
const SPIKE = { timestamps: true, mss: 1012, initialWindow: 5 };
/** State before the delay spike of NR-4 and EIF-2. */
const SPIKE_RTT = { srttNs: 100e6, rttvarNs: 20e6 };
const REORDER = { timestamps: true, mss: 1012, initialWindow: 10 };
const SACK = { sack: true, limitedTransmit: true, initialWindow: 10 };

const SETTINGS: Readonly<Record<string, TraceSetting>> = {
  'B-2': { tcp: { initialWindow: 2 } },
  'B-3': { tcp: { initialWindow: 4 } },
  'NR-1': { tcp: { initialWindow: 10 }, appBytes: 20_000 },
  'NR-2': { tcp: { initialWindow: 10 } },
  'NR-3a': { tcp: { initialWindow: 10, rtoMin: 0.25e9, rtoInitial: 0.25e9 } },
  // The appendix times every segment without timestamps; one at a time is what RFC 6298 §3 asks for at least.
  'NR-3b': {
    tcp: { initialWindow: 10, rtoMin: 0.25e9, rtoInitial: 0.25e9, newrenoTimer: 'slow-but-steady' },
    timeoutUnknown: true,
  },
  'NR-4': { tcp: SPIKE, rtt: SPIKE_RTT },
  'NR-4b': { tcp: { ...SPIKE, newrenoHeuristic: 'rfc2582' }, rtt: SPIKE_RTT },
  'LT-1': { tcp: { initialWindow: 3, limitedTransmit: true } },
  'LT-1off': { tcp: { initialWindow: 3 } },
  'LT-2': { tcp: { initialWindow: 2, limitedTransmit: true } },
  'LT-4': { tcp: { initialWindow: 3, limitedTransmit: true }, appBytes: 3000 },
  'ER-1': { tcp: { initialWindow: 10, earlyRetransmit: 'bytes' }, appBytes: 3000 },
  'ER-2': { tcp: { ...SACK, earlyRetransmit: 'bytes' }, appBytes: 2000 },
  'ER-2b': { tcp: { ...SACK, earlyRetransmit: 'bytes' }, appBytes: 3000 },
  'ER-3': { tcp: { initialWindow: 3, limitedTransmit: true, earlyRetransmit: 'bytes' }, appBytes: 5000 },
  'ER-4': { tcp: { initialWindow: 10, earlyRetransmit: 'bytes' }, appBytes: 4000 },
  'ER-6': { tcp: { initialWindow: 10, earlyRetransmit: 'bytes' }, appBytes: 4000 },
  'EIF-1': { tcp: { ...REORDER, eifel: true } },
  'EIF-1off': { tcp: REORDER },
  // The one trace that tells option 1 from option 2 (appendix A): the appendix has option 2.
  'EIF-1n': { tcp: { ...REORDER, eifel: true, newrenoExit: 'ssthresh' }, appBytes: 10_000 },
  // The appendix's last RTO leaves out step 11 of RFC 4015, which its text (§5) asks for.
  'EIF-2': { tcp: { ...SPIKE, eifel: true }, rtt: SPIKE_RTT, ssthresh: 8000, timeoutUnknown: true },
  'EIF-3': { tcp: { ...SPIKE, initialWindow: 3, eifel: true }, rtt: SPIKE_RTT, ssthresh: 8000, appBytes: 3000 },
  'SK-1': { tcp: SACK },
  'SK-2': { tcp: SACK },
  'SK-3': { tcp: SACK, appBytes: 10_000 },
  'SK-4': { tcp: SACK, appBytes: 20_000 },
};

test('every trace of the appendix has its setting', () => {
  expect(TRACES.map(({ name }) => name)).toEqual(Object.keys(SETTINGS));
});

for (const trace of TRACES) {
  test(`${trace.name}: ${trace.title}`, () => {
    const setting = SETTINGS[trace.name]!;
    const rig = new TraceRig(resolveTcp(COMMON, setting.tcp), setting);
    expect(replay(rig, trace, setting)).toEqual(expected(trace, setting));
  });
}

/** Runs a trace and writes down what happened, in the words of the trace. */
function replay(rig: TraceRig, trace: Trace, setting: TraceSetting): string[] {
  const rows: string[] = [];
  rig.write();
  rows.push(...rig.takeSent(0));
  for (const line of trace.lines) {
    if (line.kind === 'send') continue;
    rows.push(...rig.runTo(line.seconds, line.kind === 'timeout'));
    if (line.kind === 'ack') rig.acknowledge(line);
    rows.push(`${line.seconds.toFixed(3)} ${stateAfter(line, rig.state())}`, ...rig.takeSent(line.seconds));
  }
  const { una, max, cwnd, ssth } = rig.state();
  rows.push(
    `end ${String(una)} ${String(max)} ${String(cwnd)} ${String(ssth)} ${setting.timeoutUnknown ? '' : rig.nextTimeout()}`,
  );
  return rows;
}

function expected(trace: Trace, setting: TraceSetting): string[] {
  const rows = trace.lines.map((line) =>
    line.kind === 'send'
      ? line.segments.map(({ from, to }) => `${line.seconds.toFixed(3)} > ${String(from)}:${String(to)}`)
      : [`${line.seconds.toFixed(3)} ${stateAfter(line, line.after)}`],
  );
  const { una, max, cwnd, ssth, nextTimeout } = trace.end;
  return [
    ...rows.flat(),
    `end ${String(una)} ${String(max)} ${String(cwnd)} ${String(ssth)} ${setting.timeoutUnknown ? '' : nextTimeout}`,
  ];
}

/** Only what the line of the trace names. */
function stateAfter(line: Exclude<TraceLine, { kind: 'send' }>, state: Readonly<Record<string, number>>): string {
  const named = Object.keys(line.after).map((name) => `${name} ${String(state[name])}`);
  return `${line.kind === 'ack' ? `< ack ${String(line.ack)}` : 'T'} | ${named.join(' ')}`;
}
