// The only place that reads feature switches: which strategies a connection gets. Off is a strategy too.

import { Aimd } from './congestion/aimd';
import { Cubic } from './congestion/cubic';
import type { CongestionControl } from './congestion/congestion-control';
import { DIALECTS } from './dialect';
import type { DupAckPolicy } from './dupack/dup-ack-policy';
import { earlyRetransmit } from './dupack/early-retransmit';
import { limitedTransmit } from './dupack/limited-transmit';
import { standardDupAcks } from './dupack/standard';
import { initialWindowBytes, type TcpOptions } from './options';
import { FastRecovery } from './recovery/fast';
import { GoBackN } from './recovery/go-back-n';
import { NewReno } from './recovery/newreno';
import type { Recovery } from './recovery/recovery';
import { SackRecovery } from './recovery/sack';
import { Eifel } from './spurious/eifel';
import { ForwardRto } from './spurious/f-rto';
import { firstOf, noDetection, type SpuriousDetection } from './spurious/spurious-detection';

export interface Strategies {
  readonly congestion: CongestionControl;
  readonly recovery: Recovery;
  readonly dupAckPolicy: DupAckPolicy;
  readonly spuriousDetection: SpuriousDetection;
}

/** What the handshake decided. */
export interface Negotiated {
  readonly sack: boolean;
  readonly timestamps: boolean;
  readonly smss: number;
  /** A SYN or SYN/ACK of ours was retransmitted. */
  readonly synLost: boolean;
}

/** Policies have no state of their own; each combination exists once. */
const limited = limitedTransmit(standardDupAcks);
const early = {
  bytes: { plain: earlyRetransmit(standardDupAcks, 'bytes'), limited: earlyRetransmit(limited, 'bytes') },
  segments: { plain: earlyRetransmit(standardDupAcks, 'segments'), limited: earlyRetransmit(limited, 'segments') },
};

export function chooseStrategies(options: TcpOptions, negotiated: Negotiated): Strategies {
  const { smss, synLost, sack } = negotiated;
  const { slowStartLimit, byteCounting } = options;
  const initial = initialWindowBytes(options.initialWindow, smss, synLost);
  return {
    congestion:
      options.congestionControl === 'cubic'
        ? new Cubic(initial, smss, slowStartLimit)
        : new Aimd(initial, smss, slowStartLimit, byteCounting, DIALECTS[options.dialect].roundsSsthresh),
    recovery: chooseRecovery(options, sack),
    dupAckPolicy: chooseDupAckPolicy(options),
    spuriousDetection: chooseDetection(options, negotiated.timestamps),
  };
}

function chooseDupAckPolicy({ limitedTransmit: isLimited, earlyRetransmit: counting }: TcpOptions): DupAckPolicy {
  if (counting === false) return isLimited ? limited : standardDupAcks;
  return isLimited ? early[counting].limited : early[counting].plain;
}

/** Eifel needs timestamps; F-RTO needs nothing and comes second where both may tell. */
function chooseDetection(options: TcpOptions, timestamps: boolean): SpuriousDetection {
  const eifel = options.eifel && timestamps ? new Eifel() : noDetection;
  if (!options.frto) return eifel;
  return eifel === noDetection ? new ForwardRto() : firstOf(eifel, new ForwardRto());
}

function chooseRecovery(options: TcpOptions, sack: boolean): Recovery {
  if (sack) return new SackRecovery();
  switch (options.congestionControl) {
    case 'tahoe':
      return new GoBackN();
    case 'reno':
      return new FastRecovery();
    case 'newreno':
    case 'cubic':
      return new NewReno(options.newrenoTimer === 'slow-but-steady', options.newrenoExit === 'ssthresh');
  }
}
