// CAPS: messages between processes, which the kernel carries (kernel.md §1.8). A service has a name and whose it is; a request travels to its server,
// the reply back, and when the client has read that, the server is told that the message can be disposed of. Bytes are copied into
// the kernel and out of it, and each call crosses the border between application and kernel.
//
// The calls are generators: yield* them from a program.

import type { Calls } from '../calls';
import type { Operation } from '../operation';
import type { Thread } from '../thread';

/** Nobody is at the other end. */
export const ENOTCONN = 57;
/** The server went away before it replied. */
export const ECONNRESET = 54;

export interface Credentials {
  readonly uid: number;
  readonly gid: number;
}

export interface CapsMessage {
  readonly bytes: number;
  readonly payload: unknown;
  /** Whoever sent it; the kernel vouches for that. */
  readonly credentials: Credentials;
  readonly client: CapsClient;
  state: 'request' | 'reply' | 'dispose';
  replyBytes: number;
  error: number;
}

type Call<T> = Generator<Operation, T, void>;

/** Crosses the border to the kernel and back. */
function* cross(k: Calls): Call<void> {
  yield k.work(k.kernel.machine.profile.syscallNs);
}

function* copy(k: Calls, bytes: number): Call<void> {
  yield k.work(bytes * k.kernel.machine.profile.copyNsPerByte);
}

/** Services by name and owner. */
export class CapsNames {
  private readonly services = new Map<string, CapsService>();

  /** Makes the calling process the server of a name. */
  *serve(k: Calls, name: string, credentials: Credentials): Call<CapsService> {
    yield* cross(k);
    const service = new CapsService(name);
    this.services.set(keyOf(name, credentials), service);
    return service;
  }

  /** Connects to a service; undefined if there is none. */
  *connect(k: Calls, name: string, owner: Credentials, credentials: Credentials): Call<CapsClient | undefined> {
    yield* cross(k);
    const service = this.services.get(keyOf(name, owner));
    return service === undefined || service.isClosed ? undefined : new CapsClient(service, credentials);
  }
}

function keyOf(name: string, { uid, gid }: Credentials): string {
  return `${name}/${String(uid)}/${String(gid)}`;
}

export class CapsService {
  readonly counters = { requests: 0, replies: 0, disposals: 0, autoReplies: 0, wakeups: 0 };
  isClosed = false;
  /** Requests and disposals that the server has not seen, and requests that it has and has not replied to. */
  private pending: CapsMessage[] = [];
  private readonly delivered = new Set<CapsMessage>();
  private waiting: Thread | undefined = undefined;

  constructor(readonly name: string) {}

  /** Takes a request, waiting for one. Disposals are taken on the way: nobody wakes the server for them. */
  *receive(k: Calls): Call<CapsMessage> {
    yield* cross(k);
    for (;;) {
      this.dispose();
      const message = this.pending.shift();
      if (message !== undefined) {
        this.delivered.add(message);
        yield* copy(k, message.bytes);
        return message;
      }
      this.waiting = k.self;
      yield k.block();
    }
  }

  private dispose(): void {
    const before = this.pending.length;
    this.pending = this.pending.filter(({ state }) => state === 'request');
    this.counters.disposals += before - this.pending.length;
  }

  /** Replies to a request that was received. */
  *reply(k: Calls, message: CapsMessage, bytes: number, error = 0): Call<void> {
    yield* cross(k);
    if (!this.delivered.delete(message))
      k.self.misuse(
        'it replies to a CAPS message that it has not received',
        'Take it first with yield* service.receive(k)',
      );
    yield* copy(k, bytes);
    this.counters.replies += 1;
    yield* this.answer(k, message, bytes, error);
  }

  private *answer(k: Calls, message: CapsMessage, bytes: number, error: number): Call<void> {
    message.state = 'reply';
    message.replyBytes = bytes;
    message.error = error;
    yield* message.client.wake(k);
  }

  /** The server goes away: the kernel replies to whatever it owes. */
  *close(k: Calls): Call<void> {
    yield* cross(k);
    this.isClosed = true;
    const owed = [...this.delivered, ...this.pending.filter(({ state }) => state === 'request')];
    this.delivered.clear();
    this.pending = [];
    for (const message of owed) {
      this.counters.autoReplies += 1;
      yield* this.answer(k, message, 0, ECONNRESET);
    }
  }

  /** The kernel brings a request. */
  *accept(k: Calls, message: CapsMessage): Call<void> {
    this.counters.requests += 1;
    this.pending.push(message);
    const { waiting } = this;
    if (waiting === undefined) return;
    this.waiting = undefined;
    this.counters.wakeups += 1;
    yield k.schedule(waiting);
  }

  /** The client has read the reply. */
  noteDisposal(message: CapsMessage): void {
    message.state = 'dispose';
    this.pending.push(message);
  }
}

export class CapsClient {
  private waiting: Thread | undefined = undefined;

  constructor(
    private readonly service: CapsService,
    private readonly credentials: Credentials,
    /** After a fork the child has the endpoint, but nobody at its other end. */
    private readonly isDead = false,
  ) {}

  /** What a child process has after a fork. */
  fork(): CapsClient {
    return new CapsClient(this.service, this.credentials, true);
  }

  /** Sends a request and does not wait; the error ENOTCONN if nobody is there. */
  *request(k: Calls, bytes: number, payload?: unknown): Call<CapsMessage | typeof ENOTCONN> {
    yield* cross(k);
    if (this.isDead || this.service.isClosed) return ENOTCONN;
    yield* copy(k, bytes);
    const message: CapsMessage = {
      bytes,
      payload,
      credentials: this.credentials,
      client: this,
      state: 'request',
      replyBytes: 0,
      error: 0,
    };
    yield* this.service.accept(k, message);
    return message;
  }

  /** Waits for the reply to a request; its error, 0 for none. */
  *await(k: Calls, message: CapsMessage): Call<number> {
    yield* cross(k);
    while (message.state !== 'reply') {
      this.waiting = k.self;
      yield k.block();
    }
    yield* copy(k, message.replyBytes);
    this.service.noteDisposal(message);
    return message.error;
  }

  /** Sends a request and waits for its reply. */
  *call(k: Calls, bytes: number, payload?: unknown): Call<number> {
    const message = yield* this.request(k, bytes, payload);
    return typeof message === 'number' ? message : yield* this.await(k, message);
  }

  *wake(k: Calls): Call<void> {
    const { waiting } = this;
    if (waiting === undefined) return;
    this.waiting = undefined;
    yield k.schedule(waiting);
  }
}
