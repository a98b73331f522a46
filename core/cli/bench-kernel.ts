// The kernel suite of odonata bench: what the simulated kernel itself does in a second of one core here. A kernel operation is
// a message sent, a message received and a switch.

import { nanos } from '../base';
import { Engine } from '../engine';
import { Kernel } from '../kernel';
import { Machine, PROFILES } from '../machine';

const ROUNDS = 400_000;
const SIMULATED_NS = 1e15;

interface Load {
  readonly kernel: Kernel;
  readonly engine: Engine;
  readonly operations: () => number;
}

/** Clients and servers in pairs, each client waiting for each of its messages; `remote` puts them on different CPUs. */
function pairs(cpus: number, count: number, rounds: number, remote: boolean): Load {
  const engine = new Engine();
  const kernel = new Kernel(engine, new Machine(PROFILES['opteron-1800'], cpus));
  let done = 0;
  for (let i = 0; i < count; i += 1) {
    const server = kernel.start(
      `server ${String(i)}`,
      function* (k) {
        for (;;) {
          yield k.waitport(k.port);
          yield k.replymsg(k.message!);
        }
      },
      { cpu: i % cpus },
    );
    kernel.start(
      `client ${String(i)}`,
      function* (k) {
        const message = k.newMessage();
        for (let round = 0; round < rounds; round += 1) {
          yield k.domsg(server.port, message);
          done += 1;
        }
      },
      { cpu: (remote ? i + 1 : i) % cpus },
    );
  }
  // A round is a message and its reply: two of each.
  return { kernel, engine, operations: () => 2 * done };
}

function speed({ engine, operations }: Load): number {
  const from = process.cpuUsage();
  engine.run(nanos(SIMULATED_NS));
  const { user, system } = process.cpuUsage(from);
  return operations() / ((user + system) / 1e6);
}

/** Kernel operations simulated per second of CPU time. */
export function benchKernel(): Record<string, number> {
  speed(pairs(1, 1, ROUNDS / 10, false));
  return {
    localOpsPerSecond: speed(pairs(1, 1, ROUNDS, false)),
    remoteOpsPerSecond: speed(pairs(2, 1, ROUNDS / 4, true)),
    fourCpuOpsPerSecond: speed(pairs(4, 8, ROUNDS / 16, false)),
    largeOpsPerSecond: speed(pairs(64, 5000, ROUNDS / 5000, false)),
  };
}
