// The only place that reads feature switches: which strategies a connection gets. Off is a strategy too.

import { Aimd } from './congestion/aimd';
import type { CongestionControl } from './congestion/congestion-control';
import type { DupAckPolicy } from './dupack/dup-ack-policy';
import { limitedTransmit } from './dupack/limited-transmit';
import { standardDupAcks } from './dupack/standard';
import { initialWindowBytes, type TcpOptions } from './options';
import { FastRecovery } from './recovery/fast';
import { GoBackN } from './recovery/go-back-n';
import { NewReno } from './recovery/newreno';
import type { Recovery } from './recovery/recovery';
import { SackRecovery } from './recovery/sack';

export interface Strategies {
  readonly congestion: CongestionControl;
  readonly recovery: Recovery;
  readonly dupAckPolicy: DupAckPolicy;
}

/** What the handshake decided. */
export interface Negotiated {
  readonly sack: boolean;
  readonly smss: number;
  /** A SYN or SYN/ACK of ours was retransmitted. */
  readonly synLost: boolean;
}

const limited = limitedTransmit(standardDupAcks);

export function chooseStrategies(options: TcpOptions, negotiated: Negotiated): Strategies {
  const { smss, synLost, sack } = negotiated;
  return {
    congestion: new Aimd(initialWindowBytes(options.initialWindow, smss, synLost), smss, options.slowStartLimit),
    recovery: chooseRecovery(options, sack),
    dupAckPolicy: options.limitedTransmit ? limited : standardDupAcks,
  };
}

function chooseRecovery(options: TcpOptions, sack: boolean): Recovery {
  if (sack) return new SackRecovery();
  switch (options.congestionControl) {
    case 'tahoe':
      return new GoBackN();
    case 'reno':
      return new FastRecovery();
    case 'newreno':
      return new NewReno(options.newrenoTimer === 'slow-but-steady');
  }
}
