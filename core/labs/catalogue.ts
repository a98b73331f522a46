// All labs, in the order of the catalogue of kernel.md §12; from 46 on the reference experiments of tcp.md §19.

import { messaging } from './01-messaging/lab';
import { targetDecides } from './02-target-decides/lab';
import { applicationPorts } from './03-application-ports/lab';
import { numa } from './04-numa/lab';
import { parallelStack } from './05-parallel-stack/lab';
import { notCostFree } from './06-not-cost-free/lab';
import { executionContexts } from './07-execution-contexts/lab';
import { guarantees } from './08-guarantees/lab';
import { interruptPreemption } from './09-interrupt-preemption/lab';
import { livelock } from './10-livelock/lab';
import { predicateMessages } from './11-predicate-messages/lab';
import { predicateAbortRace } from './12-predicate-abort-race/lab';
import { tokenOrder } from './13-token-order/lab';
import { tokenBlocking } from './14-token-blocking/lab';
import { tokenGenerations } from './15-token-generations/lab';
import { sharedTokens } from './16-shared-tokens/lab';
import { ipiQueues } from './17-ipi-queues/lab';
import { protocolThreads } from './18-protocol-threads/lab';
import { networkDelays } from './19-network-delays/lab';
import { timeouts } from './20-timeouts/lab';
import { newReno } from './21-newreno/lab';
import { initialWindow } from './22-initial-window/lab';
import { limitedTransmit } from './23-limited-transmit/lab';
import { eifel } from './24-eifel/lab';
import { earlyRetransmit } from './25-early-retransmit/lab';
import { lockContention } from './26-lock-contention/lab';
import { synCache } from './27-syncache/lab';
import { floodOneHash } from './28-syn-flood-one-hash/lab';
import { udpTransmission } from './29-udp-transmission/lab';
import { tsoCpu } from './30-tso-cpu/lab';
import { tsoBus } from './31-tso-bus/lab';
import { tsoModeration } from './32-tso-moderation/lab';
import { tsoSideEffects } from './33-tso-side-effects/lab';
import { tsoFallback } from './34-tso-fallback/lab';
import { routeReplicas } from './35-route-replicas/lab';
import { listenReplication } from './36-listen-replication/lab';
import { reusePort } from './37-reuseport/lab';
import { statistics } from './38-statistics/lab';
import { earlyClassification } from './39-early-classification/lab';
import { elephant } from './40-elephant/lab';
import { cohortScheduling } from './41-cohort-scheduling/lab';
import { ackRollup } from './42-ack-rollup/lab';
import { genericFramework } from './43-generic-framework/lab';
import { incrementalDeployment } from './44-incremental-deployment/lab';
import { stability } from './45-stability/lab';
import { webLossesLab } from './46-web-losses/lab';
import { fallFloyd } from './47-fall-floyd/lab';
import { slowLinkLab } from './48-slow-link/lab';
import { lossAndRate } from './49-loss-and-rate/lab';
import { ns3Dumbbell } from './50-ns3-dumbbell/lab';
import { satellite } from './51-satellite/lab';
import { webPages } from './52-web-pages/lab';
import type { Lab } from './lab';

export const LABS: readonly Lab[] = [
  messaging,
  targetDecides,
  applicationPorts,
  numa,
  parallelStack,
  notCostFree,
  executionContexts,
  guarantees,
  interruptPreemption,
  livelock,
  predicateMessages,
  predicateAbortRace,
  tokenOrder,
  tokenBlocking,
  tokenGenerations,
  sharedTokens,
  ipiQueues,
  protocolThreads,
  networkDelays,
  timeouts,
  newReno,
  initialWindow,
  limitedTransmit,
  eifel,
  earlyRetransmit,
  lockContention,
  synCache,
  floodOneHash,
  udpTransmission,
  tsoCpu,
  tsoBus,
  tsoModeration,
  tsoSideEffects,
  tsoFallback,
  routeReplicas,
  listenReplication,
  reusePort,
  statistics,
  earlyClassification,
  elephant,
  cohortScheduling,
  ackRollup,
  genericFramework,
  incrementalDeployment,
  stability,
  webLossesLab,
  fallFloyd,
  slowLinkLab,
  lossAndRate,
  ns3Dumbbell,
  satellite,
  webPages,
];
