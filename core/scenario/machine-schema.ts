// The machine and kernel of a host in the scenario format: the switches of core/machine and core/kernel, as people write
// them (kernel.md §1-§5, §11).

import { z } from 'zod';
import { PROFILES, type ProfileName } from '../machine';
import { flag, integer, number, quantity } from './schema-fields';

const profileName = z.enum(Object.keys(PROFILES) as [ProfileName, ...ProfileName[]]);
const PROFILE_HELP = `a cost profile is ${Object.keys(PROFILES)
  .map((name) => `"${name}"`)
  .join(', ')}, or {"base": "opteron-1800", …} with what differs`;

const ns = (title: string, description: string, example: number) =>
  number({ title, description, examples: [example], unit: 'ns' }, { min: 0, max: 1e9 }).optional();

const cache = (title: string) =>
  z
    .strictObject({
      bytes: integer({ title: 'Size', description: 'Bytes.', examples: [65_536] }, { min: 64, max: 2 ** 30 }),
      ways: integer({ title: 'Ways', description: 'Associativity.', examples: [8] }, { min: 1, max: 64 }),
    })
    .meta({ title, description: 'Size and associativity.', examples: [{ bytes: 65_536, ways: 2 }] })
    .optional();

/** A named set of costs, or a copy of one with changes. */
export const profileSchema = z
  .union(
    [
      profileName,
      z.strictObject({
        base: profileName,
        clockPeriodNs: ns('Clock period', 'One cycle.', 0.56),
        atomicLocalNs: ns('Atomic, local', 'Atomic operation on a line that this CPU owns.', 37.9),
        atomicRemoteNs: ns('Atomic, remote', 'Atomic operation on a line that another CPU owns.', 306),
        lockPairNs: ns('Lock pair', 'A lock taken and given back, its line being here.', 65.6),
        lineTransferNs: ns('Line transfer', 'Loading a line that another CPU of the socket has written.', 139.5),
        hopFactor: number(
          { title: 'Hop factor', description: 'Factor on a transfer for each hop between sockets.', examples: [1.2] },
          { min: 1, max: 100 },
        ).optional(),
        l1HitNs: ns('L1 hit', 'Access that the first level has.', 1.7),
        l2HitNs: ns('L2 hit', 'Access that the second level has.', 7),
        dramNs: ns('DRAM', 'Access to local memory.', 75),
        lineBytes: integer(
          { title: 'Line', description: 'Bytes of a cache line.', examples: [64] },
          { min: 8, max: 1024 },
        ).optional(),
        l1i: cache('L1 instructions'),
        l1d: cache('L1 data'),
        l2: cache('L2'),
        switchNs: ns('Switch', 'Between kernel threads, warm.', 250),
        addressSpaceNs: ns('Address space', 'What a switch costs more when it changes the address space.', 1500),
        criticalSectionNs: ns('Critical section', 'Entering and leaving one.', 2),
        sendNs: ns('Send', 'Queueing a message on a port of this CPU.', 60),
        wakeNs: ns('Wake', "Putting a thread on this CPU's run queue.", 80),
        ipiLatencyNs: ns('IPI latency', "From the sender's store to the handler's first instruction.", 1000),
        ipiHandlerNs: ns('IPI handler', 'Its entry and exit.', 400),
        interruptNs: ns('Interrupt', 'Entry, acknowledgement, exit and cache disturbance of a device interrupt.', 3000),
        syscallNs: ns('System call', 'Entry and exit.', 200),
        copyNsPerByte: ns('Copy', 'Copying a byte of memory.', 0.7),
        pauseNs: ns('Pause', 'One pause of a spinning CPU.', 10),
      }),
    ],
    { error: PROFILE_HELP },
  )
  .meta({
    title: 'Cost profile',
    description: 'What the machine costs: a name, or {"base": name} with what differs (kernel.md §11).',
    examples: ['opteron-1800', { base: 'modern-server', ipiLatencyNs: 2000 }],
  });

export const machineSchema = z
  .strictObject({
    cpus: integer({ title: 'CPUs', description: 'Of all sockets together.', examples: [4] }, { min: 1, max: 64 }),
    sockets: integer(
      {
        title: 'Sockets',
        description: 'CPUs with neighbouring numbers share one; divides their number.',
        examples: [2],
      },
      { min: 1, max: 64 },
    ),
    profile: profileSchema,
  })
  .partial()
  .meta({ title: 'Machine', description: 'CPUs and what they cost.', examples: [{ cpus: 4, sockets: 2 }] });

/** Kernel switches of a host; all optional, `defaults.kernel` and then the program's defaults fill the rest. */
export const kernelSchema = z
  .strictObject({
    model: z.literal('ideal', { error: 'only "ideal" works in this version' }).meta({
      title: 'Stack model',
      description: 'How the network stack uses the CPUs; "ideal" takes none. Kernel programs run in any case.',
      examples: ['ideal'],
    }),
    rotation: z.enum(['switch', 'tick']).meta({
      title: 'Rotation',
      description: 'Equal priorities take turns at each switch (2003) or at the clock tick (2008).',
      examples: ['switch'],
    }),
    preemption: z.enum(['none', 'interrupt', 'full']).meta({
      title: 'Preemption',
      description: 'Who preempts: nobody, interrupt threads only (the design), or whoever has the higher priority.',
      examples: ['interrupt'],
    }),
    ipiRing: integer(
      { title: 'IPI ring', description: 'Entries between two CPUs.', examples: [256] },
      { min: 1, max: 65_536 },
    ),
    drainsWhileSpinning: flag(
      'Drains while spinning',
      'Who waits for room in a ring works on its own rings meanwhile.',
    ),
    ipiInterlock: flag('IPI interlock', 'No interrupt for a CPU that is about to look anyway.'),
    tick: quantity(
      'duration',
      { title: 'Clock tick', description: 'Its period.', examples: ['10ms'] },
      { min: 1000, max: 1e10 },
    ),
    tokens: z.enum(['g1', 'g2', 'g3']).meta({
      title: 'Tokens',
      description: 'Owned by CPUs and asked for by IPI (g1 2003, g2 2004), or an atomic word (g3, from 2009).',
      examples: ['g3'],
    }),
    tokenBackoff: integer(
      { title: 'Token back-off', description: 'Most pauses between two looks at a token.', examples: [4096] },
      { min: 1, max: 1_000_000 },
    ),
  })
  .partial()
  .meta({ title: 'Kernel', description: 'How the kernel schedules and sends.', examples: [{ preemption: 'full' }] });
