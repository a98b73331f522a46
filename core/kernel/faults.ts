// Faults that a run is made to suffer, to see whether somebody notices (kernel.md §12 row 45). Where machine or code may fail the kernel
// asks, if there is anybody to ask: without faults that is one comparison at each of these places, all of them off the hottest paths.

/** What fails, where it is asked for. */
export type FaultPlace =
  /** The interrupt of an IPI does not arrive. */
  | 'interrupt'
  /** A thread is put on the run queue of another CPU than its own. */
  | 'wake'
  /** A message is put on its port a second time. */
  | 'put'
  /** A message is replied to a second time. */
  | 'reply'
  /** Of two tokens the one that was taken first is released first. */
  | 'release'
  /** A thread that stops running keeps its tokens. */
  | 'drop'
  /** Work on a connection goes to another CPU than its owner. */
  | 'owner'
  /** A frame is sorted to another CPU than its hash says. */
  | 'classify'
  /** A CPU that a ring message visits does not change its copy. */
  | 'replica'
  /** A ring message visits a CPU again. */
  | 'ring';

export interface Faults {
  /** Whether it fails this time. */
  strikes(place: FaultPlace): boolean;
}
