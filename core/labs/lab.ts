// What a lab is: a question, a plan of points to measure, how the answer is drawn, and checks that say whether it has the shape or
// the figures that the literature leads one to expect.

import type { World } from '../world';
import type { Check } from './checks';
import type { Reference } from './reference';
import type { Table } from './table';

export type Level = number | string;
/** One combination of levels, by factor. */
export type Point = Readonly<Record<string, Level>>;
export type Values = Readonly<Record<string, number>>;

export interface Factor {
  readonly name: string;
  readonly label: string;
  /** Base unit of its levels, if they are quantities. */
  readonly unit?: string;
  readonly levels: readonly Level[];
  /** The levels of a quick run; all when absent. */
  readonly quick?: readonly Level[];
}

export interface Measure {
  readonly name: string;
  readonly label: string;
  /** `ns`, `1/s`, `bps`, `bytes`, or `1` and `count` for bare numbers. */
  readonly unit: string;
}

export interface LabChart {
  /** A factor with numbers. */
  readonly x: string;
  /** Its levels are spread over powers. */
  readonly log?: boolean;
  readonly y: string;
  /** Factors whose levels are told apart as lines. */
  readonly lines: readonly string[];
  /** Levels of the other factors. */
  readonly where?: Point;
}

/** What labs are about, from afar: each has one at least. */
export const TOPICS = [
  'messaging',
  'scheduling',
  'interrupts',
  'tokens',
  'IPI',
  'user-land',
  'NUMA',
  'network stack',
  'concurrency models',
  'replication',
  'batching',
  'UDP',
  'NIC',
  'TSO',
  'SYN cache',
  'TCP loss recovery',
  'TCP start',
  'TCP models',
  'faults',
] as const;
export type Topic = (typeof TOPICS)[number];

/** A world of a scenario, ready to run. @param what tells it from other scenarios of the same point */
export type WorldMaker = (document: unknown, what?: string) => World;

/** What a measurement may know besides its point, and where it gets its worlds: whoever asks for it can say what they were made of. */
export interface Setting {
  readonly seed: number;
  readonly quick: boolean;
  readonly world: WorldMaker;
}

export interface Lab {
  readonly id: string;
  /** Number in the catalogue of kernel.md §12. */
  readonly experiment: number;
  readonly title: string;
  /** The claim of the talk that it is about. */
  readonly slide: string;
  readonly topics: readonly Topic[];
  /** What it varies or shows, by the field's own names. */
  readonly mechanisms: readonly string[];
  readonly question: string;
  readonly expected: string;
  /** Where the expectation comes from. */
  readonly sources: readonly string[];
  readonly lookFor: string;
  readonly factors: readonly Factor[];
  readonly measures: readonly Measure[];
  /** Runs with seeds 1, 2, …; their means are judged. */
  readonly replications: { readonly full: number; readonly quick: number };
  readonly chart: LabChart;
  /** What others published about the chart; some of it is a multiple of what is measured at one of its points. */
  readonly reference?: (table: Table) => readonly Reference[];
  /** What no scenario file can say of its measurements, in a sentence; `all` when that is all of them. */
  readonly inTypeScript?: { readonly all: boolean; readonly what: string };
  /** Runs one point; the same point and seed give the same values. */
  readonly measure: (point: Point, setting: Setting) => Values;
  readonly checks: (table: Table) => readonly Check[];
}
