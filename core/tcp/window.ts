// The receive window as this end tells it, and when it is worth telling: silly windows of a receiver (RFC 9293 §3.8.6.2.2), with what
// families of systems do (dialect.ts).

import { type SeqNum, seqAdd, seqDiff, seqMax } from '../base';
import { type Tcb, TcpState, UNSCALED_WINDOW_MAX } from './tcb';

/** How far the window could open: our buffer less what waits to be read. */
export function windowEdge(tcb: Tcb): SeqNum {
  return seqAdd(tcb.rcvNxt, Math.max(0, tcb.rcvBufferBytes - tcb.readableBytes));
}

/** All that is free, at most what the field can say, unless it is a sliver (the BSDs' tcp_output). */
function freeEdge(tcb: Tcb): SeqNum {
  const free = Math.max(0, tcb.rcvBufferBytes - tcb.readableBytes);
  const sliver = free < tcb.rcvBufferBytes / 4 && free < tcb.rcvMss;
  return sliver ? tcb.rcvNxt : seqAdd(tcb.rcvNxt, Math.min(free, UNSCALED_WINDOW_MAX * 2 ** tcb.rcvScale));
}

/**
 * The window that arriving segments are judged by. BSD judges by the buffer, not by what the field could say, once there
 * is a buffer: a listener answers SYNs without one.
 */
export function acceptedBytes(tcb: Tcb): number {
  const advertised = seqDiff(tcb.rcvAdv, tcb.rcvNxt);
  const hasBuffer = tcb.openedActively || tcb.state !== TcpState.synReceived;
  return tcb.dialect.advertisesAllFree && hasBuffer
    ? Math.max(advertised, tcb.rcvBufferBytes - tcb.readableBytes)
    : advertised;
}

/** Whether the window has opened enough to say so (receiver's silly windows, RFC 9293 §3.8.6.2.2). */
export function windowOpened(tcb: Tcb, leastBytes: number): boolean {
  return seqDiff(windowEdge(tcb), tcb.rcvAdv) >= Math.min(leastBytes, tcb.rcvBufferBytes / 2);
}

/** Whether the window that reading opened is told at once, without anything to acknowledge. */
export function windowUpdateDue(tcb: Tcb): boolean {
  if (!windowOpened(tcb, 2 * tcb.rcvMss)) return false;
  const known = Math.max(0, seqDiff(tcb.rcvAdv, tcb.rcvNxt));
  const buffer = tcb.rcvBufferBytes;
  switch (tcb.dialect.updatesWindow) {
    case 'by-segments':
      return true;
    case 'by-quarter':
      return seqDiff(windowEdge(tcb), tcb.rcvAdv) >= buffer / 4 || known <= buffer / 8 || buffer <= 8 * tcb.rcvMss;
    case 'by-doubling':
      return seqDiff(windowEdge(tcb), tcb.rcvNxt) >= 2 * known;
  }
}

/** The window field; moves the advertised right edge, forward only. */
export function advertise(tcb: Tcb): number {
  if (tcb.dialect.advertisesAllFree) tcb.rcvAdv = seqMax(tcb.rcvAdv, freeEdge(tcb));
  else if (windowOpened(tcb, tcb.rcvMss)) tcb.rcvAdv = windowEdge(tcb);
  const bytes = Math.max(0, seqDiff(tcb.rcvAdv, tcb.rcvNxt));
  // Rounded up, so that rounding never takes back what an earlier segment gave; BSD rounds down.
  const up = tcb.dialect.advertisesAllFree ? 0 : (1 << tcb.rcvScale) - 1;
  const field = (bytes + up) >>> tcb.rcvScale;
  return field < UNSCALED_WINDOW_MAX ? field : UNSCALED_WINDOW_MAX;
}
