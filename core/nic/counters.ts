// What a NIC counts; output only.

import type { DmaCounters } from './dma';

export interface NicCounters extends DmaCounters {
  framesSent: number;
  framesReceived: number;
  bytesSent: number;
  bytesReceived: number;
  /** Descriptors that the driver wrote for sending, the context ones among them. */
  descriptors: number;
  contextDescriptors: number;
  /** Times that a context descriptor was not needed: the last one still held. */
  contextReuses: number;
  doorbells: number;
  /** Packets handed over by the driver, and of these bursts with their segments. */
  packetsPosted: number;
  tsoBursts: number;
  tsoSegments: number;
  tsoBytes: number;
  /** Times that the NIC was told to report sending, and did. */
  sendReports: number;
  /** Frames for which no receive descriptor was free. */
  receiveDrops: number;
  /** Packets that the driver's queue had no room for; and times that it became full, so that connections stopped sending (ENOBUFS). */
  sendDrops: number;
  queueFull: number;
}

/** All zero. */
export function noNicCounts(): NicCounters {
  return {
    framesSent: 0,
    framesReceived: 0,
    bytesSent: 0,
    bytesReceived: 0,
    descriptors: 0,
    contextDescriptors: 0,
    contextReuses: 0,
    doorbells: 0,
    packetsPosted: 0,
    tsoBursts: 0,
    tsoSegments: 0,
    tsoBytes: 0,
    dmaTransactions: 0,
    dmaBytes: 0,
    sendReports: 0,
    receiveDrops: 0,
    sendDrops: 0,
    queueFull: 0,
  };
}
