// Shortest paths over links that are up. The cost of a link is its propagation delay plus the time it takes to
// send 1,500 bytes, so that a fast path of equal length wins; ties go to the link that the scenario names first.

import { NS_PER_SECOND } from '../base';

/** A directed edge of the graph; `edge` is what the caller wants to get back, its position breaks ties. */
export interface Edge {
  readonly from: number;
  readonly to: number;
  readonly costNs: number;
}

const REFERENCE_BYTES = 1500;

/** Cost of a link direction for `shortestPaths`, ns. */
export function linkCostNs(rateBps: number, delayNs: number): number {
  return delayNs + Math.round((REFERENCE_BYTES * 8 * NS_PER_SECOND) / rateBps);
}

/** The graph in a form that can be searched from many nodes. */
export class RouteGraph {
  private readonly firstEdge: Int32Array;
  private readonly edgeOrder: Int32Array;

  /**
   * @param nodeCount nodes are 0 .. nodeCount - 1
   * @param edges edges out of service are left out by the caller
   * @param transit whether packets may pass through a node (routers), by node
   */
  constructor(
    private readonly nodeCount: number,
    private readonly edges: readonly Edge[],
    private readonly transit: (node: number) => boolean,
  ) {
    this.firstEdge = new Int32Array(nodeCount + 1);
    for (const { from } of edges) this.firstEdge[from + 1]! += 1;
    for (let node = 0; node < nodeCount; node += 1) this.firstEdge[node + 1]! += this.firstEdge[node]!;
    const place = this.firstEdge.slice();
    this.edgeOrder = new Int32Array(edges.length);
    edges.forEach(({ from }, index) => {
      this.edgeOrder[place[from]!] = index;
      place[from]! += 1;
    });
  }

  /** For each destination the index of the first edge on the way from `source`, or -1. Dijkstra, O(E log E). */
  firstHops(source: number): Int32Array {
    const distance = new Float64Array(this.nodeCount).fill(Infinity);
    const firstHop = new Int32Array(this.nodeCount).fill(-1);
    const done = new Uint8Array(this.nodeCount);
    const heap = new DistanceHeap();
    distance[source] = 0;
    heap.push(0, source);
    for (let node = heap.pop(); node !== undefined; node = heap.pop()) {
      if (done[node] === 1) continue;
      done[node] = 1;
      if (node !== source && !this.transit(node)) continue;
      for (let i = this.firstEdge[node]!; i < this.firstEdge[node + 1]!; i += 1) {
        const index = this.edgeOrder[i]!;
        const edge = this.edges[index]!;
        const reached = distance[node]! + edge.costNs;
        if (reached >= distance[edge.to]!) continue;
        distance[edge.to] = reached;
        firstHop[edge.to] = node === source ? index : firstHop[node]!;
        heap.push(reached, edge.to);
      }
    }
    return firstHop;
  }
}

/** Binary heap of (distance, node); equal distances leave in the order of node numbers. */
class DistanceHeap {
  private readonly keys: number[] = [];
  private readonly nodes: number[] = [];

  push(key: number, node: number): void {
    let at = this.keys.length;
    this.keys.push(key);
    this.nodes.push(node);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.less(at, parent)) break;
      this.swap(at, parent);
      at = parent;
    }
  }

  pop(): number | undefined {
    const top = this.nodes[0];
    if (top === undefined) return undefined;
    const lastKey = this.keys.pop()!;
    const lastNode = this.nodes.pop()!;
    if (this.keys.length > 0) {
      this.keys[0] = lastKey;
      this.nodes[0] = lastNode;
      this.sink();
    }
    return top;
  }

  private sink(): void {
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      if (left >= this.keys.length) return;
      const right = left + 1;
      const child = right < this.keys.length && this.less(right, left) ? right : left;
      if (!this.less(child, at)) return;
      this.swap(child, at);
      at = child;
    }
  }

  private less(a: number, b: number): boolean {
    const keyA = this.keys[a]!;
    const keyB = this.keys[b]!;
    return keyA < keyB || (keyA === keyB && this.nodes[a]! < this.nodes[b]!);
  }

  private swap(a: number, b: number): void {
    [this.keys[a], this.keys[b]] = [this.keys[b]!, this.keys[a]!];
    [this.nodes[a], this.nodes[b]] = [this.nodes[b]!, this.nodes[a]!];
  }
}
