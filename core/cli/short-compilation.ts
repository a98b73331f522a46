// The database is WebAssembly. What of it runs often V8 compiles a second time, with optimisation, in threads beside: half of all that the
// parent of a sweep computes, and at the expense of the workers, while it saves nothing where each run is one short statement.

import { setFlagsFromString } from 'node:v8';

/** Compiles WebAssembly once. Call before the database is loaded; it holds for the rest of the process. */
export function compileOnce(): void {
  setFlagsFromString('--liftoff-only');
}
