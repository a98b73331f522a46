// Random kernel programs on random machines: nothing is lost, nothing completes twice, tokens exclude, every client ends,
// and the same seed gives the same run, however it is cut into pieces. ODONATA_SEEDS sets how many are played.

import { expect, test } from 'vitest';
import { nanos } from '../../core/base';
import { Engine, Priority, RandomStream } from '../../core/engine';
import { type Body, type Calls, checkKernel, Kernel, type Message, type Thread, type Token } from '../../core/kernel';
import { Machine, PROFILES } from '../../core/machine';

const SEEDS = Number(process.env['ODONATA_SEEDS'] ?? 4000);
const END_NS = 2e9;
const STEPS = 14;

/** What the programs of one seed share and leave behind. */
class Play {
  readonly engine = new Engine();
  readonly kernel: Kernel;
  readonly tokens: Token[];
  readonly servers: Thread[] = [];
  readonly clients: Thread[] = [];
  readonly random: RandomStream;
  readonly label: string;
  /** Who did what when, for comparing runs. */
  readonly trace: string[] = [];
  private readonly holders = new Map<Token, { alone: number; shared: number }>();
  private readonly received = new Map<Message, number>();
  /** Per sender and server: numbers of messages in the order of arrival. */
  private readonly lastNumber = new Map<string, number>();
  sends = 0;
  receipts = 0;

  constructor(seed: number) {
    this.random = new RandomStream(seed, 1);
    const { random } = this;
    const sockets = 1 + random.integer(2);
    const machine = new Machine(PROFILES['opteron-1800'], sockets * (1 + random.integer(3)), sockets);
    const options = {
      rotation: random.integer(2) === 0 ? 'switch' : 'tick',
      preemption: (['none', 'interrupt', 'full'] as const)[random.integer(3)]!,
      ipiRingEntries: [64, 128, 256][random.integer(3)]!,
      ipiInterlock: random.integer(4) > 0,
      tokens: (['g1', 'g2', 'g3'] as const)[random.integer(3)]!,
      tokenBackoffMax: [1, 64, 4096][random.integer(3)]!,
      tickNs: 1_000_000,
    } as const;
    this.kernel = new Kernel(this.engine, machine, options);
    this.tokens = Array.from({ length: 3 }, (_, i) => this.kernel.token(`t${String(i)}`));
    this.label = `seed ${String(seed)} ${String(machine.cpus)} CPUs ${JSON.stringify(options)}`;
    for (let i = 0; i < 3; i += 1) this.addServer(i);
    const clients = 2 + random.integer(5);
    for (let i = 0; i < clients; i += 1) this.addClient(i);
  }

  anyCpu(): number {
    return this.random.integer(this.kernel.cpus.length);
  }

  private wishes(): { cpu: number; priority: number; mayPreempt: boolean } {
    const mayPreempt = this.random.integer(5) === 0;
    return { cpu: this.anyCpu(), priority: mayPreempt ? 27 : this.random.integer(20), mayPreempt };
  }

  /** Servers forward to servers with higher numbers only, and wait for nobody but the next message. */
  /** Servers forward to servers with higher numbers only, and wait for nobody but the next message. */
  private addServer(index: number): void {
    this.servers.push(this.kernel.start(`server ${String(index)}`, (k) => serve(this, index, k), this.wishes()));
  }

  /** Whether a server is to pass this message on; it will be received once more. */
  passesOn(index: number, message: Message): boolean {
    if (index === 2 || this.random.integer(4) > 0) return false;
    this.received.delete(message);
    return true;
  }

  noteReceipt(k: Calls, message: Message): void {
    const times = (this.received.get(message) ?? 0) + 1;
    this.received.set(message, times);
    expect(times, `${this.label}: ${k.self.name} received a message twice`).toBe(1);
    this.receipts += 1;
    const { from, number, isFirstHop } = message.payload as { from: string; number: number; isFirstHop: boolean };
    this.trace.push(`${String(this.engine.now)} ${k.self.name} ${from} ${String(number)}`);
    (message.payload as { isFirstHop: boolean }).isFirstHop = false;
    if (!isFirstHop) return;
    const key = `${from}>${k.self.name}`;
    const last = this.lastNumber.get(key) ?? -1;
    expect(number, `${this.label}: ${key} overtaken`).toBeGreaterThan(last);
    this.lastNumber.set(key, number);
  }

  private addClient(index: number): void {
    this.clients.push(this.kernel.start(`client ${String(index)}`, (k) => client(this, k), this.wishes()));
  }

  noteCompletion(k: Calls, message: Message): void {
    const { number } = message.payload as { number: number };
    expect(k.error, `${this.label}: ${k.self.name} got another's reply`).toBe(number);
    this.trace.push(`${String(this.engine.now)} ${k.self.name} done ${String(number)}`);
    this.received.delete(message);
  }

  enter(taken: readonly { token: Token; shared: boolean }[]): void {
    for (const { token, shared } of taken) {
      const held = this.holders.get(token) ?? { alone: 0, shared: 0 };
      this.holders.set(token, held);
      if (shared) held.shared += 1;
      else held.alone += 1;
      const isRight = held.alone === 0 || (held.alone === 1 && held.shared === 0);
      expect(isRight, `${this.label}: token ${token.name} held by ${JSON.stringify(held)}`).toBe(true);
    }
  }

  leave(taken: readonly { token: Token; shared: boolean }[]): void {
    for (const { token, shared } of taken) {
      const held = this.holders.get(token)!;
      if (shared) held.shared -= 1;
      else held.alone -= 1;
    }
  }

  /** Looks at the whole kernel now and then. */
  watch(): void {
    const look = {
      onEvent: (now: number): void => {
        checkKernel(this.kernel);
        if (now < 1e6) this.engine.schedule(nanos(now + 7919), Priority.sample, look, 0);
      },
    };
    this.engine.schedule(nanos(0), Priority.sample, look, 0);
  }
}

/** Takes what comes, works on it a while, and replies or passes it on. */
function* serve(play: Play, index: number, k: Calls): Body {
  for (;;) {
    yield k.waitport(k.port);
    const message = k.message!;
    play.noteReceipt(k, message);
    yield k.work(play.random.integer(3000));
    if (play.passesOn(index, message)) yield k.forwardmsg(play.servers[index + 1]!.port, message);
    else yield k.replymsg(message, (message.payload as { number: number }).number);
  }
}

/** Does a few things of any kind, and waits for all of its messages. */
function* client(play: Play, k: Calls): Body {
  const { random } = play;
  let number = 0;
  const staysPut = random.integer(2) === 0;
  const newMessage = (): Message => {
    number += 1;
    play.sends += 1;
    return k.newMessage({ payload: { from: k.self.name, number, isFirstHop: staysPut } });
  };
  const outstanding: Message[] = [];
  for (let step = 0; step < STEPS; step += 1) {
    const port = play.servers[random.integer(3)]!.port;
    switch (random.integer(8)) {
      case 0:
        yield k.work(random.integer(20_000));
        break;
      case 1:
        yield k.sleep(random.integer(50_000));
        break;
      case 2:
        yield k.yield();
        break;
      case 3:
        if (!staysPut) yield k.setcpu(play.anyCpu());
        break;
      case 4: {
        const message = newMessage();
        yield k.domsg(port, message);
        play.noteCompletion(k, message);
        break;
      }
      case 5: {
        const message = newMessage();
        outstanding.push(message);
        yield k.sendmsg(port, message);
        break;
      }
      case 6:
        yield k.crit_enter();
        yield k.work(random.integer(5000));
        yield k.crit_exit();
        break;
      default: {
        const taken: { token: Token; shared: boolean }[] = [];
        const count = 1 + random.integer(3);
        const first = random.integer(3);
        const stride = 1 + random.integer(2);
        for (let i = 0; i < count; i += 1) {
          const token = play.tokens[(first + i * stride) % 3]!;
          const shared = random.integer(3) === 0;
          yield shared ? k.gettoken_shared(token) : k.gettoken(token);
          taken.push({ token, shared });
        }
        play.enter(taken);
        yield k.work(random.integer(4000));
        play.leave(taken);
        // Sleeping lets go of them all; they are back when this goes on.
        if (random.integer(3) === 0) yield k.sleep(random.integer(20_000));
        play.enter(taken);
        yield k.work(random.integer(1000));
        play.leave(taken);
        for (const { token } of taken.reverse()) yield k.reltoken(token);
      }
    }
  }
  for (const message of outstanding) {
    yield k.waitmsg(message);
    play.noteCompletion(k, message);
  }
}

function judge(play: Play): void {
  for (const { name, isExited } of play.clients) expect(isExited, `${play.label}: ${name} ends`).toBe(true);
  expect(play.receipts, `${play.label}: every message is received`).toBeGreaterThanOrEqual(play.sends);
  for (const { id, isQuiet, ipis } of play.kernel.cpus) {
    expect(isQuiet, `${play.label}: CPU ${String(id)} is quiet`).toBe(true);
    for (const ring of ipis.inbox)
      expect(ring?.length ?? 0, `${play.label}: a ring of CPU ${String(id)} is empty`).toBe(0);
  }
}

test(`clients end, messages complete once, tokens exclude, over ${String(SEEDS)} random sets of programs`, () => {
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const play = new Play(seed);
    play.watch();
    try {
      play.engine.run(nanos(END_NS));
    } catch (error) {
      throw new Error(play.label, { cause: error });
    }
    judge(play);
  }
});

test('a run cut into slices, or into single events, is the same run', () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    const whole = new Play(seed);
    whole.engine.run(nanos(END_NS));
    const sliced = new Play(seed);
    for (let at = 0; at < 2e6; at += 1234) sliced.engine.run(nanos(at));
    sliced.engine.run(nanos(END_NS));
    const single = new Play(seed);
    while (single.engine.run(nanos(END_NS), 1) > 0);
    for (const other of [sliced, single]) {
      expect(other.trace, whole.label).toEqual(whole.trace);
      expect(other.engine.events, whole.label).toBe(whole.engine.events);
      expect(other.engine.eventHashU32, whole.label).toBe(whole.engine.eventHashU32);
    }
  }
});
