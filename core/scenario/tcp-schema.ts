// The TCP part of the scenario format: the switches of core/tcp's TcpOptions, as people write them.

import { z } from 'zod';
import { flag, integer, quantity } from './schema-fields';

/** TCP switches of a host; all optional, `defaults.tcp` and then the program's defaults fill the rest. */
export const tcpSchema = z
  .strictObject({
    dialect: z.enum(['rfc9293', 'bsd', 'linux']).meta({
      title: 'Dialect',
      description: 'Habits where the RFCs leave room: windows, delayed ACKs, FINs, probes, resets.',
      examples: ['rfc9293', 'bsd'],
    }),
    congestionControl: z
      .enum(['tahoe', 'reno', 'newreno', 'cubic'], {
        error: 'write "tahoe", "reno", "newreno" or "cubic" (with "sack": true RFC 6675 recovers)',
      })
      .meta({
        title: 'Congestion control',
        description: 'How the window grows, and how losses are recovered when SACK is not in use.',
        examples: ['newreno'],
      }),
    initialWindow: z
      .union([z.enum(['rfc2581', 'rfc2414', 'rfc3390', 'iw10']), z.number().int().min(1).max(1000)])
      .meta({ title: 'Initial window', description: 'A rule, or so many segments.', examples: ['rfc3390', 'iw10', 4] }),
    sack: flag('SACK', 'Offer and use selective acknowledgements (RFC 2018, 6675).'),
    limitedTransmit: flag('Limited Transmit', 'New data on the first two duplicate ACKs (RFC 3042).'),
    earlyRetransmit: z.union([z.boolean(), z.enum(['bytes', 'segments'])]).meta({
      title: 'Early Retransmit',
      description: 'Fewer duplicate ACKs suffice when little is outstanding, by bytes (true) or segments (RFC 5827).',
      examples: [true, 'segments'],
    }),
    earlyRetransmitDelay: flag('Early Retransmit delay', 'Wait RTT/4 first, for segments that were only reordered.'),
    eifel: flag('Eifel', 'Tell spurious retransmissions by timestamps (RFC 3522).'),
    eifelResponse: flag('Eifel response', 'Take spurious timeouts and fast retransmits back (RFC 4015).'),
    frto: flag('F-RTO', 'Tell spurious timeouts by sending new data first (RFC 5682).'),
    newrenoExit: z.enum(['flight', 'ssthresh']).meta({
      title: 'NewReno exit',
      description:
        'Window after a recovery: flight and one segment, or ssthresh (RFC 6582 §3.2 step 3, options 1 and 2).',
      examples: ['flight'],
    }),
    newrenoHeuristic: z.enum(['none', 'ack', 'timestamp', 'rfc2582']).meta({
      title: 'NewReno heuristic',
      description: 'When duplicates below the recovery point count all the same (RFC 6582 §4; RFC 2582: always).',
      examples: ['none'],
    }),
    ecn: z.union([z.boolean(), z.literal('accept')]).meta({
      title: 'ECN',
      description: 'Explicit congestion notification (RFC 3168): offer it, only accept it, or neither.',
      examples: [true, 'accept'],
    }),
    newrenoTimer: z.enum(['impatient', 'slow-but-steady']).meta({
      title: 'NewReno timer',
      description: 'Restart the RTO on the first partial ACK only, or on each (RFC 6582 §4).',
      examples: ['impatient'],
    }),
    slowStartLimit: integer(
      {
        title: 'Slow-start limit',
        description: 'Growth per ACK in slow start, segments (L of RFC 3465).',
        examples: [1, 2],
      },
      { min: 1, max: 16 },
    ),
    byteCounting: flag('Byte counting', 'Count acknowledged bytes, not ACKs, to grow the window (RFC 3465).'),
    idleRestart: flag('Restart after idle', 'Start from the initial window after an idle RTO (RFC 5681 §4.1).'),
    timestamps: flag('Timestamps', 'Offer and use timestamps and PAWS (RFC 7323).'),
    tolerateMissingTimestamps: flag('Missing timestamps', 'Take segments without agreed timestamps (RFC 1323).'),
    timestampTick: quantity(
      'duration',
      { title: 'Timestamp tick', description: 'Granularity of the timestamp clock.', examples: ['1ms'] },
      { min: 1 },
    ),
    windowScaling: flag('Window scaling', 'Offer and use window scaling (RFC 7323).'),
    delayedAck: flag('Delayed ACK', 'Acknowledge every second full segment, or after the timeout.'),
    delayedAckTimeout: quantity(
      'duration',
      { title: 'Delayed-ACK timeout', description: 'At most 500 ms (RFC 5681 §4.2).', examples: ['100ms'] },
      { min: 1, max: 500e6 },
    ),
    quickAcks: integer(
      { title: 'Quick ACKs', description: 'Segments acknowledged at once at the start (Linux: 16).', examples: [0] },
      { min: 0, max: 1000 },
    ),
    nagle: flag('Nagle', 'Hold small segments while data is unacknowledged.'),
    mss: integer(
      {
        title: 'MSS',
        description: 'Largest segment this host receives, bytes without options.',
        examples: [1460],
        unit: 'bytes',
      },
      { min: 64, max: 65_495 },
    ),
    sendBuffer: quantity(
      'bytes',
      { title: 'Send buffer', description: 'What an application can write ahead.', examples: ['256KiB'] },
      { min: 1, max: 2 ** 30 },
    ),
    receiveBuffer: quantity(
      'bytes',
      { title: 'Receive buffer', description: 'Largest window this host advertises.', examples: ['256KiB'] },
      { min: 1, max: 2 ** 30 },
    ),
    receiveBufferMax: quantity(
      'bytes',
      { title: 'Largest receive buffer', description: 'The window scale is chosen for it.', examples: ['2MiB'] },
      { min: 0, max: 2 ** 32 },
    ),
    rtoMin: quantity(
      'duration',
      { title: 'Smallest RTO', description: 'RFC 6298 says 1 s; many systems use 200 ms.', examples: ['1s', '200ms'] },
      { min: 1 },
    ),
    rtoInitial: quantity(
      'duration',
      { title: 'First RTO', description: 'Before the first sample (RFC 6298: 1 s).', examples: ['1s'] },
      { min: 1 },
    ),
    rtoMax: quantity(
      'duration',
      { title: 'Largest RTO', description: 'At least 60 s (RFC 6298 §2.5).', examples: ['60s'] },
      { min: 1 },
    ),
    rtoSlop: quantity(
      'duration',
      { title: 'RTO slop', description: 'Added to each timeout but the first (BSD: 200 ms).', examples: ['0s'] },
      { min: 0 },
    ),
    rttvarFloor: quantity(
      'duration',
      { title: 'RTTVAR floor', description: '4·RTTVAR counts at least this much (Linux: 200 ms).', examples: ['0s'] },
      { min: 0 },
    ),
    ecnSynRetries: integer(
      { title: 'ECN SYN retries', description: 'SYN retransmissions that still offer ECN.', examples: [0] },
      { min: 0, max: 20 },
    ),
    resetCheck: z.enum(['rfc5961', 'in-window']).meta({
      title: 'Reset check',
      description: 'Believe a reset at RCV.NXT only (RFC 5961), or anywhere in the window (RFC 793).',
      examples: ['rfc5961'],
    }),
    synCheck: z.enum(['rfc5961', 'in-window']).meta({
      title: 'SYN check',
      description: 'Challenge a SYN on a connection (RFC 5961), or reset on one in the window (RFC 793).',
      examples: ['rfc5961'],
    }),
    retransmitLimit: integer(
      { title: 'Retransmit limit', description: 'Timeouts in a row before giving up.', examples: [12] },
      { min: 1, max: 100 },
    ),
    synRetransmitLimit: integer(
      { title: 'SYN limit', description: 'SYN retransmissions before giving up.', examples: [5] },
      { min: 0, max: 100 },
    ),
    connectTimeout: quantity(
      'duration',
      { title: 'Connect timeout', description: 'An opening connection gives up then; 0 for never.', examples: ['75s'] },
      { min: 0 },
    ),
    msl: quantity(
      'duration',
      { title: 'MSL', description: 'Maximum segment lifetime; TIME-WAIT lasts twice as long.', examples: ['30s'] },
      { min: 1 },
    ),
    finWait2Timeout: quantity(
      'duration',
      { title: 'FIN-WAIT-2 timeout', description: 'How long a closed socket waits for the peer.', examples: ['60s'] },
      { min: 1 },
    ),
    ephemeralPorts: z.enum(['sequential', 'random', 'even']).meta({
      title: 'Ephemeral ports',
      description: 'Ports that a client draws: one after the other, at random (RFC 6056), or every second one.',
      examples: ['random'],
    }),
    synQueue: z.enum(['backlog', 'cache']).meta({
      title: 'Half-open connections',
      description: "In the listener's backlog as full sockets, or in the SYN cache.",
      examples: ['backlog', 'cache'],
    }),
    backlog: integer(
      { title: 'Backlog', description: 'Half-open connections of a listener; 0 for no limit.', examples: [128] },
      { min: 0, max: 1_000_000 },
    ),
    synCookies: flag('SYN cookies', 'Sequence numbers of the SYN cache are cookies.'),
    synCacheBuckets: integer(
      { title: 'SYN cache buckets', description: 'Hash buckets of the SYN cache.', examples: [512] },
      { min: 1, max: 65_536 },
    ),
    synCacheBucketLimit: integer(
      { title: 'SYN cache bucket limit', description: 'Entries of one bucket; the oldest goes.', examples: [30] },
      { min: 1, max: 10_000 },
    ),
    synCacheLimit: integer(
      { title: 'SYN cache limit', description: 'Entries in all.', examples: [15_360] },
      { min: 1, max: 10_000_000 },
    ),
    synCacheRetransmits: integer(
      { title: 'SYN cache retransmits', description: 'SYN/ACK retransmissions of an entry, at most 4.', examples: [3] },
      { min: 0, max: 4 },
    ),
    keepAlive: flag('Keep-alive', 'Probe a silent peer (RFC 9293 §3.8.4).'),
    keepAliveIdle: quantity(
      'duration',
      { title: 'Keep-alive idle', description: 'Silence before the first probe.', examples: ['2h'] },
      { min: 1 },
    ),
    keepAliveInterval: quantity(
      'duration',
      { title: 'Keep-alive interval', description: 'Time between probes.', examples: ['75s'] },
      { min: 1 },
    ),
    keepAliveProbes: integer(
      { title: 'Keep-alive probes', description: 'Unanswered probes that end the connection.', examples: [8] },
      { min: 1, max: 100 },
    ),
    userTimeout: quantity(
      'duration',
      {
        title: 'User timeout',
        description: 'Data unacknowledged for so long ends the connection; 0 for never (RFC 5482).',
        examples: ['5min', 0],
      },
      { min: 0 },
    ),
  })
  .partial();
