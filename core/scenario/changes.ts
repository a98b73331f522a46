// Scheduled changes: what they point at must be changeable, and the new value is judged by the schema of its place.

import type { z } from 'zod';
import { changeTarget, type ResolvedChange } from './resolved-link';
import { linkSchema, lossSchema, queueSchema, type ReadScenario } from './schema';
import { schemaProblems } from './schema-problems';
import type { Report } from './sound-part';
import { nearest } from './suggest';

const FIELDS = ['rate', 'delay', 'mtu', 'up', 'queue/limit', 'loss/probability'] as const;
type Field = (typeof FIELDS)[number];

/** Reads the changes of a scenario, sorted as written. */
export function readChanges(scenario: ReadScenario, report: Report): ResolvedChange[] {
  const changes: ResolvedChange[] = [];
  const linkIds = scenario.links.map(({ id }) => id);
  (scenario.changes ?? []).forEach((change, index) => {
    const pointer = `/changes/${String(index)}`;
    const target = changeTarget(change.set, linkIds);
    if (target === undefined) {
      const near = nearest(change.set.split('/')[2] ?? '', linkIds);
      const example = `/links/${near ?? linkIds[0] ?? 'bottleneck'}/rate`;
      report(
        `${pointer}/set`,
        `"${change.set}" points at no link`,
        `write for example "${example}"`,
        ...linkIds.map((_, place) => `/links/${String(place)}/id`),
      );
      return;
    }
    if (!isField(target.field)) {
      report(`${pointer}/set`, `"${target.field}" cannot change during a run`, `what can: ${FIELDS.join(', ')}`);
      return;
    }
    const link = scenario.links[target.linkIndex];
    if (target.field === 'loss/probability' && link?.loss?.model !== 'bernoulli') {
      report(
        `${pointer}/set`,
        'the link has no Bernoulli loss whose probability could change',
        'give it "loss": {"model": "bernoulli", "probability": 0}',
        `/links/${String(target.linkIndex)}/loss`,
      );
      return;
    }
    const read = fieldSchema(target.field).safeParse(change.to);
    if (!read.success) {
      for (const { message, suggestion } of schemaProblems(read.error, change.to, '', fieldSchema(target.field)))
        report(`${pointer}/to`, message, suggestion ?? '', `${pointer}/set`);
      return;
    }
    changes.push({
      atNs: change.at,
      link: linkIds[target.linkIndex] ?? '',
      direction: target.direction,
      ...valueOf(target.field, read.data),
    });
  });
  return changes;
}

function isField(field: string): field is Field {
  return (FIELDS as readonly string[]).includes(field);
}

function fieldSchema(field: Field): z.ZodType {
  switch (field) {
    case 'rate':
      return linkSchema.shape.rate;
    case 'delay':
      return linkSchema.shape.delay.unwrap();
    case 'mtu':
      return linkSchema.shape.mtu.unwrap();
    case 'up':
      return linkSchema.shape.up.unwrap();
    case 'queue/limit':
      return queueSchema.options[0].shape.limit.unwrap();
    case 'loss/probability':
      return lossSchema.options[0].shape.probability;
  }
}

type Value =
  | { field: 'rate'; rateBps: number }
  | { field: 'delay'; delayNs: number }
  | { field: 'mtu'; mtuBytes: number }
  | { field: 'up'; up: boolean }
  | { field: 'queue/limit'; limitPackets: number; limitBytes: number }
  | { field: 'loss/probability'; probability: number };

/** The schema of the field has already judged the value. */
function valueOf(field: Field, value: unknown): Value {
  switch (field) {
    case 'rate':
      return { field, rateBps: value as number };
    case 'delay':
      return { field, delayNs: value as number };
    case 'mtu':
      return { field, mtuBytes: value as number };
    case 'up':
      return { field, up: value as boolean };
    case 'queue/limit': {
      const { packets, bytes } = value as { packets: number; bytes: number };
      return { field, limitPackets: packets, limitBytes: bytes };
    }
    case 'loss/probability':
      return { field, probability: value as number };
  }
}
