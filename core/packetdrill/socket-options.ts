// setsockopt and getsockopt: options that stand for switches of core/tcp, and those that change nothing here.

import type { Arguments } from './arguments';
import { showExpression } from './arguments';
import type { Machine } from './machine';
import type { TcpSwitches } from './profile';
import { ScriptError } from './script';
import type { Socket } from './socket';
import { tcpInfo } from './tcp-info';

const SECOND = 1e9;
const MS = 1e6;
const DEFAULT_MSS = 536;

/** Options that steer what is not modelled and has no part in what TCP sends. */
const WITHOUT_EFFECT = new Set([
  'SO_REUSEADDR',
  'SO_REUSEPORT',
  'SO_DEBUG',
  'SO_MARK',
  'SO_PRIORITY',
  'SO_TIMESTAMP',
  'SO_TIMESTAMPNS',
  'SO_BUSY_POLL',
  'SO_INCOMING_CPU',
  'SO_NOSIGPIPE',
  'SO_NO_CHECK',
  'SO_SNDLOWAT',
  'SO_MAX_PACING_RATE',
  'SO_DONTROUTE',
  'IP_BIND_ADDRESS_NO_PORT',
  'IP_FREEBIND',
  'IP_RECVERR',
  'IP_MTU_DISCOVER',
  'IP_RECVTOS',
  'IPV6_RECVERR',
  'IPV6_V6ONLY',
  'IPV6_MTU_DISCOVER',
  'IPV6_RECVTCLASS',
  'TCP_LINGER2',
  'TCP_THIN_DUPACK',
  'TCP_THIN_LINEAR_TIMEOUTS',
  'TCP_SAVE_SYN',
  'TCP_LOG',
  'TCP_LOGID',
  'TCP_FUNCTION_BLK',
  'TCP_WINDOW_CLAMP',
]);

/** @returns the name of the error, or undefined */
export function setOption(socket: Socket, machine: Machine, args: Arguments): string | undefined {
  const name = args.name(2);
  if (WITHOUT_EFFECT.has(name)) return undefined;
  if (name === 'SO_LINGER') {
    const onoff = args.field(args.at(3), 'onoff') ?? args.field(args.at(3), 'l_onoff');
    const linger = args.field(args.at(3), 'linger') ?? args.field(args.at(3), 'l_linger');
    socket.lingersZero =
      onoff !== undefined && args.toNumber(onoff) !== 0 && linger !== undefined && args.toNumber(linger) === 0;
    return undefined;
  }
  if (name === 'TCP_CONGESTION') {
    apply(socket, machine, { congestionControl: congestionControl(args) });
    return undefined;
  }
  return setNumber(socket, machine, name, args);
}

function setNumber(socket: Socket, machine: Machine, name: string, args: Arguments): string | undefined {
  const value = args.number(3);
  switch (name) {
    case 'IP_TOS':
    case 'IPV6_TCLASS':
      socket.tos = value & 0xfc;
      return undefined;
    case 'IP_TTL':
    case 'IPV6_UNICAST_HOPS':
      if (value < 1 || value > 255) return 'EINVAL';
      socket.ttl = value;
      return undefined;
    case 'SO_RCVLOWAT':
      socket.receiveLowWater = Math.max(1, value);
      return undefined;
    case 'SO_RCVTIMEO':
    case 'SO_SNDTIMEO':
      return undefined;
    case 'TCP_MAXSEG':
      if (socket.isEstablished && machine.profile.name === 'freebsd') return 'EINVAL';
      if (value < 1 || value > 65_495) return 'EINVAL';
      break;
    default:
      break;
  }
  const changes = switchesOf(name, value, machine);
  if (changes === undefined) throw new ScriptError(args.line, `socket option ${name} is not modelled`, 'unsupported');
  apply(socket, machine, changes);
  return undefined;
}

function switchesOf(name: string, value: number, machine: Machine): TcpSwitches | undefined {
  const isOn = value !== 0;
  const factor = machine.profile.doublesBuffers ? 2 : 1;
  switch (name) {
    case 'TCP_NODELAY':
      return { nagle: !isOn };
    case 'TCP_MAXSEG':
      return { mss: value };
    case 'TCP_NOOPT':
      return isOn ? { sack: false, timestamps: false, windowScaling: false } : {};
    case 'TCP_KEEPIDLE':
    case 'TCP_KEEPALIVE':
      return { keepAliveIdle: value * SECOND };
    case 'TCP_KEEPINTVL':
      return { keepAliveInterval: value * SECOND };
    case 'TCP_KEEPCNT':
      return { keepAliveProbes: value };
    case 'TCP_KEEPINIT':
      return { connectTimeout: value * SECOND };
    case 'TCP_USER_TIMEOUT':
      return { userTimeout: value * MS };
    case 'TCP_SYNCNT':
      return { synRetransmitLimit: value };
    case 'TCP_QUICKACK':
      return isOn ? { quickAcks: 16 } : { quickAcks: 0 };
    case 'TCP_CORK':
    case 'TCP_NOPUSH':
      return isOn ? undefined : {};
    case 'TCP_FASTOPEN':
    case 'TCP_FASTOPEN_CONNECT':
    case 'TCP_DEFER_ACCEPT':
    case 'TCP_NOTSENT_LOWAT':
    case 'SO_ZEROCOPY':
    case 'TCP_REPAIR':
      return isOn ? undefined : {};
    case 'SO_OOBINLINE':
      // Urgent data stay in line whatever it says (RFC 6093 §4).
      return {};
    case 'SO_KEEPALIVE':
      return { keepAlive: isOn };
    case 'SO_RCVBUF':
    case 'SO_RCVBUFFORCE':
      return { receiveBuffer: value * factor };
    case 'SO_SNDBUF':
    case 'SO_SNDBUFFORCE':
      return { sendBuffer: value * factor };
    default:
      return undefined;
  }
}

function congestionControl(args: Arguments): 'newreno' | 'cubic' {
  const value = args.at(3);
  const first = value.kind === 'list' ? value.items[0] : value;
  const name = first?.kind === 'text' || first?.kind === 'name' ? first.value : '';
  if (name === 'cubic') return 'cubic';
  if (name === 'reno' || name === 'newreno') return 'newreno';
  throw new ScriptError(args.line, `congestion control "${name}" is not modelled`, 'unsupported');
}

/** On a socket that has no connection yet the switches are kept for it. */
function apply(socket: Socket, machine: Machine, changes: TcpSwitches): void {
  socket.switches = { ...socket.switches, ...changes };
  const connection = socket.live?.connection;
  if (connection === undefined) return;
  const { receiveBufferBytes, ...rest } = machine.options(socket.switches);
  // The buffer follows only when it was set: it may have been rounded since.
  connection.configure(
    changes.receiveBuffer === undefined ? rest : { ...rest, receiveBufferBytes },
    machine.engine.now,
  );
}

/** @returns the name of the error, or undefined; values are compared here */
export function getOption(socket: Socket, machine: Machine, args: Arguments): string | undefined {
  const name = args.name(2);
  const wanted = args.at(3);
  if (name === 'TCP_INFO') {
    compareInfo(socket, args);
    return undefined;
  }
  const value = valueOf(socket, machine, name, args);
  if (wanted.kind === 'any') return undefined;
  const first = wanted.kind === 'list' ? wanted.items[0] : wanted;
  if (first === undefined || first.kind === 'any') return undefined;
  const found =
    typeof value === 'number'
      ? args.toNumber(first)
      : first.kind === 'number' && first.value === 0
        ? ''
        : showName(first);
  if (found !== value)
    throw new ScriptError(
      args.line,
      `${name}: expected: ${showExpression(first)} vs actual: ${value === '' ? '0' : String(value)}`,
    );
  return undefined;
}

function showName(value: ReturnType<Arguments['at']>): string {
  return value.kind === 'name' || value.kind === 'text' ? value.value : showExpression(value);
}

function compareInfo(socket: Socket, args: Arguments): void {
  const wanted = args.at(3);
  const struct = wanted.kind === 'list' ? wanted.items[0] : wanted;
  if (struct?.kind !== 'struct') return;
  for (const { field, value } of struct.items) {
    if (field === undefined || value.kind === 'any') continue;
    const found = tcpInfo(socket.live?.connection, field);
    if (found === undefined) throw new ScriptError(args.line, `${field} is not known here`, 'unsupported');
    const expected = value.kind === 'name' ? tcpInfo(undefined, value.value) : args.toNumber(value);
    if (expected !== found)
      throw new ScriptError(args.line, `${field}: expected: ${showExpression(value)} vs actual: ${String(found)}`);
  }
}

function valueOf(socket: Socket, machine: Machine, name: string, args: Arguments): number | string {
  const connection = socket.live?.connection;
  const options = connection?.options ?? machine.options(socket.switches);
  switch (name) {
    case 'SO_ERROR':
      return socket.takeError() ?? '';
    case 'SO_RCVBUF':
      return connection?.rcvBufferBytes ?? options.receiveBufferBytes;
    case 'SO_SNDBUF':
      return options.sendBufferBytes;
    case 'SO_TYPE':
      return 1;
    case 'SO_ACCEPTCONN':
      return socket.queue === undefined ? 0 : 1;
    case 'SO_REUSEADDR':
    case 'SO_REUSEPORT':
      return 1;
    case 'SO_KEEPALIVE':
      return Number(options.keepAlive);
    case 'TCP_NODELAY':
      return Number(!options.nagle);
    case 'TCP_MAXSEG':
      if (connection !== undefined && socket.isEstablished) return connection.smss;
      return socket.switches.mss ?? DEFAULT_MSS;
    case 'TCP_KEEPIDLE':
    case 'TCP_KEEPALIVE':
      return options.keepAliveIdleNs / SECOND;
    case 'TCP_KEEPINTVL':
      return options.keepAliveIntervalNs / SECOND;
    case 'TCP_KEEPCNT':
      return options.keepAliveProbes;
    case 'TCP_KEEPINIT':
      return options.connectTimeoutNs / SECOND;
    case 'TCP_USER_TIMEOUT':
      return options.userTimeoutNs / MS;
    case 'TCP_CONGESTION':
      return options.congestionControl === 'newreno' && machine.profile.name === 'linux'
        ? 'reno'
        : options.congestionControl;
    case 'IP_TOS':
      return socket.tos;
    case 'IP_TTL':
      return socket.ttl;
    default:
      throw new ScriptError(args.line, `socket option ${name} is not modelled`, 'unsupported');
  }
}
