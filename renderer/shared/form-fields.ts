// Form fields from the scenario's schema: what an object may hold, what kind of control shows it, and its help.

import { z } from 'zod';
import { type FieldMeta, metaOf, requiredSchema } from '../../core/scenario';

export type Control = 'text' | 'number' | 'flag' | 'choice' | 'object' | 'variants' | 'json';

export interface FieldInfo {
  readonly key: string;
  readonly control: Control;
  readonly meta: FieldMeta | undefined;
  readonly required: boolean;
  readonly choices: readonly string[];
  readonly schema: z.ZodType;
}

/** Keys that have a place of their own in the inspector. */
const ELSEWHERE = new Set([
  'id',
  'kind',
  'from',
  'to',
  'host',
  'position',
  'format',
  'version',
  'nodes',
  'links',
  'traffic',
]);

/** Keys that say what something is called or looks like, that a plan has in another way, or whose parts are varied and not the whole. */
const NOT_VARIED = new Set([
  ...['name', 'description', 'label', 'seed', 'probes', 'changes', 'csv', 'file', 'format'],
  ...['recording', 'reverse'],
]);

/** Whether a plan can vary a field: single values, and wholes that there are several of or that may be missing; not lists and texts. */
export function canVary({ key, control, required }: Pick<FieldInfo, 'key' | 'control' | 'required'>): boolean {
  return control !== 'json' && !(control === 'object' && required) && !NOT_VARIED.has(key);
}

function controlOf(schema: z.ZodType): Control {
  if (schema instanceof z.ZodObject) return 'object';
  if (schema instanceof z.ZodDiscriminatedUnion) return 'variants';
  if (schema instanceof z.ZodBoolean) return 'flag';
  if (schema instanceof z.ZodEnum) return 'choice';
  if (schema instanceof z.ZodNumber) return 'number';
  if (schema instanceof z.ZodString || schema instanceof z.ZodPipe || schema instanceof z.ZodUnion) return 'text';
  return 'json';
}

/** Names that a field can have; a union of names and something else proposes the names. */
function choicesOf(schema: z.ZodType): string[] {
  if (schema instanceof z.ZodEnum) return schema.options.map(String);
  if (!(schema instanceof z.ZodUnion) || schema instanceof z.ZodDiscriminatedUnion) return [];
  return (schema.options as z.ZodType[]).flatMap((option) =>
    option instanceof z.ZodEnum ? option.options.map(String) : [],
  );
}

/** Fields of an object's schema, in its order. */
export function fieldsOf(schema: z.ZodType): FieldInfo[] {
  const object = requiredSchema(schema);
  if (!(object instanceof z.ZodObject)) return [];
  return Object.entries(object.shape as Record<string, z.ZodType>)
    .filter(([key, field]) => !ELSEWHERE.has(key) && !(requiredSchema(field) instanceof z.ZodLiteral))
    .map(([key, field]) => {
      const plain = requiredSchema(field);
      const choices = choicesOf(plain);
      return {
        key,
        control: controlOf(plain),
        meta: metaOf(field),
        required: !(field instanceof z.ZodOptional),
        choices,
        schema: plain,
      };
    });
}

/** What a person typed, as the document keeps it: numbers where only numbers fit, JSON where it is JSON, else text. */
export function typedValue(text: string, control: Control): unknown {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  if (control === 'number') return Number.isNaN(Number(trimmed)) ? trimmed : Number(trimmed);
  if (control === 'json' || /^[[{]/.test(trimmed) || /^-?\d+(\.\d+)?$/.test(trimmed)) {
    try {
      return JSON.parse(trimmed) as unknown;
    } catch {
      return trimmed;
    }
  }
  return trimmed;
}

/** How a value of the document stands in a text control. */
export function shownValue(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The longest JSON that stands on one line. */
const ONE_LINE = 60;

/** How JSON stands in a text area: on one line if it is short, else indented. */
export function shownJson(value: unknown): string {
  const short = shownValue(value);
  return short.length <= ONE_LINE || typeof value === 'string' ? short : JSON.stringify(value, undefined, 1);
}

/** `limitedTransmit` as `Limited transmit`, for fields without a title. */
export function titleOf(field: FieldInfo): string {
  if (field.meta !== undefined) return field.meta.title;
  const words = field.key.replace(/([A-Z])/g, ' $1').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
