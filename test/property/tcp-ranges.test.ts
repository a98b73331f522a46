// Ranges of sequence space against a set of single numbers, across the wrap.

import { expect, test } from 'vitest';
import { seqAdd, seqNum } from '../../core/base';
import { Streams } from '../../core/engine';
import { SeqRanges } from '../../core/tcp';

test('ranges hold exactly the numbers that were added and not removed, also where sequence numbers wrap', () => {
  for (let seed = 1; seed <= 100; seed += 1) {
    const random = new Streams(seed).named('ranges');
    const base = seqNum([0, 0x7fff_ffc0, 0xffff_ffc0, 123][seed % 4]!);
    const ranges = new SeqRanges();
    const model = new Set<number>();
    let floor = 0;
    for (let step = 0; step < 60; step += 1) {
      if (random.integer(6) === 0) {
        floor += random.integer(20);
        ranges.removeBelow(seqAdd(base, floor));
        for (const number of [...model]) if (number < floor) model.delete(number);
      } else {
        const from = floor + random.integer(100);
        const to = from + 1 + random.integer(20);
        let added = 0;
        for (let i = from; i < to; i += 1) {
          if (!model.has(i)) added += 1;
          model.add(i);
        }
        expect(ranges.add(seqAdd(base, from), seqAdd(base, to)), `seed ${String(seed)}`).toBe(added);
      }
      expect(ranges.bytes, `seed ${String(seed)}`).toBe(model.size);
      const probe = floor + random.integer(130);
      expect(ranges.indexOf(seqAdd(base, probe)) >= 0, `seed ${String(seed)}`).toBe(model.has(probe));
      expect(ranges.bytesBelow(seqAdd(base, probe))).toBe([...model].filter((number) => number < probe).length);
    }
  }
});
