// System calls as messages to ports, and applications that put their own port in the way of chosen ones (kernel.md §1.8, application-specific
// customisation): a cache in user-land, another personality of a protocol. What the application's port does not want goes to the kernel.

import type { Calls } from '../calls';
import type { Message } from '../message';
import type { Operation } from '../operation';
import type { Port } from '../port/port';

/** What an application does instead; undefined leaves it to the kernel. Runs in the application, without crossing. */
export type Interposer = (k: Calls, message: Message) => Generator<Operation, number | undefined, void>;

export class SystemCalls {
  readonly counters = { crossings: 0, interposed: 0 };
  private readonly interposers = new Map<string, Interposer>();

  /** @param ports the kernel's port for each call */
  constructor(private readonly ports: ReadonlyMap<string, Port>) {}

  /** From now on this application's calls of a name go to `interposer` first. */
  interpose(name: string, interposer: Interposer): void {
    this.interposers.set(name, interposer);
  }

  /** Calls: yield* it from a program. @param bytes that are copied into the kernel */
  *call(k: Calls, name: string, message: Message, bytes = 0): Generator<Operation, number, void> {
    const answer = yield* this.askApplication(k, name, message);
    if (answer !== undefined) return answer;
    const port = this.ports.get(name);
    if (port === undefined)
      return k.self.misuse(
        `it makes the system call "${name}", which the kernel does not have`,
        `There are ${[...this.ports.keys()].join(', ')}`,
      );
    this.counters.crossings += 1;
    const { syscallNs, copyNsPerByte } = k.kernel.machine.profile;
    yield k.work(syscallNs + bytes * copyNsPerByte);
    yield k.domsg(port, message);
    return k.error;
  }

  private *askApplication(k: Calls, name: string, message: Message): Generator<Operation, number | undefined, void> {
    const interposer = this.interposers.get(name);
    if (interposer === undefined) return undefined;
    const answer = yield* interposer(k, message);
    if (answer !== undefined) this.counters.interposed += 1;
    return answer;
  }
}
