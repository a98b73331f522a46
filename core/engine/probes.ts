// Probes are names: `flow/f1/cwnd`, `link/bottleneck/queue`. Nothing exists for a probe until somebody asks:
// each owner registers a family once, with the fields it can tell and a way to attach a listener; a thousand
// flows with ten fields each cost one registration. An owner without listeners pays one check at the place
// where its state changes.

import { fitsPattern } from '../base';

/** Receives the values of one probe, in the order of time. `timeNs` never runs backwards for one probe. */
export type ProbeListener = (timeNs: number, value: number) => void;

/** One thing that the members of a family can tell. */
export interface ProbeField {
  readonly name: string;
  /** `bytes`, `packets`, `ns`, `bps`, `1` (ratio) or `count`. */
  readonly unit: string;
  /** One sentence for the reader of a chart. */
  readonly help: string;
}

/** Everything observable of one kind of thing. */
export interface ProbeFamily {
  /** First part of the name, e.g. `flow`. */
  readonly family: string;
  readonly fields: readonly ProbeField[];
  /** Second part of the names, e.g. all flow ids. */
  members(): readonly string[];
  /** Starts telling a listener; returns how to stop. Called only with a member and a field of this family. */
  attach(member: string, field: string, listener: ProbeListener): () => void;
}

/** A probe that exists in a run. */
export interface ProbeInfo {
  readonly name: string;
  readonly unit: string;
  readonly help: string;
}

export class Probes {
  private readonly families = new Map<string, ProbeFamily>();

  register(family: ProbeFamily): void {
    this.families.set(family.family, family);
  }

  /** Expands a name in which any part may be `*`; empty when nothing matches. Sorted as the owners list them. */
  match(pattern: string): ProbeInfo[] {
    const { family: familyName, member, field } = partsOf(pattern);
    const found: ProbeInfo[] = [];
    for (const family of this.families.values()) {
      if (familyName !== '*' && family.family !== familyName) continue;
      const fields = family.fields.filter((candidate) => field === '*' || candidate.name === field);
      if (fields.length === 0) continue;
      for (const id of family.members()) {
        if (!fitsPattern(id, member)) continue;
        for (const { name, unit, help } of fields) found.push({ name: `${family.family}/${id}/${name}`, unit, help });
      }
    }
    return found;
  }

  /**
   * Attaches a listener to one probe by its full name; returns how to detach it.
   * @throws Error if there is no such probe (use `match` first for names that people typed)
   */
  subscribe(name: string, listener: ProbeListener): () => void {
    const { family: familyName, member, field } = partsOf(name);
    const family = this.families.get(familyName);
    if (family === undefined || this.match(name).length !== 1) throw new Error(`no probe is called '${name}'`);
    return family.attach(member, field, listener);
  }
}

/** First part, last part, and what is between: a member may have a slash in its name (`web/0`). */
function partsOf(name: string): { family: string; member: string; field: string } {
  const parts = name.split('/');
  return { family: parts[0] ?? '', member: parts.slice(1, -1).join('/'), field: parts.at(-1) ?? '' };
}
