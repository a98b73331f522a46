// What is chosen, for all panels: a node, a link or a flow of the open scenario, by id; what is pointed at; and a moment of the run, by its record.

import { ref, shallowRef } from 'vue';
import type { RunRecord } from '../../electron/ipc';

export type Selection =
  { readonly kind: 'scenario' } | { readonly kind: 'node' | 'link' | 'flow'; readonly id: string };

export const selection = ref<Selection>({ kind: 'scenario' });

/** What a text beside the drawing points at: it is marked, and nothing is chosen. */
export interface PointedAt {
  readonly links: ReadonlySet<string>;
  readonly nodes: ReadonlySet<string>;
}

export const pointedAt = shallowRef<PointedAt>({ links: new Set(), nodes: new Set() });

/** Runs that somebody wants side by side; the Compare place takes them from here. */
export const comparedRuns = shallowRef<readonly RunRecord[]>([]);

/** The record of the present run that timeline and packets show; undefined for none. */
export const chosenRecord = ref<number>();

/** Which runs record packets: it makes them a quarter slower, so long ones do only when asked to. */
export const recordsPackets = ref<'short' | 'always' | 'never'>('short');
