// Kernel programs in the scenario format: threads whose steps are written as data, and what they share. For the same in
// TypeScript see core/kernel (Calls). Each step is what one call of the kernel is.

import { z } from 'zod';
import { distribution, id, time } from './schema-common';
import { flag, integer, number, probability, quantity } from './schema-fields';
import type { ResolvedDistribution } from './resolved-flow';

/** One step of a thread, as read. */
export type ReadStep =
  | { do: 'work' | 'sleep'; for: ResolvedDistribution }
  | { do: 'yield' | 'block' | 'reply' }
  | { do: 'repeat'; times?: number | undefined; steps: ReadStep[] }
  | { do: 'perhaps'; probability: number; steps: ReadStep[] }
  | { do: 'critical' | 'giant'; steps: ReadStep[] }
  | { do: 'call' | 'forward'; to: string }
  | { do: 'send'; to: string; outstanding?: number | undefined }
  | { do: 'receive'; from?: string | undefined }
  | { do: 'take'; what: string; shared?: boolean | undefined }
  | { do: 'release'; what: string }
  | { do: 'read' | 'write'; line: string }
  | { do: 'wake'; thread: string }
  | { do: 'move'; cpu: number }
  | { do: 'count'; as: string };

const name = (title: string, description: string, example: string) =>
  id.meta({ title, description, examples: [example] });

const steps: z.ZodType<ReadStep[], unknown[]> = z.lazy(() => z.array(stepSchema));
const span = distribution(time);

export const stepSchema = z.discriminatedUnion(
  'do',
  [
    z.strictObject({ do: z.literal('work'), for: span }),
    z.strictObject({ do: z.literal('sleep'), for: span }),
    z.strictObject({ do: z.literal('yield') }),
    z.strictObject({ do: z.literal('block') }),
    z.strictObject({ do: z.literal('wake'), thread: name('Thread', 'Is scheduled, wherever it is.', 'consumer') }),
    z.strictObject({
      do: z.literal('repeat'),
      times: integer(
        { title: 'Times', description: 'For ever when left out.', examples: [1000] },
        { min: 0, max: 1e12 },
      ).optional(),
      steps,
    }),
    z.strictObject({
      do: z.literal('perhaps'),
      probability: probability('Probability', 'Of doing the steps.', 0.2),
      steps,
    }),
    z.strictObject({ do: z.literal('critical'), steps }),
    z.strictObject({ do: z.literal('giant'), steps }),
    z.strictObject({ do: z.literal('call'), to: name('To', 'Thread or port; waits for the reply.', 'consumer') }),
    z.strictObject({
      do: z.literal('send'),
      to: name('To', 'Thread or port; does not wait.', 'consumer'),
      outstanding: integer(
        { title: 'Outstanding', description: 'Messages under way before it waits for the oldest.', examples: [16] },
        { min: 1, max: 65_536 },
      ).optional(),
    }),
    z.strictObject({
      do: z.literal('receive'),
      from: name('From', "A port of the program; the thread's own when left out.", 'inbox').optional(),
    }),
    z.strictObject({ do: z.literal('reply') }),
    z.strictObject({ do: z.literal('forward'), to: name('To', 'Thread or port.', 'consumer') }),
    z.strictObject({
      do: z.literal('take'),
      what: name('What', 'Token or lock.', 'table'),
      shared: flag('Shared', 'With others who share it; tokens only.').optional(),
    }),
    z.strictObject({ do: z.literal('release'), what: name('What', 'Token or lock.', 'table') }),
    z.strictObject({ do: z.literal('read'), line: name('Line', 'Cache line that is loaded.', 'counter') }),
    z.strictObject({ do: z.literal('write'), line: name('Line', 'Cache line that is stored to.', 'counter') }),
    z.strictObject({
      do: z.literal('move'),
      cpu: integer({ title: 'CPU', description: 'Where it goes.', examples: [1] }, { min: 0, max: 63 }),
    }),
    z.strictObject({ do: z.literal('count'), as: name('As', 'Counter of the program that grows by one.', 'served') }),
  ],
  {
    error:
      'a step\'s "do" is work, sleep, yield, block, wake, repeat, perhaps, critical, giant, call, send, receive, reply, forward, take, release, read, write, move or count',
  },
);

const named = z.array(id).meta({ title: 'Names', description: 'Names.', examples: [['table']] });
const cpu = integer({ title: 'CPU', description: 'Where it lives.', examples: [0] }, { min: 0, max: 63 });
const priority = integer(
  { title: 'Priority', description: '0 to 31, 31 first; daemons have 12.', examples: [12] },
  { min: 0, max: 31 },
);

const threadSchema = z.strictObject({
  id,
  cpu: z
    .union([cpu, z.literal('each')])
    .meta({ title: 'CPU', description: 'Where it lives, or "each" for one on every CPU.', examples: [0, 'each'] })
    .optional(),
  count: integer(
    { title: 'Count', description: 'So many of it on that CPU, told apart by a number.', examples: [4] },
    { min: 1, max: 10_000 },
  ).optional(),
  priority: priority.optional(),
  preempts: flag('Preempts', 'May preempt as interrupt threads do.').optional(),
  giant: flag('Giant', 'Needs the big lock from its start.').optional(),
  addressSpace: id
    .meta({ title: 'Address space', description: 'Of a process; kernel threads have none.', examples: ['shell'] })
    .optional(),
  steps,
});

export const kernelProgramFields = {
  id,
  kind: z.literal('kernel-program'),
  host: id.meta({ title: 'Host', description: 'Whose machine it runs on.', examples: ['m'] }),
  start: quantity('duration', { title: 'Start', description: 'When its threads start.', examples: ['1ms'] }).optional(),
  tokens: named.meta({ title: 'Tokens', description: 'Tokens that threads take.', examples: [['table']] }).optional(),
  locks: z
    .array(z.strictObject({ id, kind: z.enum(['mutex', 'spinlock', 'serializer']) }))
    .meta({ title: 'Locks', description: 'Locks to compare tokens with.', examples: [[{ id: 'm', kind: 'mutex' }]] })
    .optional(),
  ports: named
    .meta({ title: 'Ports', description: 'Ports that many may take from.', examples: [['inbox']] })
    .optional(),
  lines: named
    .meta({ title: 'Lines', description: 'Cache lines that threads share.', examples: [['counter']] })
    .optional(),
  interrupts: z
    .array(
      z.strictObject({
        id,
        cpu: cpu.optional(),
        priority: priority.optional(),
        process: z.enum(['poisson', 'periodic']).optional(),
        rate: number(
          { title: 'Rate', description: 'Interrupts per second.', examples: [6000], unit: '1/s' },
          { min: 1e-3, max: 1e8 },
        ),
        work: span,
        wakes: id
          .meta({ title: 'Wakes', description: 'A thread that each run schedules.', examples: ['reader'] })
          .optional(),
        livelockLimit: integer(
          { title: 'Livelock limit', description: 'Runs a second above which a timer paces it.', examples: [40_000] },
          { min: 100, max: 500_000 },
        ).optional(),
      }),
    )
    .meta({ title: 'Interrupts', description: 'Devices that interrupt.', examples: [[]] })
    .optional(),
  threads: z
    .array(threadSchema)
    .min(1, { error: 'a program needs threads, such as {"id": "t", "steps": [{"do": "work", "for": "1us"}]}' }),
};
