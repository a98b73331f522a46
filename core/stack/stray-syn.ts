// A SYN that no connection stands behind, from an address that the sender does not have.

import type { FlowId, NodeId, SeqNum } from '../base';
import { seqNum, tsVal } from '../base';
import { Flag, Option, Protocol, sealTcp, SendReason } from '../packet';
import type { Host } from './host';

const NO_SOCKET = -1;
const MSS = 1460;
const WINDOW_SCALE = 7;

/** What an invented SYN claims. */
export interface StraySyn {
  readonly source: NodeId;
  readonly sourcePort: number;
  readonly to: NodeId;
  readonly port: number;
  readonly seq: SeqNum;
  readonly flow: FlowId;
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
  host.transmit(syn, SendReason.syn, NO_SOCKET);
}
