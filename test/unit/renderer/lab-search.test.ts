// Questions as people ask them find the labs that answer them.

import { expect, test } from 'vitest';
import { catalogue } from '../../../electron/runner/catalogue';
import { GALLERY } from '../../../core/scenario';
import { type Found, indexOf } from '../../../renderer/labs/model/findable';

const { labs, guided } = catalogue();
const index = indexOf(labs, guided, GALLERY);
function idOf(found: Found): string {
  if (found.kind === 'lab') return found.lab.id;
  return found.kind === 'guided' ? found.guided.id : found.entry.id;
}
const first = (question: string, count = 1): string[] => index.find(question).slice(0, count).map(idOf);

test.each([
  ['what does Limited Transmit do?', '23-limited-transmit'],
  ['limited transmit', '23-limited-transmit'],
  ['How does Early Retransmit work?', '25-early-retransmit'],
  ['livelock', '10-livelock'],
  ['what is an IPI queue good for', '17-ipi-queues'],
  ['why NUMA', '04-numa'],
  ['SO_REUSEPORT', '37-reuseport'],
  ['How does TSO save CPU time?', '30-tso-cpu'],
  ['PMP vs Giant', '05-parallel-stack'],
  ['livelok', '10-livelock'],
])('“%s” finds %s first', (question, id) => {
  expect(first(question)).toEqual([id]);
});

test('an inflected word finds what has another form of it', () => {
  expect(first('timeouts', 5)).toContain('20-timeouts');
  expect(first('segmenting', 5).some((id) => id.includes('tso'))).toBe(true);
});

test('a word finds its labs while it is being typed', () => {
  expect(first('tok', 3).every((id) => id.includes('token'))).toBe(true);
});

test('words that nothing has find nothing, and so do none', () => {
  expect(index.find('quantum chromodynamics')).toEqual([]);
  expect(index.find('?!')).toEqual([]);
});

test('a rare word decides among labs that have the common ones', () => {
  expect(first('TCP with Eifel')).toEqual(['24-eifel']);
});
