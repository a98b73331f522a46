// measure: what a run found. Recorded series, summaries, the layered digest. Plain data and arithmetic;
// knows no world and no file. Realises product.md §3.4 and architecture.md §2 (plain data at the borders).

export { digestOf, Hasher } from './digest';
export { Histogram } from './histogram';
export { RateMeter } from './rate-meter';
export type { Recording, SeriesData } from './series';
export { Series } from './series';
export { ShareMeter } from './share-meter';
export type {
  CpuSummary,
  DigestParts,
  FlowSummary,
  FragmentSummary,
  HostSummary,
  IcmpSummary,
  KernelSummary,
  LatencySummary,
  LinkSummary,
  NicSummary,
  RetransmitsByCause,
  RouterSummary,
  RunSummary,
  RunTotals,
  StackSummary,
  SyncSummary,
} from './summary';
