// How a host's network stack uses its CPUs, and its network interfaces, in the scenario format (kernel.md §6, §9, §10).

import { z } from 'zod';
import { id } from './schema-common';
import { flag, integer, number, quantity } from './schema-fields';

const choice = <const T extends readonly [string, ...string[]]>(
  title: string,
  description: string,
  values: T,
  example: T[number],
) => z.enum(values).meta({ title, description, examples: [example] });

const bytes = (title: string, description: string, example: string) =>
  quantity('bytes', { title, description, examples: [example] }, { min: 1, max: 2 ** 30 });

/** Fields of `kernel` that only models other than "ideal" read. */
export const stackFields = {
  protocolThreads: choice(
    'Protocol threads',
    'PMP: three families with ports of their own on each CPU (2004), or one netisr with a spin port (2008 on).',
    ['three', 'one'],
    'one',
  ),
  hash: choice('Hash', 'Which CPU a flow belongs to: xor of octets (2004) or Toeplitz.', ['xor', 'toeplitz'], 'xor'),
  classification: choice(
    'Classification',
    'PMP: frames are sorted before any protocol sees them, or by the protocol thread of CPU 0.',
    ['early', 'none'],
    'early',
  ),
  batch: integer(
    { title: 'Batch', description: 'Messages between two roll-ups of a protocol thread.', examples: [512] },
    { min: 1, max: 512 },
  ),
  stageOrder: choice(
    'Stage order',
    'A protocol thread works on each message of a batch by itself, or on all stage by stage: IP, TCP, socket.',
    ['message', 'stage'],
    'stage',
  ),
  caches: flag('Caches', 'Code and data of the protocol stages go through a model of the first-level caches.'),
  ackAggregation: flag('ACK roll-up', 'PMP: one ACK per connection and batch.'),
  fairSend: integer(
    {
      title: 'Fair send',
      description: 'PMP: segments after which a connection lets others send; 0 for no limit.',
      examples: [4],
    },
    { min: 0, max: 1000 },
  ),
  sends: choice('Sends', 'PMP: whether an application waits until TCP has what it writes.', ['sync', 'async'], 'sync'),
  receives: choice(
    'Receives',
    'PMP: whether an application waits until TCP knows what it has read.',
    ['sync', 'async'],
    'sync',
  ),
  udpSends: choice(
    'UDP sends',
    'PMP: how a datagram gets to UDP: a call, a message that is waited for, or one that is not.',
    ['direct', 'sync', 'async'],
    'sync',
  ),
  udpConnected: flag('UDP connected', "UDP sockets are connected: their flow's CPU owns them."),
  groups: integer(
    { title: 'Groups', description: 'Group locks: into how many the connections are divided.', examples: [16] },
    { min: 1, max: 4096 },
  ),
  tableLock: choice(
    'Table lock',
    'Mutexes: the table of connections is locked while TCP works on a segment (2006), or while it looks up.',
    ['held', 'lookup'],
    'held',
  ),
  mpsafe: z.array(z.enum(['tcp', 'udp'])).meta({
    title: 'MPSAFE',
    description: 'PMP: protocols that run without the big lock; both when left out.',
    examples: [['tcp']],
  }),
  applications: choice(
    'Applications',
    "Where application threads run: in turn on all CPUs, on their flow's CPU, or all on the first.",
    ['spread', 'flow', 'first'],
    'flow',
  ),
  eventDriven: flag(
    'Event-driven',
    'Applications are a thread a CPU that waits for events of all its connections (kqueue), not a thread for each connection.',
  ),
  write: bytes('Write', 'Bytes that an application hands over with one system call.', '64KiB'),
  read: bytes('Read', 'Bytes that it takes at most with one.', '64KiB'),
  sendLowWater: bytes('Send low-water mark', 'Room in a send buffer at which its writer goes on.', '2KiB'),
  zeroCopy: flag('Zero copy', 'Data is not copied between application and kernel.'),
  acceptors: integer(
    { title: 'Acceptors', description: 'Threads that accept connections, on each listening socket.', examples: [4] },
    { min: 1, max: 1024 },
  ),
  reusePort: integer(
    { title: 'SO_REUSEPORT', description: 'Listening sockets that share a port.', examples: [4] },
    { min: 1, max: 64 },
  ),
};

/** The network interfaces of a host, one for each of its links. */
export const nicSchema = z
  .strictObject({
    rings: integer(
      {
        title: 'Rings',
        description: 'Receive rings with an interrupt each; more than one sorts frames by their Toeplitz hash.',
        examples: [4],
      },
      { min: 1, max: 64 },
    ),
    ringEntries: integer(
      { title: 'Ring entries', description: 'Descriptors of a ring, each way.', examples: [256] },
      { min: 64, max: 65_536 },
    ),
    interruptRate: number(
      {
        title: 'Interrupt rate',
        description: 'Interrupts a second and ring at most; 0 for no limit.',
        examples: [6000],
        unit: '1/s',
      },
      { min: 0, max: 1e7 },
    ),
    checksum: flag('Checksum offload', 'The NIC computes and checks checksums.'),
    tso: flag('TSO', 'The NIC cuts TCP bursts into segments.'),
    tsoLinks: z.array(id).meta({
      title: 'TSO links',
      description: 'Links whose interfaces cut; all when left out.',
      examples: [['uplink']],
    }),
    tsoMax: bytes('TSO largest', 'Most bytes of a burst, headers included.', '64KiB'),
    tsoSegmentsMin: integer(
      { title: 'TSO fewest', description: 'Fewest segments of a burst.', examples: [2] },
      { min: 2, max: 44 },
    ),
    tsoIds: choice(
      'TSO IP ids',
      'Identification of the segments of a burst: counted on, or all the same.',
      ['increment', 'fixed'],
      'increment',
    ),
    sendReportEvery: integer(
      { title: 'Send reports', description: 'Descriptors between two reports that sending is done.', examples: [16] },
      { min: 1, max: 4096 },
    ),
    doorbellEvery: integer(
      { title: 'Doorbells', description: 'Packets between two doorbells while more are to be sent.', examples: [8] },
      { min: 1, max: 4096 },
    ),
  })
  .partial()
  .meta({ title: 'NIC', description: 'Network interfaces of the host.', examples: [{ tso: true, rings: 4 }] });
