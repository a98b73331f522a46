// Memory for packets: mbufs, of which each CPU caches some in a magazine, and the host others in a depot (the object cache of DragonFly,
// uma of FreeBSD). A CPU that frees what another has allocated fills its magazine with lines that it has written last: whoever
// allocates them next has them come from there. So handing packets from CPU to CPU costs, and nothing here is a penalty.

import { type Line, type Machine, Region } from '../../machine';
import type { Bill } from './bill';
import { LINES } from './socket-seat';
import { Stage } from './stage';

/** mbufs of a magazine: what moves to and from the depot at once [M]; 128 in a bucket of uma. */
const MAGAZINE = 128;

export class Mbuf extends Region {
  /** Payload in it that was not read yet. */
  bytes = 0;

  constructor(machine: Machine) {
    super(machine, 'mbuf', LINES.mbuf, machine.allot(LINES.mbuf));
  }
}

export class MbufCache {
  private readonly magazines: Mbuf[][];
  private readonly depot: Mbuf[][] = [];
  private readonly depotLock: Line;

  constructor(private readonly machine: Machine) {
    this.magazines = Array.from({ length: machine.cpus }, () => []);
    this.depotLock = machine.line();
  }

  /** One for whoever works on this bill, who writes `lines` of it; the caller owns it. */
  take(bill: Bill, lines: number): Mbuf {
    const mbuf = this.magazines[bill.cpu]!.pop() ?? this.fetch(bill);
    bill.write(mbuf, lines);
    return mbuf;
  }

  /** It is not used any more. */
  give(bill: Bill, mbuf: Mbuf): void {
    // What links it to the others.
    bill.write(mbuf, 1);
    const magazine = this.magazines[bill.cpu]!;
    magazine.push(mbuf);
    if (magazine.length < 2 * MAGAZINE) return;
    bill.workWithin(Stage.memory, this.depotLock.atomic(bill.cpu));
    this.depot.push(magazine.splice(0, MAGAZINE));
  }

  /** The magazine is empty: a full one comes from the depot, or is made. */
  private fetch(bill: Bill): Mbuf {
    bill.workWithin(Stage.memory, this.depotLock.atomic(bill.cpu));
    const full = this.depot.pop() ?? Array.from({ length: MAGAZINE }, () => new Mbuf(this.machine));
    const mbuf = full.pop()!;
    this.magazines[bill.cpu] = full;
    return mbuf;
  }
}
