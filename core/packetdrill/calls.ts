// The system calls of scripts, on the sockets of the machine under test. A call is tried again and again while it
// blocks; what it returns is compared by the runner.

import type { Arguments } from './arguments';
import { showExpression } from './arguments';
import type { Machine } from './machine';
import { BOUND_PORT } from './machine';
import { type Expression, ScriptError } from './script';
import { Socket } from './socket';
import { getOption, setOption } from './socket-options';

/** What a call returned; `blocks` when it would wait. */
export type Outcome = { readonly value: number; readonly errno?: string } | 'blocks';

/** One attempt of a call that has begun. */
export type Attempt = () => Outcome;

type Call = (machine: Machine, args: Arguments) => Attempt;

const done = (value: number): Outcome => ({ value });
const fail = (errno: string): Outcome => ({ value: -1, errno });
const at = (outcome: Outcome): Attempt => {
  return () => outcome;
};

/** Finds what begins a call; undefined for calls that are not known. */
export function findCall(name: string): Call | undefined {
  return CALLS[name];
}

function socketOf(machine: Machine, args: Arguments): Socket | undefined {
  return machine.find(args.number(0));
}

/** A call on an open socket; EBADF for any other descriptor. */
function onSocket(act: (socket: Socket, machine: Machine, args: Arguments) => Attempt): Call {
  return (machine, args) => {
    const socket = socketOf(machine, args);
    return socket === undefined ? at(fail('EBADF')) : act(socket, machine, args);
  };
}

const openSocket: Call = (machine, args) => {
  const type = args.name(1);
  const domain = args.name(0);
  if (!type.includes('SOCK_STREAM'))
    throw new ScriptError(args.line, `${type} sockets are not modelled`, 'unsupported');
  if (args.name(2) === 'IPPROTO_MPTCP')
    throw new ScriptError(args.line, 'multipath TCP is not modelled', 'unsupported');
  if (domain === 'AF_UNIX') throw new ScriptError(args.line, 'local sockets are not modelled', 'unsupported');
  const socket = new Socket(machine.profile.name);
  socket.nonblocking = args.hasFlag(1, 'SOCK_NONBLOCK');
  return at(done(machine.open(socket)));
};

const bind = onSocket((socket) => {
  if (socket.port !== 0) return at(fail('EINVAL'));
  socket.port = BOUND_PORT;
  return at(done(0));
});

const listen = onSocket((socket, machine) => {
  if (socket.live !== undefined) return at(fail('EINVAL'));
  if (socket.port === 0) socket.port = BOUND_PORT;
  if (socket.queue === undefined) machine.listen(socket);
  return at(done(0));
});

const accept = onSocket((socket, machine) => () => {
  if (socket.queue === undefined) return fail('EINVAL');
  const child = socket.queue.shift();
  if (child !== undefined) return done(machine.open(child));
  return socket.nonblocking ? fail('EAGAIN') : 'blocks';
});

const connect = onSocket((socket, machine) => {
  if (socket.queue !== undefined) return at(fail('EISCONN'));
  if (socket.live !== undefined) {
    if (socket.error !== undefined) return at(fail(socket.takeError()!));
    if (socket.isEstablished) return at(fail('EISCONN'));
    return at(fail('EALREADY'));
  }
  machine.connect(socket);
  if (socket.nonblocking) return at(fail('EINPROGRESS'));
  return () => {
    if (socket.error !== undefined) return fail(socket.takeError()!);
    return socket.isEstablished ? done(0) : 'blocks';
  };
});

/** Takes what has arrived, at most `most` bytes; 0 at the end of the stream. */
function receive(socket: Socket, most: number, peeks: boolean, waits: boolean, wantsAll: boolean): Outcome {
  const { live } = socket;
  const ready = live?.readableBytes ?? 0;
  const enough = wantsAll ? most : Math.min(most, socket.receiveLowWater);
  const isOver = socket.isPeerClosed || socket.isShutForReading || socket.isEnded;
  if (ready > 0 && (ready >= enough || isOver)) {
    const bytes = Math.min(ready, most);
    return done(peeks ? bytes : live!.read(bytes));
  }
  if (socket.error !== undefined) return fail(socket.takeError()!);
  if (isOver) return done(0);
  if (live === undefined) return fail('ENOTCONN');
  return waits ? 'blocks' : fail('EAGAIN');
}

function receiver(bytesOf: (args: Arguments) => number, flagsAt: number): Call {
  return onSocket((socket, _machine, args) => {
    const most = bytesOf(args);
    const waits = !socket.nonblocking && !args.hasFlag(flagsAt, 'MSG_DONTWAIT');
    if (args.hasFlag(flagsAt, 'MSG_ERRQUEUE')) return at(fail('EAGAIN'));
    // Urgent data stay in line (SO_OOBINLINE, RFC 6093 §4): none are kept aside.
    if (args.hasFlag(flagsAt, 'MSG_OOB')) return at(fail('EINVAL'));
    const peeks = args.hasFlag(flagsAt, 'MSG_PEEK');
    const wantsAll = args.hasFlag(flagsAt, 'MSG_WAITALL');
    return () => receive(socket, most, peeks, waits, wantsAll);
  });
}

/** Hands over bytes until all are taken; a blocking writer waits for room. */
function send(socket: Socket, bytes: number, waits: boolean, urgent: boolean): Attempt {
  let sent = 0;
  return () => {
    if (socket.error !== undefined && sent === 0) return fail(socket.takeError()!);
    if (socket.isShutForWriting || socket.isEnded) return sent > 0 ? done(sent) : fail('EPIPE');
    if (socket.live === undefined) return fail(socket.queue === undefined ? 'ENOTCONN' : 'EPIPE');
    if (!socket.isEstablished) return waits ? 'blocks' : fail('EAGAIN');
    sent += socket.live.write(bytes - sent, urgent);
    if (sent === bytes) return done(sent);
    if (waits) return 'blocks';
    return sent > 0 ? done(sent) : fail('EAGAIN');
  };
}

function sender(bytesOf: (args: Arguments) => number, flagsAt: number): Call {
  return onSocket((socket, _machine, args) => {
    for (const flag of ['MSG_FASTOPEN', 'MSG_MORE', 'MSG_EOR', 'MSG_SPLICE_PAGES']) {
      if (args.hasFlag(flagsAt, flag)) throw new ScriptError(args.line, `${flag} is not modelled`, 'unsupported');
    }
    const waits = !socket.nonblocking && !args.hasFlag(flagsAt, 'MSG_DONTWAIT');
    return send(socket, bytesOf(args), waits, args.hasFlag(flagsAt, 'MSG_OOB'));
  });
}

const messageBytes = (args: Arguments): number => {
  const vectors = args.field(args.at(1), 'msg_iov');
  if (vectors === undefined) throw new ScriptError(args.line, 'msg_iov is missing', 'syntax');
  return args.vectorBytes(vectors);
};
const thirdNumber = (args: Arguments): number => args.number(2);
const vectorsInSecond = (args: Arguments): number => args.vectorBytes(args.at(1));
const NO_FLAGS = 99;

const close: Call = (machine, args) => {
  const descriptor = args.number(0);
  const socket = machine.find(descriptor);
  if (socket === undefined) return at(fail('EBADF'));
  machine.release(descriptor);
  socket.isOrphan = true;
  if (socket.queue !== undefined) machine.stopListening(socket);
  else if (socket.lingersZero) socket.live?.abort();
  else socket.live?.close();
  return at(done(0));
};

const shutdown = onSocket((socket, machine, args) => {
  const how = args.number(1);
  if (how < 0 || how > 2) return at(fail('EINVAL'));
  if (socket.queue !== undefined && machine.profile.name === 'linux') {
    machine.stopListening(socket);
    return at(done(0));
  }
  if (socket.live === undefined || socket.isEnded) return at(fail('ENOTCONN'));
  if (how !== 1) socket.isShutForReading = true;
  if (how !== 0) {
    socket.isShutForWriting = true;
    socket.live.shutdown();
  }
  return at(done(0));
});

const fcntl = onSocket((socket, machine, args) => {
  const { openNonblock } = machine.profile;
  switch (args.name(1)) {
    case 'F_GETFL':
      return at(done(2 | (socket.nonblocking ? openNonblock : 0)));
    case 'F_SETFL':
      socket.nonblocking = (args.number(2) & openNonblock) !== 0;
      return at(done(0));
    default:
      throw new ScriptError(args.line, `fcntl ${args.name(1)} is not modelled`, 'unsupported');
  }
});

const ioctl = onSocket((socket, _machine, args) => {
  const request = args.name(1);
  const connection = socket.live?.connection;
  const values: Readonly<Record<string, number>> = {
    FIONREAD: connection?.readableBytes ?? 0,
    SIOCINQ: connection?.readableBytes ?? 0,
    FIONWRITE: (connection?.inflight ?? 0) + (connection?.unsentBytes ?? 0),
    SIOCOUTQ: (connection?.inflight ?? 0) + (connection?.unsentBytes ?? 0),
    SIOCOUTQNSD: connection?.unsentBytes ?? 0,
    SIOCATMARK: connection?.toUrgentMark === 1 ? 1 : 0,
  };
  if (request === 'FIONBIO') {
    socket.nonblocking = args.number(2) !== 0;
    return at(done(0));
  }
  const value = values[request];
  if (value === undefined) throw new ScriptError(args.line, `ioctl ${request} is not modelled`, 'unsupported');
  expectValue(args, args.at(2), value, request);
  return at(done(0));
});

/** An output argument must be what the script says. */
function expectValue(args: Arguments, wanted: Expression, value: number, what: string): void {
  if (wanted.kind === 'any') return;
  if (args.toNumber(wanted) !== value)
    throw new ScriptError(args.line, `${what}: expected: ${showExpression(wanted)} vs actual: ${String(value)}`);
}

/** Bits of poll(2) that hold for a socket. */
function readiness(socket: Socket): number {
  const { live, queue } = socket;
  let bits = 0;
  const isReadable = (live?.readableBytes ?? 0) > 0 || (queue?.length ?? 0) > 0;
  if (live?.connection.toUrgentMark !== undefined) bits |= 2;
  if (isReadable || socket.isPeerClosed || socket.isShutForReading || socket.isEnded) bits |= 1;
  const room =
    live === undefined
      ? 0
      : live.connection.options.sendBufferBytes - live.connection.inflight - live.connection.unsentBytes;
  if (socket.isEnded || (socket.isEstablished && room > live!.connection.options.sendBufferBytes / 3)) bits |= 4;
  if (socket.error !== undefined) bits |= 8;
  if (socket.isEnded || (socket.isPeerClosed && socket.isShutForWriting)) bits |= 16;
  if (socket.isPeerClosed || socket.isShutForReading) bits |= 0x2000;
  return bits;
}

const ALWAYS_REPORTED = 8 | 16;

const poll: Call = (machine, args) => {
  const list = args.at(0);
  if (list.kind !== 'list') throw new ScriptError(args.line, 'expected [{fd=4, events=POLLIN, revents=0}]', 'syntax');
  const timeoutMs = args.number(2);
  const since = machine.engine.now;
  return () => {
    const results = list.items.map((item) => {
      const descriptor = args.toNumber(args.field(item, 'fd') ?? { kind: 'number', value: -1 });
      const asked = args.toNumber(args.field(item, 'events') ?? { kind: 'number', value: 0 });
      const socket = machine.find(descriptor);
      return { item, bits: socket === undefined ? 0x20 : readiness(socket) & (asked | ALWAYS_REPORTED) };
    });
    const ready = results.filter(({ bits }) => bits !== 0).length;
    const isOver = timeoutMs >= 0 && machine.engine.now - since >= timeoutMs * 1e6;
    if (ready === 0 && !isOver) return 'blocks';
    for (const { item, bits } of results) {
      const wanted = args.field(item, 'revents');
      if (wanted !== undefined) expectValue(args, wanted, bits, 'revents');
    }
    return done(ready);
  };
};

const CALLS: Readonly<Record<string, Call>> = {
  socket: openSocket,
  bind,
  listen,
  accept,
  accept4: accept,
  connect,
  read: receiver(thirdNumber, NO_FLAGS),
  readv: receiver(vectorsInSecond, NO_FLAGS),
  recv: receiver(thirdNumber, 3),
  recvfrom: receiver(thirdNumber, 3),
  recvmsg: receiver(messageBytes, 2),
  write: sender(thirdNumber, NO_FLAGS),
  writev: sender(vectorsInSecond, NO_FLAGS),
  send: sender(thirdNumber, 3),
  sendto: sender(thirdNumber, 3),
  sendmsg: sender(messageBytes, 2),
  close,
  shutdown,
  fcntl,
  ioctl,
  poll,
  setsockopt: onSocket((socket, machine, args) => at(outcome(setOption(socket, machine, args)))),
  getsockopt: onSocket((socket, machine, args) => at(outcome(getOption(socket, machine, args)))),
};

function outcome(errno: string | undefined): Outcome {
  return errno === undefined ? done(0) : fail(errno);
}
