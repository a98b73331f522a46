// The plan format, version 1: a scenario, what varies, how often each point is run, what is measured.

import { z } from 'zod';
import { integer, number, quantity } from '../scenario';

const name = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,62}$/, {
    error: 'a name is 1 to 63 letters, digits, "_", "-" or ".", and begins with a letter; write "loss"',
  })
  .meta({ title: 'Name', description: 'Column in the results.', examples: ['loss'] });
const label = z
  .string()
  .min(1)
  .max(200)
  .meta({ title: 'Label', description: 'What charts call it.', examples: ['Loss'] });
const pointer = z
  .string()
  .regex(/^\/./, { error: 'a pointer begins with "/"; write "/links/bottleneck/rate"' })
  .meta({
    title: 'Pointer',
    description: 'The parameter of the scenario; nodes, links and traffic may be named by id.',
    examples: ['/links/bottleneck/rate'],
  });
const bound = z
  .union([z.string(), z.number()], { error: 'a number, or a quantity such as "10ms"' })
  .meta({ title: 'Level', description: 'A number, or a quantity with its unit.', examples: [0.01, '10ms'] });
const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** What is wrong with a level, and one that would be right. */
function levelFault(level: unknown): string {
  if (typeof level !== 'object' || level === null || Array.isArray(level))
    return 'a level is a value or {"label", "value"}; write 0.01 or {"label": "off", "value": false}';
  const given = { ...level } as Record<string, unknown>;
  if (['value', 'values', 'absent', 'unchanged'].some((key) => Object.hasOwn(given, key)))
    return 'a level has a "label" and one of "value", "values", "absent": true and "unchanged": true; write {"label": "off", "value": false}';
  const { label: name = wordOf(given) ?? 'on', ...value } = given;
  return `an object stands under "value"; write ${JSON.stringify({ label: name, value })}`;
}

/** Keys that say which kind of queue, loss, arrivals or size an object is. */
const KIND_KEYS = ['discipline', 'model', 'process', 'distribution', 'kind'] as const;

/** What an object calls itself: `red`, `bernoulli`. */
export function wordOf(object: Readonly<Record<string, unknown>>): string | undefined {
  return KIND_KEYS.map((key) => object[key]).find((word): word is string => typeof word === 'string');
}

const level = z
  .union(
    [
      scalar,
      z.strictObject({ label: label.optional(), value: z.unknown() }),
      z.strictObject({ label: label.optional(), values: z.array(z.unknown()).min(1) }),
      z.strictObject({ label: label.optional(), absent: z.literal(true) }),
      z.strictObject({ label: label.optional(), unchanged: z.literal(true) }),
    ],
    { error: ({ input }) => levelFault(input) },
  )
  .meta({
    title: 'Level',
    description:
      'A value, or {label, value} with any JSON, a whole queue or loss too; with several pointers {label, values}, one value each; {label, absent: true} takes the parameter away, {label, unchanged: true} leaves it as the scenario has it.',
    examples: [0.01, { label: 'off', value: false }, { label: 'RED', value: { discipline: 'red' } }],
  });

export const factorSchema = z.strictObject({
  name,
  label: label.optional(),
  pointer: pointer.optional(),
  pointers: z
    .array(pointer)
    .min(1)
    .meta({
      title: 'Pointers',
      description: 'Parameters that move together.',
      examples: [['/nodes/a/tcp/sack', '/nodes/b/tcp/sack']],
    })
    .optional(),
  unit: z
    .string()
    .max(20)
    .meta({ title: 'Unit', description: 'Base unit of the levels, for charts.', examples: ['ns'] })
    .optional(),
  levels: z
    .array(level)
    .min(1, { error: 'a factor needs levels; write for example [0.01, 0.02]' })
    .meta({ title: 'Levels', description: 'The values that it takes.', examples: [[0.01, 0.02]] })
    .optional(),
  range: z
    .strictObject({ from: bound, to: bound, step: bound.optional() })
    .meta({ title: 'Range', description: 'Equal steps.', examples: [{ from: 0, to: 0.05, step: 0.01 }] })
    .optional(),
  logRange: z
    .strictObject({
      from: bound,
      to: bound,
      count: integer(
        { title: 'Count', description: 'How many levels.', examples: [5] },
        { min: 2, max: 10_000 },
      ).optional(),
    })
    .meta({
      title: 'Logarithmic range',
      description: 'Equal factors.',
      examples: [{ from: '1Mbps', to: '1Gbps', count: 4 }],
    })
    .optional(),
});

export const designSchema = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('full') }),
    z.strictObject({
      kind: z.literal('fractional'),
      resolution: integer(
        {
          title: 'Resolution',
          description:
            '3: main effects are clear of each other; 4: of interactions too; 5: interactions of each other.',
          examples: [4],
        },
        { min: 3, max: 12 },
      ).optional(),
    }),
    z.strictObject({
      kind: z.literal('latin-hypercube'),
      samples: integer(
        { title: 'Samples', description: 'Points; each factor is cut into so many equal strata.', examples: [20] },
        { min: 2, max: 100_000 },
      ),
    }),
  ],
  { error: 'a design is {"kind": "full"}, "fractional" or "latin-hypercube"; write {"kind": "full"}' },
);

const confidence = number(
  { title: 'Confidence', description: 'Of intervals.', examples: [0.95] },
  { min: 0.5, max: 0.9999 },
);

/** How values of several flows, links or probes become one. */
export const AGGREGATES = ['mean', 'sum', 'min', 'max', 'p5', 'p25', 'p50', 'p75', 'p95', 'p99'] as const;
/** What is said of a probe over time, after the warm-up. */
export const STATISTICS = ['mean', 'min', 'max', 'last', 'p5', 'p25', 'p50', 'p75', 'p95', 'p99'] as const;

export const measureSchema = z.strictObject({
  name,
  label: label.optional(),
  unit: z
    .string()
    .max(20)
    .meta({ title: 'Unit', description: 'Base unit, such as bps, ns or count.', examples: ['bps'] })
    .optional(),
  summary: z
    .string()
    .regex(/^\/./, { error: 'a path into summary.json begins with "/"; write "/flows/f1/goodputBps"' })
    .meta({
      title: 'Path in the summary',
      description: 'Items may be named by id; "*" takes all of them.',
      examples: ['/flows/f1/goodputBps'],
    })
    .optional(),
  probe: z
    .string()
    .min(1)
    .meta({ title: 'Probe', description: 'Observed during the run.', examples: ['link/bottleneck/queue'] })
    .optional(),
  statistic: z
    .enum(STATISTICS, { error: `a statistic is one of ${STATISTICS.join(', ')}; write "mean"` })
    .meta({ title: 'Statistic', description: 'Over time, of the probe.', examples: ['mean'] })
    .optional(),
  over: z
    .enum(AGGREGATES, { error: `several values become one by ${AGGREGATES.join(', ')}; write "mean"` })
    .meta({ title: 'Over', description: 'Of all that the "*" matched.', examples: ['mean'] })
    .optional(),
});

const replications = (title: string, description: string, example: number) =>
  integer({ title, description, examples: [example] }, { min: 1, max: 100_000 });

const stopSchema = z.strictObject({
  measure: name,
  relativeHalfWidth: number(
    { title: 'Relative half-width', description: 'Of the interval, over the mean.', examples: [0.05] },
    { min: 1e-6, max: 10 },
  ),
  confidence: confidence.optional(),
  min: replications('At least', 'Replications before the rule may stop a point.', 3),
  max: replications('At most', 'Replications after which a point stops anyway.', 30),
});

const warmUpSchema = z.union(
  [
    z.strictObject({
      remove: quantity('duration', {
        title: 'Remove',
        description: 'Virtual time that statistics of probes leave out.',
        examples: ['5s'],
      }),
    }),
    z.strictObject({ method: z.literal('mser-5'), probe: z.string().min(1) }),
  ],
  { error: 'a warm-up is a time or a rule; write {"remove": "5s"} or {"method": "mser-5", "probe": "link/l1/queue"}' },
);

const share = z.number().min(0).max(1000);
const amount = z.union([share, z.strictObject({ below: share, above: share })], {
  error: 'how far off it may be: a number, or {"below": …, "above": …}',
});

const referenceSchema = z.strictObject({
  label: z
    .string()
    .min(1)
    .max(60)
    .meta({ title: 'Label', description: 'Whose it is, as short as in a legend.', examples: ['Fall and Floyd 1996'] }),
  source: z
    .string()
    .min(1)
    .max(2000)
    .meta({
      title: 'Source',
      description: 'Where it stands, and where its tolerance comes from.',
      examples: ['RFC 3042, section 1'],
    }),
  measure: name,
  of: z
    .enum(['value', 'difference'], { error: 'a reference is of the "value" or of the "difference" from the baseline' })
    .meta({
      title: 'Of',
      description: 'The mean of the measure, or what the level changes against the baseline of "compare".',
      examples: ['difference'],
    })
    .optional(),
  factor: name,
  where: z
    .record(z.string(), scalar)
    .meta({ title: 'Where', description: 'Levels of all other factors.', examples: [{ sack: 'off' }] })
    .optional(),
  samples: z
    .array(
      z.strictObject({
        at: scalar,
        value: bound.optional(),
        from: bound.optional(),
        to: bound.optional(),
      }),
    )
    .min(1)
    .max(10_000)
    .meta({
      title: 'Samples',
      description: 'At levels of the factor: a value, or bounds.',
      examples: [[{ at: 0.01, value: '1.2s' }], [{ at: 0.01, to: 0 }]],
    }),
  tolerance: z
    .union([z.strictObject({ share: amount }), z.strictObject({ value: amount })], {
      error: 'a tolerance is a share of the value or in its unit; write {"share": 0.1} or {"value": 2}',
    })
    .meta({
      title: 'Tolerance',
      description: 'How far the mean may lie from a value: a share of it, or in its base unit.',
      examples: [{ share: 0.1 }],
    })
    .optional(),
});

export const planSchema = z.strictObject({
  format: z.literal('odonata-plan', { error: 'write "format": "odonata-plan"' }),
  version: z.literal(1, { error: 'write "version": 1, the only version there is' }),
  name: z
    .string()
    .min(1)
    .max(200)
    .meta({ title: 'Name', description: 'Title of the plan.', examples: ['Limited Transmit against loss'] }),
  description: z
    .string()
    .max(10_000)
    .meta({ title: 'Description', description: 'What it asks.', examples: ['Does it save timeouts?'] })
    .optional(),
  seed: integer(
    { title: 'Seed', description: 'The seeds of all runs derive from it.', examples: [1] },
    { min: 0 },
  ).optional(),
  scenario: z
    .union([z.string().min(1), z.record(z.string(), z.unknown())], {
      error: 'a scenario, or the path of one from the folder of the plan; write "../scenarios/dumbbell.json"',
    })
    .meta({
      title: 'Scenario',
      description: 'The scenario itself, or its path from the folder of the plan.',
      examples: ['../scenarios/dumbbell.json'],
    }),
  factors: z.array(factorSchema).max(30),
  design: designSchema.optional(),
  seeds: z
    .enum(['common', 'independent'], { error: 'seeds are "common" or "independent"; write "common"' })
    .meta({
      title: 'Seeds',
      description: 'Common: a replication has the same seed at every point, so that points can be compared in pairs.',
      examples: ['common', 'independent'],
    })
    .optional(),
  replications: replications('Replications', 'Runs of each point, each with its own seed.', 10).optional(),
  stop: stopSchema
    .meta({
      title: 'Stopping rule',
      description: 'Replicates a point until the interval of a measure is narrow enough.',
      examples: [{ measure: 'goodput', relativeHalfWidth: 0.05, min: 3, max: 30 }],
    })
    .optional(),
  confidence: confidence.optional(),
  timeout: quantity('duration', {
    title: 'Timeout',
    description: 'Wall time after which a run is ended and counts as failed.',
    examples: ['60s'],
  }).optional(),
  warmUp: warmUpSchema
    .meta({ title: 'Warm-up', description: 'What statistics of probes leave out.', examples: [{ remove: '5s' }] })
    .optional(),
  measures: z.array(measureSchema).min(1, {
    error: 'a plan measures something; write [{"name": "goodput", "summary": "/flows/f1/goodputBps"}]',
  }),
  compare: z
    .strictObject({ factor: name, baseline: z.union([z.string(), z.number(), z.boolean()]).optional() })
    .meta({
      title: 'Compare',
      description: 'Every level of this factor with one of them, all else equal.',
      examples: [{ factor: 'sack', baseline: 'off' }],
    })
    .optional(),
  reference: z
    .array(referenceSchema)
    .max(100)
    .meta({
      title: 'Reference',
      description: 'What others published, or what a claim says: drawn beside what is measured, and judged.',
      examples: [
        [
          {
            label: 'Published',
            source: 'where it stands',
            measure: 'goodput',
            factor: 'loss',
            samples: [{ at: 0.01, value: '1.2Mbps' }],
            tolerance: { share: 0.1 },
          },
        ],
      ],
    })
    .optional(),
});

/** A plan as it is written. */
export type PlanDocument = z.input<typeof planSchema>;
/** A plan as read: quantities are numbers in base units. */
export type ReadPlan = z.output<typeof planSchema>;
export type FactorDocument = z.output<typeof factorSchema>;
export type ReferenceDocument = z.output<typeof referenceSchema>;
export type DesignDocument = z.output<typeof designSchema>;
export type Aggregate = (typeof AGGREGATES)[number];
export type Statistic = (typeof STATISTICS)[number];

/** The JSON Schema of the plan format. */
export function planJsonSchema(): object {
  return { title: 'Odonata plan', ...z.toJSONSchema(planSchema, { io: 'input', unrepresentable: 'any' }) };
}
