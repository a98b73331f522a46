// All labs, in the order of the catalogue of kernel.md §12.

import { messaging } from './01-messaging/lab';
import { targetDecides } from './02-target-decides/lab';
import { applicationPorts } from './03-application-ports/lab';
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
import { cohortScheduling } from './41-cohort-scheduling/lab';
import { incrementalDeployment } from './44-incremental-deployment/lab';
import type { Lab } from './lab';

export const LABS: readonly Lab[] = [
  messaging,
  targetDecides,
  applicationPorts,
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
  cohortScheduling,
  incrementalDeployment,
];
