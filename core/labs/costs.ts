// What labs cost on the machine of the benchmarks (`odonata bench labs`, performance.md §1): CPU seconds of a quick and of a full run,
// and of the first measurements of a full one, by which another machine can tell how fast it is.

export interface LabCost {
  readonly quickSeconds: number;
  readonly fullSeconds: number;
  readonly first: { readonly measurements: number; readonly seconds: number };
}

/** By the lab's id; a lab without an entry is forecast from its first measurements alone. */
export const LAB_COSTS: Readonly<Record<string, LabCost>> = {
  '01-messaging': { quickSeconds: 0.71, fullSeconds: 0.74, first: { measurements: 30, seconds: 0.56 } },
  '02-target-decides': { quickSeconds: 0.22, fullSeconds: 0.41, first: { measurements: 11, seconds: 0.13 } },
  '03-application-ports': { quickSeconds: 0.17, fullSeconds: 0.26, first: { measurements: 18, seconds: 0.26 } },
  '04-numa': { quickSeconds: 3.2, fullSeconds: 18, first: { measurements: 1, seconds: 1.2 } },
  '05-parallel-stack': { quickSeconds: 3.7, fullSeconds: 16, first: { measurements: 2, seconds: 2.9 } },
  '06-not-cost-free': { quickSeconds: 5.9, fullSeconds: 24, first: { measurements: 2, seconds: 0.24 } },
  '07-execution-contexts': { quickSeconds: 0.12, fullSeconds: 0.14, first: { measurements: 10, seconds: 0.14 } },
  '08-guarantees': { quickSeconds: 1.4, fullSeconds: 25, first: { measurements: 3, seconds: 0.64 } },
  '09-interrupt-preemption': { quickSeconds: 0.42, fullSeconds: 2.4, first: { measurements: 16, seconds: 0.65 } },
  '10-livelock': { quickSeconds: 1.7, fullSeconds: 3, first: { measurements: 2, seconds: 0.32 } },
  '11-predicate-messages': { quickSeconds: 0.27, fullSeconds: 1.2, first: { measurements: 21, seconds: 0.41 } },
  '12-predicate-abort-race': { quickSeconds: 0.026, fullSeconds: 0.064, first: { measurements: 97, seconds: 0.064 } },
  '13-token-order': { quickSeconds: 3.3, fullSeconds: 5.6, first: { measurements: 9, seconds: 0.42 } },
  '14-token-blocking': { quickSeconds: 0.97, fullSeconds: 2.6, first: { measurements: 7, seconds: 0.74 } },
  '15-token-generations': { quickSeconds: 0.45, fullSeconds: 3.3, first: { measurements: 63, seconds: 0.62 } },
  '16-shared-tokens': { quickSeconds: 0.87, fullSeconds: 13, first: { measurements: 2, seconds: 0.6 } },
  '17-ipi-queues': { quickSeconds: 0.76, fullSeconds: 1.2, first: { measurements: 45, seconds: 0.41 } },
  '18-protocol-threads': { quickSeconds: 0.79, fullSeconds: 3.3, first: { measurements: 2, seconds: 0.9 } },
  '19-network-delays': { quickSeconds: 0.11, fullSeconds: 0.24, first: { measurements: 84, seconds: 0.24 } },
  '20-timeouts': { quickSeconds: 2.8, fullSeconds: 34, first: { measurements: 2, seconds: 0.65 } },
  '21-newreno': { quickSeconds: 0.24, fullSeconds: 0.059, first: { measurements: 15, seconds: 0.059 } },
  '22-initial-window': { quickSeconds: 0.2, fullSeconds: 0.12, first: { measurements: 60, seconds: 0.12 } },
  '23-limited-transmit': { quickSeconds: 0.091, fullSeconds: 0.079, first: { measurements: 16, seconds: 0.079 } },
  '24-eifel': { quickSeconds: 0.87, fullSeconds: 0.44, first: { measurements: 16, seconds: 0.23 } },
  '25-early-retransmit': { quickSeconds: 1.8, fullSeconds: 2.5, first: { measurements: 10, seconds: 0.49 } },
  '26-lock-contention': { quickSeconds: 6.9, fullSeconds: 71, first: { measurements: 1, seconds: 0.73 } },
  '27-syncache': { quickSeconds: 3.7, fullSeconds: 6.7, first: { measurements: 2, seconds: 0.86 } },
  '28-syn-flood-one-hash': { quickSeconds: 3.1, fullSeconds: 5, first: { measurements: 2, seconds: 1.3 } },
  '29-udp-transmission': { quickSeconds: 2.8, fullSeconds: 4.1, first: { measurements: 2, seconds: 0.54 } },
  '30-tso-cpu': { quickSeconds: 2, fullSeconds: 3, first: { measurements: 2, seconds: 0.34 } },
  '31-tso-bus': { quickSeconds: 2.1, fullSeconds: 4.2, first: { measurements: 4, seconds: 0.71 } },
  '32-tso-moderation': { quickSeconds: 1.9, fullSeconds: 4.1, first: { measurements: 2, seconds: 0.44 } },
  '33-tso-side-effects': { quickSeconds: 2.1, fullSeconds: 4.6, first: { measurements: 3, seconds: 0.78 } },
  '34-tso-fallback': { quickSeconds: 3.1, fullSeconds: 4, first: { measurements: 9, seconds: 0.36 } },
  '35-route-replicas': { quickSeconds: 2, fullSeconds: 9, first: { measurements: 3, seconds: 0.73 } },
  '36-listen-replication': { quickSeconds: 3.4, fullSeconds: 33, first: { measurements: 2, seconds: 9.9 } },
  '37-reuseport': { quickSeconds: 6.3, fullSeconds: 64, first: { measurements: 1, seconds: 0.52 } },
  '38-statistics': { quickSeconds: 0.38, fullSeconds: 0.55, first: { measurements: 17, seconds: 0.46 } },
  '39-early-classification': { quickSeconds: 5.4, fullSeconds: 110, first: { measurements: 1, seconds: 1.4 } },
  '40-elephant': { quickSeconds: 4, fullSeconds: 13, first: { measurements: 2, seconds: 1.6 } },
  '41-cohort-scheduling': { quickSeconds: 3.2, fullSeconds: 40, first: { measurements: 1, seconds: 0.3 } },
  '42-ack-rollup': { quickSeconds: 2.7, fullSeconds: 5.4, first: { measurements: 1, seconds: 0.73 } },
  '43-generic-framework': { quickSeconds: 1.5, fullSeconds: 4.9, first: { measurements: 5, seconds: 0.31 } },
  '44-incremental-deployment': { quickSeconds: 0.58, fullSeconds: 14, first: { measurements: 2, seconds: 0.78 } },
  '45-stability': { quickSeconds: 6.9, fullSeconds: 45, first: { measurements: 4, seconds: 0.43 } },
  '46-web-losses': { quickSeconds: 5.2, fullSeconds: 100, first: { measurements: 2, seconds: 0.83 } },
  '47-fall-floyd': { quickSeconds: 0.32, fullSeconds: 0.11, first: { measurements: 16, seconds: 0.11 } },
  '48-slow-link': { quickSeconds: 0.082, fullSeconds: 0.053, first: { measurements: 18, seconds: 0.053 } },
  '49-loss-and-rate': { quickSeconds: 2.3, fullSeconds: 11, first: { measurements: 3, seconds: 0.49 } },
  '50-ns3-dumbbell': { quickSeconds: 1.8, fullSeconds: 2.7, first: { measurements: 2, seconds: 1.9 } },
  '51-satellite': { quickSeconds: 0.7, fullSeconds: 0.27, first: { measurements: 72, seconds: 0.27 } },
  '52-web-pages': { quickSeconds: 5, fullSeconds: 50, first: { measurements: 2, seconds: 0.7 } },
};

/** Seconds that a full run takes where its first measurements took so long. @param all measurements of the run */
export function forecastSeconds(id: string, done: number, seconds: number, all: number): number {
  const cost = LAB_COSTS[id];
  return cost === undefined ? (seconds * all) / done : (seconds * cost.fullSeconds) / cost.first.seconds;
}
