// Memory that the protocols of a host share besides connections: statistics, routes, and tables of connections. Where the stack is
// partitioned each CPU has its own (kernel.md §6.1).

import type { Machine, Region } from '../../machine';
import type { Model } from '../models/model';
import type { Partition } from '../partition';
import { LINES } from './socket-seat';

export class SharedRegions {
  private readonly statistics: readonly Region[];
  private readonly routes: readonly Region[];
  private readonly tables: readonly Region[];
  private readonly isPartitioned: boolean;

  constructor(machine: Machine, { isPartitioned, partitions }: Model) {
    const regions = (kind: 'statistics' | 'route' | 'table', count: number): Region[] =>
      Array.from({ length: count }, () => machine.region(kind, LINES[kind]));
    this.isPartitioned = isPartitioned;
    this.statistics = regions('statistics', isPartitioned ? partitions : 1);
    this.routes = regions('route', isPartitioned ? partitions : 1);
    this.tables = regions('table', partitions);
  }

  statisticsOf(partition: Partition): Region {
    return this.statistics[this.isPartitioned ? partition.index : 0]!;
  }

  routesOf(partition: Partition): Region {
    return this.routes[this.isPartitioned ? partition.index : 0]!;
  }

  tableOf(partition: Partition): Region {
    return this.tables[partition.index]!;
  }
}
