// The format of a guided lab (`lab.yaml`): what a teacher writes, as one schema for types, validation and JSON Schema. Texts are in
// `text.md` beside it. Issue 6, item 7; docs/authoring-labs.md.

import { z } from 'zod';

const words = (title: string, description: string, example: string, longest = 4000) =>
  z
    .string()
    .min(1)
    .max(longest)
    .meta({ title, description, examples: [example] });

const name = (title: string, description: string, example: string) =>
  z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, { error: `small letters, digits and hyphens, such as ${example}` })
    .meta({ title, description, examples: [example] });

/** A share such as `"5%"`, or a number in the answer's own unit. */
const tolerance = z
  .union([z.string(), z.number()])
  .transform((input, context): { readonly share: number } | { readonly absolute: number } => {
    if (typeof input === 'number' && input >= 0) return { absolute: input };
    const share = typeof input === 'string' ? /^(\d+(?:\.\d+)?)\s*%$/.exec(input.trim())?.[1] : undefined;
    if (share !== undefined && Number(share) <= 100) return { share: Number(share) / 100 };
    context.addIssue({
      code: 'custom',
      message: `${JSON.stringify(input)} is no tolerance; write a share such as "5%" or a number in the unit of the answer`,
      input,
    });
    return z.NEVER;
  })
  .meta({
    title: 'Tolerance',
    description: 'How far an answer may be off: a share of the right value, or a number in its unit.',
    examples: ['5%', 2],
  });

const percent = z
  .string()
  .regex(/^(100|\d{1,2})(\.\d+)?%$/, { error: 'write a share such as "15%"' })
  .transform((text) => Number(text.slice(0, -1)) / 100);

const pointer = (description: string) =>
  z
    .string()
    .regex(/^\//, { error: 'a pointer begins with "/", such as /flows/f1/goodputBps' })
    .meta({ title: 'Pointer', description, examples: ['/flows/f1/goodputBps'] });

const otherStep = name('Step', 'The step whose run is meant; this one when left out.', 'with-sack').optional();

/** A value of a run's summary: `pointer`, less `minus`, over `over`, times `scale`. */
export const measuredSchema = z
  .strictObject({
    pointer: pointer('Place in the summary; members of lists by id, name or host, "*" adds all up.'),
    of: otherStep,
    minus: pointer('Subtracted from it.').optional(),
    minusOf: otherStep,
    over: pointer('What it is divided by.').optional(),
    overOf: otherStep,
    scale: z
      .number()
      .meta({ title: 'Scale', description: 'Factor on the result, to have the unit asked for.', examples: [0.000001] })
      .optional(),
  })
  .meta({
    title: 'Measured',
    description: 'The right value as the run finds it, so that it stays right.',
    examples: [{ pointer: '/flows/f1/goodputBps', scale: 0.000001 }],
  });

const common = {
  id: name('Id', 'Unique in the lab.', 'goodput'),
  ask: words('Question', 'Markdown with formulas between $…$.', 'How many segments does f1 send again?'),
  when: z
    .enum(['before', 'after'], { error: 'write "before" (a prediction) or "after" (the run)' })
    .meta({
      title: 'When',
      description: 'Before: a prediction, kept before the run and fixed from then on. Default: after.',
      examples: ['before'],
    })
    .optional(),
  credit: z
    .enum(['given', 'right'], { error: 'write "given" or "right"' })
    .meta({
      title: 'Credit',
      description: 'A prediction earns its points by being given (the default) or by being right.',
      examples: ['given'],
    })
    .optional(),
  points: z
    .number()
    .min(0)
    .max(100)
    .meta({ title: 'Points', description: 'What it is worth; 1 when left out.', examples: [2] })
    .optional(),
  hints: z
    .array(words('Hint', 'From a nudge to nearly the answer.', 'Look at the third duplicate ACK.'))
    .max(5)
    .meta({ title: 'Hints', description: 'Each takes a quarter of the points.', examples: [['Count the drops.']] })
    .optional(),
  explain: words('Explanation', 'Markdown, shown once the question is settled.', 'Each loss costs one round trip.'),
};

const optionSchema = z.strictObject({
  text: words('Text', 'What is chosen.', 'It waits for a timeout.', 600),
  right: z
    .boolean()
    .meta({ title: 'Right', description: 'Whether it belongs to the answer.', examples: [true] })
    .optional(),
  why: words('Why', 'Said to those who chose it though it is wrong.', 'Three ACKs arrive.', 1000).optional(),
});

/** What a record of the run's timeline has to be like. */
export const whereSchema = z
  .strictObject({
    kind: words(
      'Kind',
      'As the cause log names it: send, transmit, drop, receive, timer, run, ipi …',
      'send',
      40,
    ).optional(),
    name: words('Name', 'Part of what the timeline writes on it.', 'fast', 80).optional(),
    track: words('Track', 'Part of the name of its track: a link, a socket, a CPU.', '(f1)', 80).optional(),
  })
  .meta({
    title: 'Where',
    description: 'All of these have to fit.',
    examples: [{ kind: 'send', name: 'fast', track: '(f1)' }],
  });

export const questionSchema = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({
      ...common,
      kind: z.literal('number'),
      unit: words('Unit', 'Written behind the box.', 'Mbit/s', 40).optional(),
      answer: z
        .number()
        .meta({ title: 'Answer', description: 'The right value.', examples: [3] })
        .optional(),
      measured: measuredSchema.optional(),
      tolerance,
    }),
    z.strictObject({
      ...common,
      kind: z.literal('choice'),
      several: z
        .boolean()
        .meta({ title: 'Several', description: 'More than one may be right; all have to be found.', examples: [true] })
        .optional(),
      options: z
        .array(optionSchema)
        .min(2, { error: 'a choice has at least two options' })
        .max(10, { error: 'a choice has at most ten options' }),
    }),
    z.strictObject({
      ...common,
      kind: z.literal('pick'),
      of: otherStep,
      where: whereSchema,
      which: z
        .union([z.enum(['first', 'last', 'any']), z.number().int().min(1)])
        .meta({
          title: 'Which',
          description: 'Of those that fit: first, last, any, or the n-th.',
          examples: ['first', 3],
        })
        .optional(),
    }),
    z.strictObject({
      ...common,
      kind: z.literal('draw'),
      of: otherStep,
      series: words('Series', 'A probe of the scenario.', 'flow/f1/cwnd', 120),
      unit: words('Unit', 'Of the vertical axis, as drawn.', 'kB', 40).optional(),
      scale: z
        .number()
        .meta({ title: 'Scale', description: "From the series' base unit to that of the axis.", examples: [0.001] })
        .optional(),
      fromSeconds: z
        .number()
        .min(0)
        .meta({ title: 'From', description: 'Left end, s.', examples: [0] }),
      toSeconds: z
        .number()
        .min(0)
        .meta({ title: 'To', description: 'Right end, s.', examples: [3] }),
      band: percent.meta({
        title: 'Band',
        description: 'How far off, as a share of the height of what is measured.',
        examples: ['20%'],
      }),
      share: percent
        .meta({
          title: 'Share',
          description: 'How much of the time the curve has to be inside; 75% when left out.',
          examples: ['75%'],
        })
        .optional(),
    }),
  ],
  { error: 'a question\'s kind is "number", "choice", "pick" or "draw"' },
);

/** Panels beside the text that a step may bring to the front. */
export const LOOK_PANELS = ['topology', 'charts', 'timeline', 'packets', 'machines'] as const;

const lookSchema = z
  .strictObject({
    links: z
      .array(words('Link', 'A link of the scenario, by its id.', 'bottleneck', 80))
      .meta({ title: 'Links', description: 'Marked on the topology.', examples: [['bottleneck']] })
      .optional(),
    nodes: z
      .array(words('Node', 'A host or router of the scenario, by its id.', 'r1', 80))
      .meta({ title: 'Nodes', description: 'Marked on the topology.', examples: [['r1']] })
      .optional(),
    panel: z
      .enum(LOOK_PANELS, { error: `a panel is one of ${LOOK_PANELS.join(', ')}` })
      .meta({ title: 'Panel', description: 'Comes to the front when the step is opened.', examples: ['topology'] })
      .optional(),
  })
  .meta({
    title: 'Look',
    description: 'What the step points at, once its scenario is open.',
    examples: [{ links: ['bottleneck'] }],
  });

export const stepSchema = z.strictObject({
  id: name('Id', 'Unique in the lab; its text is the section {#id} of text.md.', 'with-sack'),
  title: words('Title', 'Heading of the step.', 'With SACK', 120),
  scenario: words('Scenario', 'A ready scenario by name.', 'explicit-drops', 80).optional(),
  inline: z
    .record(z.string(), z.unknown())
    .meta({
      title: 'Inline scenario',
      description: 'A scenario in full, instead of a ready one.',
      examples: [{ format: 'odonata-scenario' }],
    })
    .optional(),
  sameAs: name('Same as', "Begins with another step's scenario, with what is set there.", 'without-sack').optional(),
  set: z
    .record(z.string().regex(/^\//, { error: 'a pointer begins with "/", such as /defaults/tcp/sack' }), z.unknown())
    .meta({ title: 'Set', description: 'Changes: pointer and new value.', examples: [{ '/defaults/tcp/sack': true }] })
    .optional(),
  show: z
    .array(words('Probe', 'Drawn beside the text.', 'flow/f1/cwnd', 120))
    .meta({ title: 'Show', description: 'Probes to draw and record.', examples: [['flow/f1/cwnd']] })
    .optional(),
  look: lookSchema.optional(),
  questions: z.array(questionSchema).max(20),
});

export const guidedLabSchema = z.strictObject({
  format: z.literal('odonata-guided-lab', { error: 'write format: odonata-guided-lab' }),
  version: z.literal(1, { error: 'write version: 1, the only version there is' }),
  id: name('Id', "The folder's name.", 'limited-transmit'),
  edition: z
    .number()
    .int()
    .min(1)
    .meta({ title: 'Edition', description: 'Raise it when questions change.', examples: [1] }),
  title: words('Title', 'What the class sees.', 'Two duplicate ACKs are enough', 120),
  topic: words('Topic', 'Where it stands in the list.', 'TCP', 60),
  slides: z.array(words('Slide', 'Slides of the talk that it is about.', 'Limited Transmit', 120)),
  minutes: z
    .number()
    .int()
    .min(20, { error: 'a guided lab takes 20 to 50 minutes' })
    .max(50, { error: 'a guided lab takes 20 to 50 minutes' })
    .meta({ title: 'Minutes', description: 'For a class that knows the basics.', examples: [30] }),
  goals: z.array(words('Goal', 'What one can do afterwards.', 'Say why small windows time out.', 300)).min(1),
  literature: z.array(words('Source', 'Where to read on.', 'RFC 3042', 400)).min(1),
  experiments: z
    .array(words('Experiment', 'Labs of the catalogue that go deeper.', '23-limited-transmit', 80))
    .optional(),
  steps: z.array(stepSchema).min(1, { error: 'a lab has at least one step' }).max(20),
});

export type GuidedLabDocument = z.output<typeof guidedLabSchema>;
export type Step = z.output<typeof stepSchema>;
export type Question = z.output<typeof questionSchema>;
export type Measured = z.output<typeof measuredSchema>;
export type QuestionOf<Kind extends Question['kind']> = Extract<Question, { kind: Kind }>;

/** The JSON Schema of `lab.yaml`, for editors that check while one writes. */
export function guidedLabJsonSchema(): object {
  return {
    title: 'Odonata guided lab',
    ...z.toJSONSchema(guidedLabSchema, { io: 'input', unrepresentable: 'any' }),
  };
}
