// machine: what hardware charges. CPUs and sockets, cache lines with owners, caches, cost profiles. Knows no thread, no
// lock and no network; time is somebody else's. Realises kernel.md §7 (caches) and §11 (profiles).

export { Bus, type BusCounters, type BusName, type BusProfile, BUSES } from './bus';
export { Cache } from './cache';
export type { Line } from './line';
export { CPUS_MAX, Machine, type MissCounters, REGION_LINE_BYTES } from './machine';
export { Region, REGION_KINDS, type RegionKind } from './region';
export { type Footprint, StageCaches } from './stage-caches';
export { type CacheGeometry, type CostProfile, type ProfileName, PROFILES } from './profile';
