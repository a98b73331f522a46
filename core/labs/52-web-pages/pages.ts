// Web clients and file transfers over a T1 (RFC 2415 §2): a page is a file and three more that are in it, each over a connection of its
// own, the three at once (HTTP 1.0); a file transfer is 1 MB, one after another.

import { type FlowId, nanos, plus } from '../../base';
import { callAt, Priority, RandomStream } from '../../engine';
import type { Host, Program, TcpSocket } from '../../stack';
import type { World } from '../../world';
import { worldOfScenario } from '../on-wire';

export interface Browsing {
  readonly webs: number;
  readonly ftps: number;
  readonly initialWindow: number;
  readonly seed: number;
  readonly seconds: number;
}

export interface Browsed {
  /** Median time of a page, ns. */
  readonly delayNs: number;
  readonly pages: number;
  /** Of the data packets that come to the T1. */
  readonly dropShare: number;
  readonly utilisation: number;
}

const ENDS = 4;
const MSS = 1460;
const WINDOW_PACKETS = 11;
const BUFFER_PACKETS = 25;
const REQUEST_BYTES = 300;
const EMBEDDED = 3;
const FILE_BYTES = 1e6;
const THINK_NS = { least: 1e9, most: 5e9 };
const PORT = 80;
const FLOW = 0 as FlowId;
/**
 * Sizes of files. The RFC took them from traces and prints that the median fits into two packets. The tail of such sizes is Pareto's with
 * a shape near 1.2 (Crovella and Bestavros 1995); the mean follows from what the RFC prints of 8 clients alone: 34% of 1.5 Mbit/s are
 * 64 kB a second, a page each 3.6 s and client, of four files. The median is then 2.1 kB.
 */
const SIZES = { meanBytes: 7000, shape: 1.2 };

export function browse(wishes: Browsing): Browsed {
  const world = worldOfScenario(scenario(wishes));
  const delays: number[] = [];
  const servers = new Map<number, Fetcher>();
  for (let end = 0; end < ENDS; end += 1) servers.set(end, new Fetcher(world, end));
  for (let index = 0; index < wishes.webs + wishes.ftps; index += 1) {
    const fetcher = servers.get(index % ENDS)!;
    const random = new RandomStream(wishes.seed, 1 + index);
    const begin = index < wishes.webs ? browsePages(world, fetcher, random, delays) : transferFiles(fetcher);
    // Nobody begins with the others.
    callAt(world.engine, nanos(Math.round(random.uniformBetween(0, THINK_NS.least))), Priority.application, begin);
  }
  world.run(world.endAt);
  const { links } = world.summary('finished', 0);
  const down = links.find(({ id, direction }) => id === 't1' && direction === 'forward')!;
  return {
    delayNs: delays.sort((a, b) => a - b)[Math.floor(delays.length / 2)]!,
    pages: delays.length,
    dropShare: down.drops / (down.packets + down.drops),
    utilisation: down.utilisation,
  };
}

/** A client's host and the server's opposite to it. */
class Fetcher {
  private readonly client: Host;
  private readonly server: Host;
  /** Sizes that are asked for, by the client's port. */
  private readonly asked = new Map<number, number>();

  constructor(world: World, end: number) {
    this.client = world.host(`c${String(end)}`);
    this.server = world.host(`s${String(end)}`);
    const { server, asked } = this;
    server.listen(PORT, FLOW, (socket) => server.application(serve(socket, asked), () => undefined));
  }

  /** Gets a file over a connection of its own. */
  fetch(bytes: number, done: () => void): void {
    const { client, server, asked } = this;
    const program = (function* (): Program {
      yield { verb: 'write', bytes: REQUEST_BYTES };
      const got: number = yield { verb: 'read', bytes };
      if (got >= bytes) done();
      yield { verb: 'close' };
    })();
    const socket = client.connect(
      server.id,
      PORT,
      FLOW,
      client.application(program, () => undefined),
    );
    asked.set(socket.localPort, bytes);
  }
}

function* serve(socket: TcpSocket, asked: Map<number, number>): Program {
  yield { verb: 'read', bytes: REQUEST_BYTES };
  const bytes = asked.get(socket.remotePort) ?? 1;
  asked.delete(socket.remotePort);
  yield { verb: 'write', bytes };
  yield { verb: 'close' };
}

function browsePages(world: World, fetcher: Fetcher, random: RandomStream, delays: number[]): () => void {
  const size = (): number => Math.ceil(random.pareto(SIZES.meanBytes, SIZES.shape));
  const page = (): void => {
    const since = world.engine.now;
    const ended = (): void => {
      delays.push(world.engine.now - since);
      const thinkNs = Math.round(random.uniformBetween(THINK_NS.least, THINK_NS.most));
      callAt(world.engine, plus(world.engine.now, thinkNs), Priority.application, page);
    };
    // All of a page is drawn at once: a later file does not depend on when an earlier one came.
    const [primary, ...embedded] = Array.from({ length: 1 + EMBEDDED }, size);
    let missing = EMBEDDED;
    fetcher.fetch(primary!, () => {
      for (const bytes of embedded)
        fetcher.fetch(bytes, () => {
          missing -= 1;
          if (missing === 0) ended();
        });
    });
  };
  return page;
}

function transferFiles(fetcher: Fetcher): () => void {
  const next = (): void => {
    fetcher.fetch(FILE_BYTES, next);
  };
  return next;
}

function scenario({ initialWindow, seconds, seed }: Browsing): unknown {
  const ends = Array.from({ length: ENDS }, (_, index) => String(index));
  const queue = { discipline: 'droptail', limit: `${String(BUFFER_PACKETS)}p` };
  const access = { rate: '10Mbps', delay: '100us', queue };
  return {
    format: 'odonata-scenario',
    version: 1,
    name: 'RFC 2415',
    seed,
    duration: seconds * 1e9,
    defaults: {
      tcp: {
        congestionControl: 'reno',
        initialWindow,
        mss: MSS,
        timestamps: false,
        sack: false,
        limitedTransmit: false,
        // ns-2's FullTcp acknowledges each segment; the printed 0.56 s of a page have no room for a delayed ACK.
        delayedAck: false,
        receiveBuffer: WINDOW_PACKETS * MSS,
        rtoMin: '200ms',
      },
    },
    nodes: [
      { id: 'n0', kind: 'router' },
      { id: 'n1', kind: 'router' },
      ...ends.flatMap((end) => [
        { id: `c${end}`, kind: 'host' },
        { id: `s${end}`, kind: 'host' },
      ]),
    ],
    links: [
      { id: 't1', from: 'n1', to: 'n0', rate: '1500kbps', delay: '50ms', queue },
      ...ends.flatMap((end) => [
        { id: `c${end}`, from: 'n0', to: `c${end}`, ...access },
        { id: `s${end}`, from: `s${end}`, to: 'n1', ...access },
      ]),
    ],
    traffic: [],
  };
}
