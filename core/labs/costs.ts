// What labs cost on the machine of the benchmarks (`odonata bench labs`, performance.md §1): CPU seconds of a quick and of a full run,
// and of the first measurements of a full one, by which another machine can tell how fast it is.

export interface LabCost {
  readonly quickSeconds: number;
  readonly fullSeconds: number;
  readonly first: { readonly measurements: number; readonly seconds: number };
}

/** By the lab's id; a lab without an entry is forecast from its first measurements alone. */
export const LAB_COSTS: Readonly<Record<string, LabCost>> = {};

/** Seconds that a full run takes where its first measurements took so long. @param all measurements of the run */
export function forecastSeconds(id: string, done: number, seconds: number, all: number): number {
  const cost = LAB_COSTS[id];
  return cost === undefined ? (seconds * all) / done : (seconds * cost.fullSeconds) / cost.first.seconds;
}
