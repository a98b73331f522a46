// tcp_info as scripts see it: the fields that have a counterpart here, under Linux's names and units.

import { seqDiff } from '../base';
import { type TcpConnection, TcpState } from '../tcp';
import type { CodeValue } from './code';

const STATE_NUMBERS: Readonly<Record<TcpState, number>> = {
  [TcpState.established]: 1,
  [TcpState.synSent]: 2,
  [TcpState.synReceived]: 3,
  [TcpState.finWait1]: 4,
  [TcpState.finWait2]: 5,
  [TcpState.timeWait]: 6,
  [TcpState.closed]: 7,
  [TcpState.closeWait]: 8,
  [TcpState.lastAck]: 9,
  [TcpState.closing]: 11,
};

const CONSTANTS: Readonly<Record<string, number>> = {
  TCPI_OPT_TIMESTAMPS: 1,
  TCPI_OPT_SACK: 2,
  TCPI_OPT_WSCALE: 4,
  TCPI_OPT_ECN: 8,
  TCPI_OPT_ECN_SEEN: 16,
  TCPI_OPT_SYN_DATA: 32,
  TCP_CA_Open: 0,
  TCP_CA_Disorder: 1,
  TCP_CA_CWR: 2,
  TCP_CA_Recovery: 3,
  TCP_CA_Loss: 4,
  TCP_ESTABLISHED: 1,
  TCP_SYN_SENT: 2,
  TCP_SYN_RECV: 3,
  TCP_FIN_WAIT1: 4,
  TCP_FIN_WAIT2: 5,
  TCP_TIME_WAIT: 6,
  TCP_CLOSE: 7,
  TCP_CLOSE_WAIT: 8,
  TCP_LAST_ACK: 9,
  TCP_LISTEN: 10,
  TCP_CLOSING: 11,
};

/** Linux's "no threshold yet". */
const INFINITE_SSTHRESH = 0x7fff_ffff;
const US = 1e3;

type Reader = (connection: TcpConnection) => number;

const FIELDS: Readonly<Record<string, Reader>> = {
  tcpi_state: (tcp) => STATE_NUMBERS[tcp.state],
  tcpi_ca_state: caState,
  tcpi_retransmits: (tcp) => tcp.timeoutsInRow,
  tcpi_backoff: (tcp) => tcp.rtt.backoffs,
  tcpi_probes: (tcp) => tcp.persistBackoffs,
  tcpi_options: (tcp) =>
    (tcp.timestamps ? 1 : 0) | (tcp.sack ? 2 : 0) | (tcp.scalingAgreed ? 4 : 0) | (tcp.ecn ? 8 : 0),
  tcpi_snd_wscale: (tcp) => tcp.sndScale,
  tcpi_rcv_wscale: (tcp) => tcp.rcvScale,
  tcpi_rto: (tcp) => tcp.rtoNs / US,
  tcpi_ato: (tcp) => tcp.options.delayedAckTimeoutNs / US,
  tcpi_snd_mss: (tcp) => tcp.smss,
  tcpi_rcv_mss: (tcp) => tcp.rcvMss,
  tcpi_advmss: (tcp) => tcp.options.mss,
  tcpi_unacked: (tcp) => segments(tcp, tcp.inflight),
  tcpi_sacked: (tcp) => (tcp.sack ? segments(tcp, tcp.scoreboard.sackedBytes) : tcp.dupAcks),
  tcpi_lost: (tcp) => segments(tcp, lostBytes(tcp)),
  tcpi_total_retrans: (tcp) =>
    tcp.retransmitsTimeout + tcp.retransmitsFast + tcp.retransmitsEarly + tcp.retransmitsLimited + tcp.retransmitsMtu,
  tcpi_rtt: (tcp) => tcp.srttNs / US,
  tcpi_rttvar: (tcp) => tcp.rttvarNs / US,
  tcpi_snd_ssthresh: (tcp) => (tcp.ssthresh === Infinity ? INFINITE_SSTHRESH : Math.floor(tcp.ssthresh / tcp.smss)),
  tcpi_snd_cwnd: (tcp) => Math.floor(tcp.cwnd / tcp.smss),
  tcpi_reordering: () => 3,
  tcpi_bytes_acked: (tcp) => tcp.bytesAcked,
  tcpi_bytes_received: (tcp) => tcp.bytesReceived,
  tcpi_segs_out: (tcp) => tcp.segmentsSent,
  tcpi_segs_in: (tcp) => tcp.segmentsReceived,
  tcpi_data_segs_out: (tcp) => tcp.dataSegmentsSent,
  tcpi_notsent_bytes: (tcp) => tcp.unsentBytes,
  tcpi_snd_wnd: (tcp) => tcp.sndWnd,
};

/** The value of a name in a script's Python section. */
export function tcpInfo(connection: TcpConnection | undefined, name: string): CodeValue | undefined {
  const constant = CONSTANTS[name];
  if (constant !== undefined) return constant;
  const reader = FIELDS[name];
  return reader === undefined || connection === undefined ? undefined : reader(connection);
}

function segments(tcp: TcpConnection, bytes: number): number {
  return Math.ceil(bytes / tcp.smss);
}

function lostBytes(tcp: TcpConnection): number {
  if (tcp.timeoutsInRow > 0) return seqDiff(tcp.sndMax, tcp.sndNxt);
  if (!tcp.recovery.active) return 0;
  return tcp.sack
    ? Math.max(0, tcp.inflight - tcp.scoreboard.sackedBytes - tcp.scoreboard.pipe(tcp.sndUna, tcp.sndMax))
    : tcp.smss;
}

function caState(tcp: TcpConnection): number {
  if (tcp.recovery.active) return CONSTANTS['TCP_CA_Recovery']!;
  if (tcp.timeoutsInRow > 0 || seqDiff(tcp.sndNxt, tcp.sndMax) < 0) return CONSTANTS['TCP_CA_Loss']!;
  return tcp.dupAcks > 0 ? CONSTANTS['TCP_CA_Disorder']! : CONSTANTS['TCP_CA_Open']!;
}
