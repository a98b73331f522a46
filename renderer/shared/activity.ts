// How busy the links and CPUs of the running scenario are, for the drawing.

import { shallowRef } from 'vue';

/**
 * Per link direction utilisation, packets waiting and drops: three numbers each, forward then reverse, in the order of the scenario;
 * undefined when nothing runs.
 */
export const linkActivity = shallowRef<Float64Array>();

/** Share of the time lately that each CPU worked, by host; undefined when nothing runs. */
export const cpuActivity = shallowRef<ReadonlyMap<string, readonly number[]>>();
