// All labs, in the order of the catalogue of kernel.md §12.

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
import { incrementalDeployment } from './44-incremental-deployment/lab';
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
  incrementalDeployment,
];
