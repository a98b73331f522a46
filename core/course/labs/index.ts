// The texts of the guided labs, two files each, as the bundler takes them in.

import threadsAndPreemptionYaml from './threads-and-preemption/lab.yaml?raw';
import threadsAndPreemptionText from './threads-and-preemption/text.md?raw';
import messagesAndPortsYaml from './messages-and-ports/lab.yaml?raw';
import messagesAndPortsText from './messages-and-ports/text.md?raw';
import ipiQueuesYaml from './ipi-queues/lab.yaml?raw';
import ipiQueuesText from './ipi-queues/text.md?raw';
import tokensAndMutexesYaml from './tokens-and-mutexes/lab.yaml?raw';
import tokensAndMutexesText from './tokens-and-mutexes/text.md?raw';

export interface LabText {
  readonly id: string;
  readonly yaml: string;
  readonly text: string;
}

export const LAB_TEXTS: readonly LabText[] = [
  { id: 'threads-and-preemption', yaml: threadsAndPreemptionYaml, text: threadsAndPreemptionText },
  { id: 'messages-and-ports', yaml: messagesAndPortsYaml, text: messagesAndPortsText },
  { id: 'ipi-queues', yaml: ipiQueuesYaml, text: ipiQueuesText },
  { id: 'tokens-and-mutexes', yaml: tokensAndMutexesYaml, text: tokensAndMutexesText },
];
