// Runs a script in virtual time: injects what it sends, expects what it expects, and makes its calls.
// Semantics of packetdrill.md §3; the order at one instant is timers, then the event.

import { type Nanos, nanos } from '../base';
import { Flag, type Packet } from '../packet';
import { Arguments } from './arguments';
import { type Attempt, findCall, type Outcome } from './calls';
import { runCode } from './code';
import { runCommand } from './commands';
import { icmpError } from './icmp-errors';
import type { LadderRow, Run } from './ladder';
import { LOCAL, Machine, REMOTE, BOUND_PORT } from './machine';
import { compareOutcome } from './outcome';
import type { Profile, TcpSwitches } from './profile';
import {
  type CallAction,
  type PacketAction,
  type Script,
  ScriptError,
  type ScriptEvent,
  type ScriptIcmp,
  type ScriptSegment,
  type When,
} from './script';
import { seconds, START, timeDifference } from './script-time';
import { difference, Flow, merge, type Observed, observe, showScripted, showSegment, toPacket } from './segments';
import type { Socket } from './socket';
import { tcpInfo } from './tcp-info';

const DEFAULT_TOLERANCE_NS = 4e6;
/** Tolerance grows with the time since the event before (packetdrill.md §3.1). */
const TOLERANCE_SHARE = 0.125;
/** An asterisk, or a call that blocks without saying how long, waits no longer than this. */
const PATIENCE_NS = 3600e9;
const FIRST_REMOTE_PORT = 50_000;
const IPV4_MSS = 1460;
const IPV6_MSS = 1440;
const HEADERS = 40;

/** A blocking call under way. */
interface Waiting {
  readonly event: ScriptEvent;
  readonly action: CallAction;
  readonly attempt: Attempt;
  readonly returnsAt: number;
}

/** @param changes switches that go before the profile's own */
export function runScript(script: Script, profile: Profile, changes: TcpSwitches): Run {
  return new ScriptRun(script, profile, changes).run();
}

class ScriptRun {
  private readonly machine: Machine;
  private readonly rows: LadderRow[] = [];
  private readonly seen: Observed[] = [];
  private readonly flows: Flow[] = [];
  private readonly toleranceNs: number;
  private readonly isStrict: boolean;
  private readonly stampTickNs: number;
  private waiting: Waiting[] = [];
  /** What the next relative time counts from. */
  private lastAt: number = START;
  /** Which ports the script's packets use. */
  private localPort = BOUND_PORT;
  private remotePort = FIRST_REMOTE_PORT;
  /** The next inbound packet begins a connection with a listener: it comes from a new port. */
  private isListening = false;
  private firstStamp: { readonly script: number; readonly live: number; readonly at: number } | undefined = undefined;

  constructor(
    private readonly script: Script,
    private readonly profile: Profile,
    changes: TcpSwitches,
  ) {
    const option = (name: string): string | undefined => script.options.get(name)?.value;
    this.toleranceNs = Math.max(DEFAULT_TOLERANCE_NS, Number(option('tolerance_usecs') ?? 0) * 1e3);
    this.isStrict = option('strict_segments') !== undefined;
    this.stampTickNs = Number(option('tcp_ts_tick_usecs') ?? 0) * 1e3;
    const isIpv6 = option('ip_version')?.startsWith('ipv6') ?? false;
    const mtu = option('mtu');
    const usual = isIpv6 ? IPV6_MSS : IPV4_MSS;
    const mss = mtu === undefined ? usual : Number(mtu) - HEADERS - (isIpv6 ? 20 : 0);
    this.machine = new Machine(profile, changes, mss, (packet) => {
      this.seen.push(this.observe(packet));
    });
    this.machine.engine.run(START);
  }

  run(): Run {
    try {
      this.checkOptions();
      for (const event of this.script.events) this.runEvent(event);
      for (const waiting of [...this.waiting]) this.finish(waiting, this.waitFor(waiting));
      return { result: 'pass', line: 0, message: '', rows: this.rows };
    } catch (error) {
      if (!(error instanceof ScriptError)) throw error;
      const result = error.kind === 'fail' ? 'fail' : 'unsupported';
      return { result, line: error.line, message: error.message, rows: this.rows };
    }
  }

  private checkOptions(): void {
    const needed = this.script.options.get('tcp_md5_secret');
    if (needed !== undefined) throw new ScriptError(needed.line, 'TCP MD5 signatures are not modelled', 'unsupported');
  }

  private observe(packet: Packet): Observed {
    const socket = this.machine.socketAt(packet.srcPort, packet.dstPort);
    return observe(packet, this.machine.engine.now, socket?.tos ?? 0, socket?.ttl ?? packet.ttl);
  }

  private runEvent(event: ScriptEvent): void {
    const { action } = event;
    if (action.kind === 'packet' && action.direction === 'outbound') {
      this.expect(event, action);
      return;
    }
    if (event.when.kind === 'any') throw new ScriptError(event.line, '* is for packets that are sent only', 'syntax');
    const startsAt = this.resolve(event.when).from;
    this.advance(Math.max(startsAt, this.machine.engine.now));
    const base = this.lastAt;
    this.lastAt = startsAt;
    switch (action.kind) {
      case 'packet':
        this.inject(event, action);
        break;
      case 'call':
        this.call(event, action, base);
        break;
      case 'command':
        this.note(event, startsAt, action.text.trim(), undefined, true);
        runCommand(action.text, event.line, this.machine);
        break;
      case 'code':
        this.note(event, startsAt, action.text.trim(), undefined, true);
        runCode(action.text, event.line, (name) => tcpInfo(this.current()?.live?.connection, name));
        break;
    }
    this.settle();
  }

  // Time

  private resolve(when: When): { readonly from: number; readonly to: number } {
    if (when.kind === 'any') return { from: this.lastAt, to: Infinity };
    const base = when.kind === 'absolute' ? START : this.lastAt;
    return { from: base + when.from, to: base + when.to };
  }

  /** Lets virtual time pass, and blocking calls return as soon as they can. */
  private advance(until: number): void {
    const { engine } = this.machine;
    for (;;) {
      const next = engine.nextEventAt();
      if (next === undefined || next > until) break;
      engine.run(next, 1);
      this.settle();
    }
    engine.run(nanos(until));
  }

  /** Until something is sent, or until then. */
  private advanceToPacket(until: number): void {
    const { engine } = this.machine;
    while (this.seen.length === 0) {
      const next = engine.nextEventAt();
      if (next === undefined || next > until) return;
      engine.run(next, 1);
      this.settle();
    }
  }

  private tolerance(sinceNs: number): number {
    return Math.max(this.toleranceNs, TOLERANCE_SHARE * sinceNs);
  }

  // Packets

  private expect(event: ScriptEvent, { packet }: PacketAction): void {
    if (packet.protocol !== 'tcp')
      throw new ScriptError(event.line, `outbound ${packet.protocol} packets are not modelled`, 'unsupported');
    const { from, to } = this.resolve(event.when);
    const base = this.lastAt;
    const tolerance = this.tolerance(from - base);
    const isTimed = event.when.kind !== 'any';
    const deadline = isTimed ? to + tolerance : this.machine.engine.now + PATIENCE_NS;
    const expectedAt = isTimed ? from - START : undefined;
    const wanted = showScripted(packet);
    this.advanceToPacket(deadline);
    const live = this.takeSeen(packet, deadline);
    if (live === undefined) {
      this.rows.push({
        line: event.line,
        kind: 'outbound',
        expectedAt,
        at: deadline - START,
        expected: wanted,
        actual: 'nothing was sent',
        ok: false,
      });
      throw new ScriptError(event.line, `error handling packet: timed out waiting for packet: ${wanted}`);
    }
    const flow = this.flowOf(live.localPort, live.remotePort);
    if ((live.flags & Flag.syn) !== 0) flow.noteSyn(live.seq, packet.seq ?? 0);
    const problem =
      difference(packet, live, flow, { push: this.profile.comparesPush }, event.line) ??
      this.stampDifference(packet, live, flow) ??
      (isTimed ? timeDifference(live.at, from, to, tolerance) : undefined);
    const actual = showSegment(live, flow);
    this.rows.push({
      line: event.line,
      kind: 'outbound',
      expectedAt,
      at: live.at - START,
      expected: wanted,
      actual,
      ok: problem === undefined,
    });
    if (problem !== undefined)
      throw new ScriptError(
        event.line,
        `error handling packet: ${problem}\nscript packet: ${seconds(from - START)} ${wanted}\nactual packet: ${seconds(live.at - START)} ${actual}`,
      );
    this.lastAt = live.at;
  }

  /** The oldest segment that nobody has expected yet; several in a row where the script writes them as one. */
  private takeSeen(wanted: ScriptSegment, deadline: number): Observed | undefined {
    let live = this.seen.shift();
    while (live !== undefined && !this.isStrict && live.payloadBytes > 0 && live.payloadBytes < wanted.payloadBytes) {
      this.advanceToPacket(deadline);
      const next = this.seen[0];
      const merged = next === undefined ? undefined : merge(live, next);
      if (merged === undefined) break;
      this.seen.shift();
      live = merged;
    }
    return live;
  }

  /** TS values are compared by what passed since the first one, when the script names the clock's tick. */
  private stampDifference(wanted: ScriptSegment, live: Observed, flow: Flow): string | undefined {
    const scripted = wanted.options?.find((option) => option.kind === 'TS');
    const sent = live.options.find((option) => option.kind === 'TS');
    if (scripted?.val === undefined || sent?.val === undefined) return undefined;
    flow.noteStamp(scripted.val, live.liveTsVal);
    this.firstStamp ??= { script: scripted.val, live: sent.val, at: live.at };
    if (this.stampTickNs === 0) return undefined;
    const { script, live: first } = this.firstStamp;
    const errorNs = Math.abs(scripted.val - script - (sent.val - first) * (1e6 / this.stampTickNs)) * this.stampTickNs;
    return errorNs <= this.tolerance(live.at - this.firstStamp.at)
      ? undefined
      : `live packet field TS val: expected: ${String(scripted.val)} vs actual: ${String(script + sent.val - first)}`;
  }

  private inject(event: ScriptEvent, { packet }: PacketAction): void {
    if (packet.protocol === 'udp') throw new ScriptError(event.line, 'UDP packets are not modelled', 'unsupported');
    if (packet.protocol === 'icmp') {
      this.injectIcmp(event, packet);
      return;
    }
    if (this.isListening) {
      this.remotePort += 1;
      this.isListening = false;
    }
    const flow = this.flowOf(this.localPort, this.remotePort);
    this.note(event, this.lastAt, showScripted(packet), undefined, true);
    this.machine.receive(toPacket(packet, flow, this.machine.pool, { from: REMOTE, to: LOCAL }, event.line));
  }

  private injectIcmp(event: ScriptEvent, packet: ScriptIcmp): void {
    const { name, mtuBytes } = icmpError(packet, event.line);
    this.note(event, this.lastAt, `icmp ${packet.type} ${packet.code ?? ''}`, undefined, true);
    const flow = this.flowOf(this.localPort, this.remotePort);
    const oldest = this.current()?.live?.connection.sndUna ?? flow.synSeq;
    if (oldest === undefined) return;
    const { localPort, remotePort } = flow;
    const quoted = packet.quotedSeq === undefined ? oldest : flow.toLive(packet.quotedSeq | 0);
    this.machine.complain({ localPort, remotePort, seq: quoted }, name, mtuBytes);
  }

  private flowOf(localPort: number, remotePort: number): Flow {
    let flow = this.flows.find((known) => known.localPort === localPort && known.remotePort === remotePort);
    if (flow === undefined) {
      flow = new Flow(localPort, remotePort);
      this.flows.push(flow);
    }
    return flow;
  }

  /** The socket that the script is about. */
  private current(): Socket | undefined {
    return this.machine.socketAt(this.localPort, this.remotePort);
  }

  // Calls

  private call(event: ScriptEvent, action: CallAction, base: number): void {
    const begin = findCall(action.name);
    if (begin === undefined)
      throw new ScriptError(event.line, `system call ${action.name} is not modelled`, 'unsupported');
    const { openNonblock } = this.profile;
    const args = new Arguments(action.args, event.line, { O_NONBLOCK: openNonblock });
    const attempt = begin(this.machine, args);
    this.follow(action, args);
    const outcome = attempt();
    const returnsAt =
      event.returnsAt === undefined ? undefined : (event.when.kind === 'absolute' ? START : base) + event.returnsAt;
    if (outcome !== 'blocks') {
      this.compareOutcome(event, action, outcome, this.machine.engine.now);
      if (returnsAt !== undefined) this.compareReturn(event, returnsAt);
      return;
    }
    const waiting: Waiting = { event, action, attempt, returnsAt: returnsAt ?? Infinity };
    this.waiting.push(waiting);
    if (returnsAt === undefined) this.finish(waiting, this.waitFor(waiting));
  }

  /** Which connection a script is about follows from the calls that it makes. */
  private follow(action: CallAction, args: Arguments): void {
    if (action.name !== 'connect' && action.name !== 'listen' && action.name !== 'bind') return;
    const socket = this.machine.find(args.number(0));
    if (action.name === 'connect' && socket?.live !== undefined) {
      this.localPort = socket.live.localPort;
      this.remotePort = socket.live.remotePort;
      this.isListening = false;
    } else if (action.name === 'listen') {
      this.localPort = BOUND_PORT;
      if (this.remotePort < FIRST_REMOTE_PORT) this.remotePort = FIRST_REMOTE_PORT + this.flows.length;
      this.isListening = true;
    } else if (action.name === 'bind') {
      this.localPort = BOUND_PORT;
      this.remotePort = Math.max(this.remotePort, FIRST_REMOTE_PORT);
    }
  }

  /** Blocking calls that can go on do. */
  private settle(): void {
    for (const waiting of [...this.waiting]) {
      const outcome = waiting.attempt();
      if (outcome !== 'blocks') this.finish(waiting, outcome);
    }
  }

  private waitFor(waiting: Waiting): Outcome {
    const { engine } = this.machine;
    const until = waiting.returnsAt === Infinity ? engine.now + PATIENCE_NS : waiting.returnsAt + this.toleranceNs;
    let outcome = waiting.attempt();
    while (outcome === 'blocks') {
      const next = engine.nextEventAt();
      if (next === undefined || next > until)
        throw new ScriptError(waiting.event.line, `${waiting.action.name} blocks and does not return`);
      engine.run(next, 1);
      outcome = waiting.attempt();
    }
    return outcome;
  }

  private finish(waiting: Waiting, outcome: Outcome): void {
    this.waiting = this.waiting.filter((other) => other !== waiting);
    this.compareOutcome(waiting.event, waiting.action, outcome, this.machine.engine.now);
    if (waiting.returnsAt !== Infinity) this.compareReturn(waiting.event, waiting.returnsAt);
  }

  private compareReturn(event: ScriptEvent, returnsAt: number): void {
    const { now } = this.machine.engine;
    const start = event.when.kind === 'any' ? 0 : event.when.from;
    if (Math.abs(now - returnsAt) > this.tolerance((event.returnsAt ?? 0) - start))
      throw new ScriptError(
        event.line,
        `timing error: expected system call return at ${seconds(returnsAt - START)} sec but happened at ${seconds(now - START)} sec`,
      );
  }

  private compareOutcome(event: ScriptEvent, action: CallAction, outcome: Outcome, now: Nanos): void {
    if (outcome === 'blocks') return;
    const { wanted, actual, problem } = compareOutcome(action, outcome, event.line);
    this.note(event, now, wanted, actual, problem === undefined);
    if (problem !== undefined)
      throw new ScriptError(event.line, `runtime error in ${action.name} call: Expected ${problem}`);
  }

  private note(event: ScriptEvent, at: number, expected: string, actual: string | undefined, ok: boolean): void {
    const { action } = event;
    const kind = action.kind === 'packet' ? action.direction : action.kind;
    const { line } = event;
    const expectedAt = event.when.kind === 'any' ? undefined : at - START;
    this.rows.push({ line, kind, expectedAt, at: this.machine.engine.now - START, expected, actual, ok });
  }
}
