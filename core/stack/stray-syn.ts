// A SYN that no connection stands behind, from an address that the sender does not have.

import type { FlowId, NodeId, SeqNum } from '../base';
import { seqNum, tsVal } from '../base';
import { defaultIpv4, Flag, Option, Protocol, sealTcp, SendReason } from '../packet';
import type { Host } from './host';

const MSS = 1460;
const WINDOW_SCALE = 7;
/** What the words of such a SYN come to. */
const HASHED_WORD = 0x5a17;

/** What an invented SYN claims. */
export interface StraySyn {
  readonly source: NodeId;
  readonly sourcePort: number;
  readonly to: NodeId;
  readonly port: number;
  readonly seq: SeqNum;
  readonly flow: FlowId;
}

/** The port with which a SYN from `source` has the same symmetric hash as all others that this is asked for. */
export function portForOneHash(source: NodeId, to: NodeId, port: number): number {
  const addresses = defaultIpv4(source) ^ defaultIpv4(to);
  return ((addresses >>> 16) ^ (addresses & 0xffff) ^ port ^ HASHED_WORD) & 0xffff;
}

/** Sends it from `host`, with all options, so that whoever keeps less than a full socket loses them. */
export function sendStraySyn(host: Host, { source, sourcePort, to, port, seq, flow }: StraySyn): void {
  const syn = host.wire.pool.take();
  syn.protocol = Protocol.tcp;
  syn.src = source;
  syn.dst = to;
  syn.srcPort = sourcePort;
  syn.dstPort = port;
  syn.seq = seq;
  syn.ack = seqNum(0);
  syn.flags = Flag.syn;
  syn.window = 65_535;
  syn.payloadBytes = 0;
  syn.options = Option.mss | Option.sackPermitted | Option.windowScale | Option.timestamps;
  syn.mss = MSS;
  syn.windowScale = WINDOW_SCALE;
  syn.tsVal = tsVal(0);
  syn.tsEcr = tsVal(0);
  syn.flow = flow;
  sealTcp(syn);
  host.transmit(syn, SendReason.syn, undefined, host.partitions[0]!);
}
