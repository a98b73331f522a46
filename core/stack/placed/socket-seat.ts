// What a TCP socket has on a machine besides its connection: its memory, its locks, and what its application has done that its
// protocol thread has not heard of yet.

import { seqDiff } from '../../base';
import type { Cpu } from '../../kernel';
import type { Machine, Region } from '../../machine';
import type { TcpSocket } from '../tcp-socket';
import type { AcceptQueue } from './accept-queue';
import type { Holding } from './holding';
import type { Mbuf } from './mbufs';

/**
 * Cache lines that a use of each touches, of 64 bytes [M]. inpcb, tcpcb and callouts are some 700 bytes (kernel.md §8): the
 * sequence numbers, windows, timers and counters change with each segment (`pcb`), addresses, options and pointers do not (`pcbFixed`).
 * struct socket without its buffers; counters and list heads of a buffer; header and cluster reference of an mbuf, headers of packets to
 * send being inside of it; a frame's headers as the NIC has written them; what a driver keeps of a ring besides its descriptors.
 */
export const LINES = {
  pcb: 6,
  pcbFixed: 6,
  socket: 4,
  sockbuf: 3,
  mbuf: 3,
  header: 2,
  ring: 2,
  statistics: 2,
  route: 2,
  table: 1,
} as const;

export class SocketSeat {
  /** Bytes copied in whose send has not reached TCP; and bytes taken out that TCP has not been told of. */
  pendingBytes = 0;
  takenBytes = 0;
  /** The one message that tells of reading is under way (kernel.md §6.5). */
  isTelling = false;
  /** It waits for its turn to send on (fairsend), or for the end of the batch to acknowledge. */
  sendsLater = false;
  acksLater = false;
  /** It is in the list of sockets whose users are to be told something. */
  isDue = false;
  /** Stage by stage: buffers of segments that TCP has taken and the socket layer has not, and their bytes; nobody reads them yet. */
  readonly unappended: number[] = [];
  unappendedBytes = 0;
  /** The queue in which it waits to be accepted. */
  acceptQueue: AcceptQueue | undefined = undefined;
  /** What came and was not read yet lies in these, in the order of arrival. */
  received: Mbuf[] = [];
  /** Of an application: tells it that something has come. */
  wake: ((cpu: Cpu) => void) | undefined = undefined;
  /** Of an application that is driven by events: the queue in which it is told. */
  events: Region | undefined = undefined;

  readonly pcb: Region;
  readonly pcbFixed: Region;
  readonly socket: Region;
  readonly sockbuf: Region;
  readonly mbufs: Region;

  /** @param flowCpu the CPU that its flow's packets come to */
  constructor(
    machine: Machine,
    readonly flowCpu: number,
    /** Around protocol work, in this order. */
    readonly holdings: readonly Holding[],
    readonly bufferHolding: Holding | undefined,
  ) {
    this.pcb = machine.region('pcb', LINES.pcb);
    this.pcbFixed = machine.region('pcb', LINES.pcbFixed);
    this.socket = machine.region('socket', LINES.socket);
    this.sockbuf = machine.region('sockbuf', LINES.sockbuf);
    this.mbufs = machine.region('mbuf', LINES.mbuf);
  }
}

/** Bytes that may be written now. */
export function roomOf(socket: TcpSocket): number {
  const { connection, seat } = socket;
  const used = seqDiff(connection.sndEnd, connection.sndUna) + seat!.pendingBytes;
  return Math.max(0, connection.options.sendBufferBytes - used);
}

/** Bytes that may be read now. */
export function readableOf(socket: TcpSocket): number {
  const { takenBytes, unappendedBytes } = socket.seat!;
  return socket.connection.readableBytes - takenBytes - unappendedBytes;
}
