// The scripts of this folder hold; and each of them can fail: with one expected number changed it does.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { drill } from '../../../core/packetdrill';

const FOLDER = import.meta.dirname;
const scripts = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.pkt'))
  .sort();

/** The last packet that the script expects, expected with another number; a SYN, whose number is free, much later. */
function spoil(text: string): string {
  const lines = text.split('\n');
  const at = lines.findLastIndex((line) => /^[^/]*>[^\n]* \d+:\d+\(\d+\)/u.test(line));
  if (at < 0) return text;
  if (/>[^>]*\bS[EW.]* \d/u.test(lines[at]!)) {
    lines[at] = lines[at]!.replace(/^\S+/u, '+77');
    return lines.join('\n');
  }
  lines[at] = lines[at]!.replace(
    / (\d+):(\d+)\(/u,
    (_, from: string, to: string) => ` ${String(Number(from) + 1)}:${String(Number(to) + 1)}(`,
  );
  return lines.join('\n');
}

test('there are scripts for every mechanism', () => {
  expect(scripts.length).toBeGreaterThanOrEqual(80);
});

describe.each(scripts)('%s', (name) => {
  const text = readFileSync(join(FOLDER, name), 'utf8');

  test('holds', () => {
    const { result, line, message } = drill(text, 'auto');
    expect(`${result} ${String(line)} ${message}`).toBe('pass 0 ');
  });

  test('fails when the last packet is expected differently', () => {
    const spoilt = spoil(text);
    if (spoilt !== text) expect(drill(spoilt, 'auto').result).toBe('fail');
  });
});

const OPEN = `+0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
+0 bind(3, ..., ...) = 0
+0 listen(3, 1) = 0
+0 < S 0:0(0) win 65535 <mss 1000>
`;

describe('what is wrong is said with its line', () => {
  test.each([
    ['a call that is not known', `${OPEN}+0 splice(3, 4) = 0`, 'unsupported', 5, 'splice'],
    ['a shell command', `${OPEN}+0 \`reboot\``, 'unsupported', 5, 'shell command not understood: reboot'],
    ['a sysctl', `${OPEN}+0 \`sysctl -w net.inet.tcp.no_such=1\``, 'unsupported', 5, 'net.inet.tcp.no_such'],
    ['a script without events', '// nothing\n', 'unsupported', 2, 'expected an event'],
    ['letters that are not flags', `${OPEN}+0 > X 0:0(0) ack 1`, 'unsupported', 5, 'TCP flags'],
    ['a packet without flags', `${OPEN}+0 > 0:0(0) ack 1`, 'unsupported', 5, 'TCP flags'],
    ['numbers that do not add up', `${OPEN}+0 < . 1:5(9) ack 1`, 'unsupported', 5, 'does not add up'],
    ['a missing packet', `${OPEN}+0 > S. 0:0(0) ack 1 <...>\n+0 > . 1:1(0) ack 1`, 'fail', 6, 'timed out'],
    ['another window', `${OPEN}+0 > S. 0:0(0) ack 1 win 7 <...>`, 'fail', 5, 'window: expected: 7 vs actual: 65535'],
    ['another time', `${OPEN}+.5 > S. 0:0(0) ack 1 <...>`, 'fail', 5, 'timing error'],
    [
      'an extra packet',
      `${OPEN}+0 < S 0:0(0) win 1\n+0 > S. 0:0(0) ack 1 <...>\n+0 > . 1:1(0) ack 1`,
      'fail',
      7,
      'flags',
    ],
    ['a result', `+0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 4`, 'fail', 1, 'Expected result 4 but got 3'],
    ['an assertion', `${OPEN}+0 %{ assert 1 == 2, 'never' }%`, 'fail', 5, 'never'],
    ['an #ifdef without end', `#ifdef Linux\n${OPEN}`, 'unsupported', 1, '#endif'],
  ])('%s', (_, text, result, line, message) => {
    const run = drill(text, 'rfc');
    expect([run.result, run.line]).toEqual([result, line]);
    expect(run.message).toContain(message);
  });
});

test('a switch on the command line goes before the profile', () => {
  const text = `${OPEN}+0 > S. 0:0(0) ack 1 <mss 900>`;
  expect(drill(text, 'rfc').result).toBe('fail');
  expect(drill(text, 'rfc', { mss: 900 }).result).toBe('pass');
});

test.each(['rfc', 'linux', 'freebsd'] as const)('the profile %s opens a connection', (profile) => {
  const text = `${OPEN}+0 > S. 0:0(0) ack 1 <...>\n+.1 < . 1:1(0) ack 1 win 1000\n+0 accept(3, ..., ...) = 4`;
  expect(drill(text, profile).result).toBe('pass');
});
