// The texts of the guided labs, two files each, as the bundler takes them in; in the order of the talk.

import threadsAndPreemptionYaml from './threads-and-preemption/lab.yaml?raw';
import threadsAndPreemptionText from './threads-and-preemption/text.md?raw';
import messagesAndPortsYaml from './messages-and-ports/lab.yaml?raw';
import messagesAndPortsText from './messages-and-ports/text.md?raw';
import predicateMessagesYaml from './predicate-messages/lab.yaml?raw';
import predicateMessagesText from './predicate-messages/text.md?raw';
import tokensAndMutexesYaml from './tokens-and-mutexes/lab.yaml?raw';
import tokensAndMutexesText from './tokens-and-mutexes/text.md?raw';
import ipiQueuesYaml from './ipi-queues/lab.yaml?raw';
import ipiQueuesText from './ipi-queues/text.md?raw';
import numaYaml from './numa/lab.yaml?raw';
import numaText from './numa/text.md?raw';
import parallelStackYaml from './parallel-stack/lab.yaml?raw';
import parallelStackText from './parallel-stack/text.md?raw';
import earlyClassificationYaml from './early-classification/lab.yaml?raw';
import earlyClassificationText from './early-classification/text.md?raw';
import udpSendingYaml from './udp-sending/lab.yaml?raw';
import udpSendingText from './udp-sending/text.md?raw';
import segmentationOffloadYaml from './segmentation-offload/lab.yaml?raw';
import segmentationOffloadText from './segmentation-offload/text.md?raw';
import synFloodYaml from './syn-flood/lab.yaml?raw';
import synFloodText from './syn-flood/text.md?raw';
import networkDelaysYaml from './network-delays/lab.yaml?raw';
import networkDelaysText from './network-delays/text.md?raw';
import initialWindowYaml from './initial-window/lab.yaml?raw';
import initialWindowText from './initial-window/text.md?raw';
import lossRecoveryYaml from './loss-recovery/lab.yaml?raw';
import lossRecoveryText from './loss-recovery/text.md?raw';
import smallWindowsYaml from './small-windows/lab.yaml?raw';
import smallWindowsText from './small-windows/text.md?raw';
import eifelYaml from './eifel/lab.yaml?raw';
import eifelText from './eifel/text.md?raw';

export interface LabText {
  readonly id: string;
  readonly yaml: string;
  readonly text: string;
}

export const LAB_TEXTS: readonly LabText[] = [
  { id: 'threads-and-preemption', yaml: threadsAndPreemptionYaml, text: threadsAndPreemptionText },
  { id: 'messages-and-ports', yaml: messagesAndPortsYaml, text: messagesAndPortsText },
  { id: 'predicate-messages', yaml: predicateMessagesYaml, text: predicateMessagesText },
  { id: 'tokens-and-mutexes', yaml: tokensAndMutexesYaml, text: tokensAndMutexesText },
  { id: 'ipi-queues', yaml: ipiQueuesYaml, text: ipiQueuesText },
  { id: 'numa', yaml: numaYaml, text: numaText },
  { id: 'parallel-stack', yaml: parallelStackYaml, text: parallelStackText },
  { id: 'early-classification', yaml: earlyClassificationYaml, text: earlyClassificationText },
  { id: 'udp-sending', yaml: udpSendingYaml, text: udpSendingText },
  { id: 'segmentation-offload', yaml: segmentationOffloadYaml, text: segmentationOffloadText },
  { id: 'syn-flood', yaml: synFloodYaml, text: synFloodText },
  { id: 'network-delays', yaml: networkDelaysYaml, text: networkDelaysText },
  { id: 'initial-window', yaml: initialWindowYaml, text: initialWindowText },
  { id: 'loss-recovery', yaml: lossRecoveryYaml, text: lossRecoveryText },
  { id: 'small-windows', yaml: smallWindowsYaml, text: smallWindowsText },
  { id: 'eifel', yaml: eifelYaml, text: eifelText },
];
