// Header prediction: V. Jacobson, 4BSD Header Prediction, Computer Communication Review 20(2), 1990; the conditions are those of
// FreeBSD's tcp_input of 2004. It decides nothing here: what an implementation gains by it is its host's business.

import { seqLeq, seqLt } from '../base';
import { Flag, type Packet } from '../packet';
import type { Tcb } from './tcb';
import { TcpState } from './tcb';

/** Duplicate ACKs from which on an ACK is not ordinary. */
const DUPACKS = 3;

/** Whether `packet` is what comes next in a transfer in one direction: data in order with nothing else, or its acknowledgement. */
export function isPredicted(tcb: Readonly<Tcb>, packet: Packet): boolean {
  const flags = Flag.syn | Flag.fin | Flag.rst | Flag.urg | Flag.ack;
  if (tcb.state !== TcpState.established || (packet.flags & flags) !== Flag.ack) return false;
  const window = packet.window << tcb.sndScale;
  if (packet.seq !== tcb.rcvNxt || window === 0 || window !== tcb.sndWnd || tcb.sndNxt !== tcb.sndMax) return false;
  if (packet.payloadBytes > 0)
    return (
      packet.ack === tcb.sndUna &&
      !tcb.reassembly.hasBlocks &&
      packet.payloadBytes <= tcb.rcvBufferBytes - tcb.readableBytes
    );
  return (
    seqLt(tcb.sndUna, packet.ack) &&
    seqLeq(packet.ack, tcb.sndMax) &&
    tcb.congestion.cwnd >= tcb.sndWnd &&
    tcb.dupAcks < DUPACKS
  );
}
