import { expect, test } from 'vitest';
import type { NodeId } from '../../../core/base';
import { Streams } from '../../../core/engine';
import { Demux, type DemuxKey } from '../../../core/stack';

test('the table finds exactly what a map finds, through additions and removals', () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const random = new Streams(seed).named('demux');
    const table = new Demux<DemuxKey>();
    const map = new Map<string, DemuxKey>();
    for (let step = 0; step < 400; step += 1) {
      const key = { localPort: random.integer(8), remote: random.integer(8) as NodeId, remotePort: random.integer(8) };
      const name = JSON.stringify(key);
      const known = map.get(name);
      expect(table.find(key.localPort, key.remote, key.remotePort), `seed ${String(seed)}`).toBe(known);
      if (known === undefined) {
        table.add(key);
        map.set(name, key);
      } else if (random.integer(2) === 0) {
        table.remove(known);
        map.delete(name);
      }
      expect(table.size).toBe(map.size);
    }
  }
});
