// The machine and kernel of a host in the scenario format: the switches of core/machine and core/kernel, as people write
// them (kernel.md §1-§5, §11).

import { z } from 'zod';
import { BUSES, type BusName, PROFILES, type ProfileName } from '../machine';
import { flag, integer, number, quantity } from './schema-fields';
import { stackFields } from './stack-schema';

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
        copyColdNsPerByte: ns('Cold copy', 'Copying a byte that a device has just written.', 1.5),
        pauseNs: ns('Pause', 'One pause of a spinning CPU.', 10),
        socketSendNs: ns('Socket send', 'Socket layer of one send.', 500),
        tcpOutputNs: ns('TCP output', 'For one packet given to IP.', 1000),
        udpOutputNs: ns('UDP output', 'For one datagram.', 500),
        ipOutputNs: ns('IP output', 'With its route lookup.', 500),
        driverSendNs: ns('Driver send', 'For one packet, without descriptors.', 500),
        driverReceiveNs: ns('Driver receive', 'For one frame.', 600),
        ipInputNs: ns('IP input', 'With length checks and the hash.', 600),
        tcpInputNs: ns('TCP input', 'For one segment, with its lookup.', 1300),
        udpInputNs: ns('UDP input', 'For one datagram.', 500),
        socketReceiveNs: ns('Socket receive', 'Appending to a socket buffer, or taking from it.', 500),
        checksumNsPerByte: ns('Checksum', 'In software, for a byte.', 0.4),
        descriptorNs: ns('Descriptor', "Writing one of a NIC's ring.", 30),
        doorbellNs: ns('Doorbell', "Posted write to a NIC's register.", 250),
        mmioReadNs: ns('Register read', "Read of a NIC's register.", 1000),
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
    bus: z.enum(Object.keys(BUSES) as [BusName, ...BusName[]]).meta({
      title: 'I/O bus',
      description: 'What the network interfaces share on their way to memory.',
      examples: ['pci-x-133'],
    }),
  })
  .partial()
  .meta({ title: 'Machine', description: 'CPUs and what they cost.', examples: [{ cpus: 4, sockets: 2 }] });

/** Kernel switches of a host; all optional, `defaults.kernel` and then the program's defaults fill the rest. */
export const kernelSchema = z
  .strictObject({
    model: z.enum(['ideal', 'giant', 'mutex', 'grouplock', 'pmp']).meta({
      title: 'Stack model',
      description:
        'How the network stack uses the CPUs: it takes none (ideal), one lock for all (giant), fine-grained locks (mutex), a lock per group of connections (grouplock), or partitions and messages (pmp). Kernel programs run in any case.',
      examples: ['pmp'],
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
  .extend(stackFields)
  .partial()
  .meta({ title: 'Kernel', description: 'How the kernel schedules and sends.', examples: [{ preemption: 'full' }] });
