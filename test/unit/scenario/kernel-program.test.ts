import { expect, test } from 'vitest';
import { formatProblem } from '../../../core/base';
import { checkScenario } from '../../../core/scenario';
import { programDocument } from '../../worlds';

function lines(program: object, document: object = {}): string[] {
  return checkScenario({ ...(programDocument({ program }) as object), ...document }, 'x').problems.map(formatProblem);
}

const WORK = { do: 'work', for: '1us' };

test('a program without mistakes has no problems', () => {
  const steps = [{ do: 'repeat', steps: [{ do: 'take', what: 't' }, WORK, { do: 'release', what: 't' }] }];
  expect(lines({ tokens: ['t'], threads: [{ id: 'a', cpu: 'each', steps }] })).toEqual([]);
});

test.each([
  ['a CPU that is not there', { threads: [{ id: 'a', cpu: 2, steps: [] }] }, '/threads/0/cpu: there is no CPU 2'],
  ['a move to nowhere', { threads: [{ id: 'a', steps: [{ do: 'move', cpu: 7 }] }] }, 'there is no CPU 7'],
  [
    'a token by a wrong name, deep inside',
    {
      tokens: ['table'],
      threads: [{ id: 'a', steps: [WORK, { do: 'repeat', steps: [{ do: 'take', what: 'tabel' }] }] }],
    },
    '/traffic/0/threads/0/steps/1/steps/0/what: the program has no token or lock "tabel"; did you mean "table"?',
  ],
  [
    'a shared lock',
    {
      locks: [{ id: 'm', kind: 'mutex' }],
      threads: [{ id: 'a', steps: [{ do: 'take', what: 'm', shared: true }] }],
    },
    'the program has no token "m"',
  ],
  ['a message to nobody', { threads: [{ id: 'a', steps: [{ do: 'send', to: 'b' }] }] }, 'no thread or port "b"'],
  [
    'two things of one name',
    { tokens: ['a'], threads: [{ id: 'a', steps: [] }] },
    '"a" is the name of a thread already',
  ],
  ['a step that is none', { threads: [{ id: 'a', steps: [{ do: 'wrok' }] }] }, 'a step\'s "do" is work, sleep'],
  ['no threads', { threads: [] }, 'a program needs threads'],
  ['a host that is not there', { host: 'n', threads: [{ id: 'a', steps: [] }] }, 'there is no node "n"'],
  [
    'a program that begins after the end',
    { start: '2s', threads: [{ id: 'a', steps: [] }] },
    'the flow starts after the end of the run',
  ],
])('%s is told with its place', (_, program, told) => {
  expect(lines(program).join('\n')).toContain(told);
});

test('a host without machine cannot run a program', () => {
  const told = lines({ threads: [{ id: 'a', steps: [] }] }, { nodes: [{ id: 'm', kind: 'host' }] });
  expect(told).toEqual(['x: /traffic/0/host: host "m" has no machine; give it "machine": {"cpus": 2}']);
});

test('probes of machines are known by host, number and name', () => {
  const program = { tokens: ['t'], threads: [{ id: 'a', count: 2, steps: [] }] };
  expect(lines(program, { probes: ['cpu/m/*/busy', 'cpu/*/busy', 'thread/m/a.1/busy', 'sync/m/t/held'] })).toEqual([]);
  expect(lines(program, { probes: ['thread/m/a/busy'] }).join()).toContain('there is no thread "m/a"');
  expect(lines(program, { probes: ['cpu/m/0/bussy'] }).join()).toContain('did you mean "busy"?');
});
