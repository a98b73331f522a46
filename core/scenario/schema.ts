// The scenario format (product.md §3.3): one schema for TypeScript types, validation, JSON Schema and form fields.
// Reading a document with it turns quantities into numbers in base units. Only what works is in it.

import { z } from 'zod';
import { kernelProgramFields } from './kernel-program-schema';
import { kernelSchema, machineSchema } from './machine-schema';
import { parsePackets, parseQuantity } from './quantity';
import { distribution, id, time } from './schema-common';
import { flag, integer, number, probability, quantity } from './schema-fields';
import { nicSchema } from './stack-schema';
import { tcpSchema } from './tcp-schema';

const position = z
  .strictObject({ x: z.number(), y: z.number() })
  .meta({ title: 'Position', description: 'Place in the drawing.', examples: [{ x: 40, y: 80 }] });

const address = z.ipv4({ error: 'an address is four numbers from 0 to 255, such as "10.0.0.1"' }).meta({
  title: 'Address',
  description: 'IPv4 address in captures; chosen for you when left out.',
  examples: ['10.0.0.1'],
});

const label = z
  .string()
  .max(200)
  .meta({ title: 'Label', description: 'Shown instead of the id.', examples: ['Web server'] });

const hostSchema = z.strictObject({
  id,
  kind: z.literal('host'),
  label: label.optional(),
  tcp: tcpSchema.optional(),
  machine: machineSchema.optional(),
  kernel: kernelSchema.optional(),
  nic: nicSchema.optional(),
  address: address.optional(),
  position: position.optional(),
});

const routerSchema = z.strictObject({
  id,
  kind: z.literal('router'),
  label: label.optional(),
  position: position.optional(),
});

export const nodeSchema = z.discriminatedUnion('kind', [hostSchema, routerSchema], {
  error: 'a node\'s kind is "host" or "router"',
});

/** `"50p"`, `50` (packets) or `"64KiB"`. */
const queueLimit = z
  .union([z.string(), z.number()])
  .transform((input, context): { packets: number; bytes: number } => {
    const packets = typeof input === 'number' ? input : parsePackets(input);
    if (packets !== undefined && Number.isInteger(packets) && packets >= 0 && packets <= 1e9) {
      return { packets, bytes: Infinity };
    }
    const bytes = typeof input === 'string' ? parseQuantity('bytes', input) : { ok: false as const };
    if (bytes.ok) return { packets: Infinity, bytes: bytes.value };
    context.addIssue({
      code: 'custom',
      message: `${JSON.stringify(input)} is not a queue limit; write packets such as "50p" or bytes such as "64KiB"`,
      input,
    });
    return z.NEVER;
  })
  .meta({
    title: 'Limit',
    description: 'Packets or bytes that may wait; the one being sent does not count.',
    examples: ['50p', '64KiB'],
  });

const packetCount = (title: string, description: string, example: number) =>
  number({ title, description, examples: [example], unit: 'packets' }, { min: 0, max: 1e9 });

export const queueSchema = z.discriminatedUnion(
  'discipline',
  [
    z.strictObject({ discipline: z.literal('droptail'), limit: queueLimit.optional() }),
    z.strictObject({
      discipline: z.literal('red'),
      limit: queueLimit.optional(),
      minThreshold: packetCount('Lower threshold', 'Average queue at which RED starts to drop.', 5).optional(),
      maxThreshold: packetCount(
        'Upper threshold',
        'Average queue at which the drop probability is maxProbability.',
        15,
      ).optional(),
      maxProbability: probability('Largest probability', 'Drop probability at the upper threshold.', 0.1).optional(),
      weight: number(
        { title: 'Weight', description: 'Weight of a new sample in the average.', examples: [0.002] },
        { min: 1e-9, max: 1 },
      ).optional(),
      gentle: flag('Gentle', 'Rise to 1 between one and two upper thresholds (Floyd 2000).').optional(),
      ecn: flag('ECN', 'Mark ECN-capable packets instead of dropping them (RFC 3168).').optional(),
    }),
    z.strictObject({
      discipline: z.literal('codel'),
      limit: queueLimit.optional(),
      target: quantity(
        'duration',
        { title: 'Target', description: 'Acceptable standing delay (RFC 8289).', examples: ['5ms'] },
        { min: 1 },
      ).optional(),
      interval: quantity(
        'duration',
        { title: 'Interval', description: 'About a worst-case RTT (RFC 8289).', examples: ['100ms'] },
        { min: 1 },
      ).optional(),
      ecn: flag('ECN', 'Mark ECN-capable packets instead of dropping them (RFC 8289 §5.4).').optional(),
    }),
  ],
  { error: 'a queue\'s discipline is "droptail", "red" or "codel"' },
);

export const lossSchema = z.discriminatedUnion(
  'model',
  [
    z.strictObject({
      model: z.literal('bernoulli'),
      probability: probability('Probability', 'Each packet is lost with it.'),
    }),
    z.strictObject({
      model: z.literal('gilbert-elliott'),
      enterBad: probability('Good to bad', 'Per packet.', 0.01),
      leaveBad: probability('Bad to good', 'Per packet; its inverse is the mean burst.', 0.5),
      lossInGood: probability('Loss when good', 'Usually 0.', 0).optional(),
      lossInBad: probability('Loss when bad', 'Usually 1.', 1).optional(),
    }),
    z.strictObject({
      model: z.literal('list'),
      drops: z.array(
        z.strictObject({
          flow: id,
          packets: z
            .array(z.number().int().min(1))
            .meta({
              title: 'Packets',
              description: 'Data packets of the flow, counted from 1 as they first reach the link.',
              examples: [[14, 26, 28]],
            })
            .optional(),
          retransmissions: z
            .array(z.number().int().min(1))
            .meta({
              title: 'Retransmissions',
              description: 'Retransmissions of the flow, counted from 1.',
              examples: [[1]],
            })
            .optional(),
        }),
      ),
    }),
  ],
  { error: 'a loss model is "bernoulli", "gilbert-elliott" or "list"' },
);

const rate = quantity(
  'rate',
  { title: 'Rate', description: 'Bits per second on the wire.', examples: ['10Mbps'] },
  { min: 1 },
);
const delay = quantity('duration', { title: 'Delay', description: 'Propagation, one way.', examples: ['25ms'] });

const mtu = quantity(
  'bytes',
  { title: 'MTU', description: 'Largest IP packet, header included; no limit when left out.', examples: ['1500B'] },
  { min: 68, max: 65_535 },
);

const direction = {
  rate: rate.optional(),
  delay: delay.optional(),
  mtu: mtu.optional(),
  queue: queueSchema.optional(),
  loss: lossSchema.optional(),
  reorder: z
    .strictObject({
      probability: probability('Probability', 'Share of packets that are overtaken.'),
      delay: quantity(
        'duration',
        { title: 'Extra delay', description: 'How much later they arrive.', examples: ['10ms'] },
        { min: 1 },
      ),
    })
    .optional(),
  duplicate: z
    .strictObject({ probability: probability('Probability', 'Share of packets that arrive twice.') })
    .optional(),
};

export const linkSchema = z.strictObject({
  id,
  from: id,
  to: id,
  ...direction,
  rate,
  up: flag('Up', 'Carries packets from the start.').optional(),
  reverse: z.strictObject(direction).optional(),
});

const size = quantity('bytes', { title: 'Size', description: 'Application bytes.', examples: ['10kB'] }, { min: 1 });
const common = {
  id,
  from: id,
  to: id,
  start: quantity('duration', { title: 'Start', description: 'When the flow begins.', examples: ['100ms'] }).optional(),
  stop: quantity('duration', { title: 'Stop', description: 'No new data after this.', examples: ['20s'] }).optional(),
  port: integer(
    { title: 'Port', description: 'Port of the listening side; chosen for you when left out.', examples: [80] },
    { min: 1, max: 65_535 },
  ).optional(),
};

const urgent = z
  .array(
    quantity(
      'bytes',
      { title: 'Place', description: 'Bytes of the stream before an urgent octet.', examples: ['64KiB'] },
      { min: 0 },
    ),
  )
  .meta({
    title: 'Urgent at',
    description: 'Bytes of the stream before each urgent octet, rising; it is sent with MSG_OOB (RFC 6093).',
    examples: [['64KiB', '128KiB']],
  })
  .optional();

const datagrams = {
  ...common,
  rate,
  size: size.optional(),
  receiver: flag(
    'Receiver',
    'Somebody receives at the port; without, each datagram is answered by an ICMP error.',
  ).optional(),
};

const record = z.strictObject({
  at: quantity('duration', { title: 'At', description: 'Since the start of the flow.', examples: ['12ms'] }),
  bytes: integer({ title: 'Bytes', description: 'What the application wrote.', examples: [1448] }, { min: 1 }),
  from: id.optional(),
  urgent: flag('Urgent', 'Its last octet is urgent; it is sent with MSG_OOB (RFC 6093).').optional(),
});

export const trafficSchema = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ ...common, kind: z.literal('bulk'), urgent }),
    z.strictObject({
      ...common,
      kind: z.literal('transfer'),
      size,
      exchange: quantity(
        'bytes',
        { title: 'Exchange', description: 'Both ends send so much, in turns of this.', examples: ['64KiB'] },
        { min: 1 },
      ).optional(),
      urgent,
    }),
    z.strictObject({
      ...common,
      kind: z.literal('web'),
      arrivals: z.strictObject({
        process: z.enum(['poisson', 'periodic']),
        rate: number(
          { title: 'Rate', description: 'Requests per second.', examples: [20], unit: '1/s' },
          { min: 1e-6, max: 1e6 },
        ),
      }),
      size: distribution(size),
      request: size.optional(),
    }),
    z.strictObject({
      ...common,
      kind: z.literal('request-response'),
      count: integer(
        { title: 'Count', description: 'Transactions; as many as fit when left out.', examples: [100] },
        { min: 1 },
      ).optional(),
      request: distribution(size).optional(),
      response: distribution(size),
      think: distribution(time).optional(),
    }),
    z.strictObject({
      ...common,
      kind: z.literal('onoff'),
      on: distribution(time),
      off: distribution(time),
      rate: rate.optional(),
    }),
    z.strictObject({ ...datagrams, kind: z.literal('udp-cbr') }),
    z.strictObject({ ...datagrams, kind: z.literal('udp-poisson') }),
    z.strictObject({
      ...common,
      kind: z.literal('syn-flood'),
      port: integer(
        { title: 'Port', description: 'Port of the victim, that of another flow.', examples: [80] },
        { min: 1, max: 65_535 },
      ),
      syns: number(
        { title: 'SYNs', description: 'SYNs per second, from invented addresses.', examples: [10_000], unit: '1/s' },
        { min: 1e-3, max: 1e7 },
      ),
      oneHash: flag('One hash', 'Addresses and ports are chosen so that all SYNs have one Toeplitz hash.').optional(),
    }),
    z.strictObject({
      ...common,
      kind: z.literal('replay'),
      protocol: z.enum(['tcp', 'udp']).optional(),
      records: z.array(record).optional(),
      csv: z
        .string()
        .meta({
          title: 'CSV',
          description:
            'Rows of time_s,bytes[,from,to[,urgent]], with or without a heading; the last says "urgent" or nothing.',
          examples: ['0,512\n0.25,1024'],
        })
        .optional(),
      file: z
        .string()
        .meta({
          title: 'CSV file',
          description: 'Read when the scenario is opened; relative to it.',
          examples: ['workload.csv'],
        })
        .optional(),
    }),
    z.strictObject(kernelProgramFields),
  ],
  {
    error:
      'a traffic kind is "bulk", "transfer", "web", "request-response", "onoff", "udp-cbr", "udp-poisson", "syn-flood", "replay" or "kernel-program"',
  },
);

const changeSchema = z.strictObject({
  at: quantity('duration', { title: 'At', description: 'When it happens.', examples: ['10s'] }),
  set: z.string().meta({
    title: 'Set',
    description: 'Pointer to what changes; links may be named by id.',
    examples: ['/links/bottleneck/rate'],
  }),
  to: z.unknown().meta({ title: 'To', description: 'The new value.', examples: ['5Mbps'] }),
});

export const scenarioSchema = z.strictObject({
  format: z.literal('odonata-scenario', { error: 'write "format": "odonata-scenario"' }),
  version: z.literal(1, { error: 'write "version": 1, the only version there is' }),
  name: z
    .string()
    .min(1)
    .max(200)
    .meta({ title: 'Name', description: 'Title of the scenario.', examples: ['Dumbbell, four senders'] }),
  description: z
    .string()
    .max(10_000)
    .meta({ title: 'Description', description: 'What it shows.', examples: ['Four flows share a link.'] })
    .optional(),
  seed: integer(
    { title: 'Seed', description: 'All randomness derives from it.', examples: [7] },
    { min: 0 },
  ).optional(),
  duration: quantity(
    'duration',
    { title: 'Duration', description: 'Virtual time that the run covers.', examples: ['30s'] },
    { min: 1 },
  ),
  defaults: z
    .strictObject({
      tcp: tcpSchema.optional(),
      machine: machineSchema.optional(),
      kernel: kernelSchema.optional(),
      nic: nicSchema.optional(),
    })
    .optional(),
  nodes: z.array(nodeSchema).min(1, { error: 'a scenario needs nodes, such as {"id": "a", "kind": "host"}' }),
  links: z.array(linkSchema),
  traffic: z.array(trafficSchema),
  probes: z
    .array(z.string().min(1))
    .meta({ title: 'Probes', description: 'What is recorded; parts may be "*".', examples: [['flow/*/cwnd']] })
    .optional(),
  changes: z.array(changeSchema).optional(),
  recording: z
    .strictObject({
      interval: quantity('duration', {
        title: 'Interval',
        description: 'Least time between recorded samples; "0ns" keeps every change.',
        examples: ['10ms'],
      }).optional(),
      samples: integer(
        { title: 'Samples', description: 'Most samples per series; memory is bounded by it.', examples: [20_000] },
        { min: 16, max: 50_000_000 },
      ).optional(),
    })
    .optional(),
});

/** A scenario as it is written. */
export type Scenario = z.input<typeof scenarioSchema>;
/** A scenario as read: quantities are numbers in base units. */
export type ReadScenario = z.output<typeof scenarioSchema>;

/** The JSON Schema of the scenario format. */
export function scenarioJsonSchema(): object {
  return {
    title: 'Odonata scenario',
    ...z.toJSONSchema(scenarioSchema, { io: 'input', unrepresentable: 'any' }),
  };
}
