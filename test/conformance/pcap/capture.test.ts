// What we write, tshark reads: no checksum errors, no expert errors beyond what the scenario lost; and the way back:
// captures become scenarios whose applications write exactly the bytes of the captured ones.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { captureToScenario, readCapture } from '../../../core/capture';
import { main } from '../../../core/cli';
import { ROOT } from '../../worlds';

const hasTshark = spawnSync('tshark', ['--version']).status === 0;

function tshark(...args: string[]): string {
  const result = spawnSync('tshark', args, { encoding: 'utf8', maxBuffer: 1e9 });
  expect(result.status, result.stderr).toBe(0);
  return result.stdout;
}

/** Runs a ready scenario with a capture; returns the folder. */
async function captured(scenario: string, ...options: string[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'odonata-pcap-'));
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = () => true;
  try {
    expect(
      await main(['run', join(ROOT, 'scenarios', `${scenario}.json`), '--pcap', '--out', folder, ...options]),
    ).toBe(0);
  } finally {
    process.stdout.write = write;
  }
  return folder;
}

test.runIf(hasTshark)(
  'tshark finds right checksums and one conversation a connection',
  async () => {
    const folder = await captured('dumbbell', '--duration', '3s');
    const file = join(folder, 'capture.pcapng');
    const checks = ['-o', 'tcp.check_checksum:TRUE', '-o', 'ip.check_checksum:TRUE'];
    expect(tshark('-r', file, ...checks, '-Y', 'tcp.checksum.status == 0 || ip.checksum.status == 0')).toBe('');
    expect(tshark('-r', file, '-Y', '_ws.malformed')).toBe('');
    const conversations = tshark('-r', file, '-q', '-z', 'conv,tcp')
      .split('\n')
      .filter((line) => line.includes('<->'));
    expect(conversations).toHaveLength(4);
  },
  60_000,
);

test.runIf(hasTshark)(
  'on a clean path tshark has nothing to say',
  async () => {
    const folder = await captured('lossy-link', '--duration', '3s', '--set', '/links/lossy/loss/probability=0');
    const found = tshark(
      '-r',
      join(folder, 'capture.pcapng'),
      '-Y',
      'tcp.analysis.flags && !tcp.analysis.window_update',
    );
    expect(found).toBe('');
  },
  60_000,
);

test.runIf(hasTshark)(
  'retransmissions that tshark sees are those that the run counted',
  async () => {
    const folder = await captured('lossy-link', '--duration', '10s');
    const summary = JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8')) as {
      flows: { retransmits: number }[];
    };
    const seen = tshark(
      '-r',
      join(folder, 'capture.pcapng'),
      '-Y',
      'tcp.analysis.retransmission || tcp.analysis.fast_retransmission || tcp.analysis.spurious_retransmission || tcp.analysis.out_of_order',
    );
    expect(seen.split('\n').filter((line) => line !== '')).toHaveLength(summary.flows[0]!.retransmits);
  },
  60_000,
);

test('a capture of our own comes back with exactly the bytes that were written, retransmissions removed', async () => {
  const folder = await captured('lossy-link', '--duration', '10s');
  const summary = JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8')) as { flows: { bytesAcked: number }[] };
  const contents = readCapture(readFileSync(join(folder, 'capture.pcapng')), 'capture.pcapng');
  const imported = captureToScenario(contents, 'capture', 'capture.pcapng');
  expect(imported.ok).toBe(true);
  if (!imported.ok) return;
  const [flow] = imported.value.scenario.traffic;
  expect(flow?.kind).toBe('replay');
  const bytes = (flow as { records: { bytes: number }[] }).records.reduce((sum, record) => sum + record.bytes, 0);
  // Everything acknowledged was sent, and at most a window more.
  expect(bytes).toBeGreaterThanOrEqual(summary.flows[0]!.bytesAcked);
  expect(bytes - summary.flows[0]!.bytesAcked).toBeLessThan(262_144);
  expect(imported.value.report[0]).toMatch(/repeated segments left out/);
}, 60_000);

test('real programs on loopback, with losses: bytes and order are exact, and the replay runs', async () => {
  const fixtures = join(ROOT, 'test/conformance/pcap/fixtures');
  const truth = JSON.parse(readFileSync(join(fixtures, 'truth.json'), 'utf8')) as Record<
    string,
    { toServer: number; toClient: number; order: string }
  >;
  for (const [name, expected] of Object.entries(truth)) {
    const imported = captureToScenario(readCapture(readFileSync(join(fixtures, name)), name), name, name);
    expect(imported.ok, name).toBe(true);
    if (!imported.ok) continue;
    const { scenario } = imported.value;
    const [flow] = scenario.traffic as { from: string; to: string; records: { bytes: number; from: string }[] }[];
    const sum = (end: string): number =>
      flow!.records.filter(({ from }) => from === end).reduce((total, { bytes }) => total + bytes, 0);
    expect({ toServer: sum(flow!.from), toClient: sum(flow!.to) }, name).toEqual({
      toServer: expected.toServer,
      toClient: expected.toClient,
    });
    const order = flow!.records
      .map(({ from }) => (from === flow!.from ? '>' : '<'))
      .join('')
      .replace(/(.)\1+/g, '$1');
    expect(order, name).toBe(expected.order);
    const { runDocument } = await import('../../worlds');
    const summary = runDocument(scenario);
    expect(summary.flows[0]!.bytesDelivered, name).toBe(expected.toServer + expected.toClient);
  }
}, 60_000);

test('files that are no captures, or break off, are told with the byte', () => {
  const whole = readFileSync(join(ROOT, 'test/conformance/pcap/fixtures/clean.pcap'));
  expect(readCapture(Uint8Array.of(1, 2, 3, 4, 5), 'x').problems[0]?.message).toBe('this is neither pcap nor pcapng');
  const cut = readCapture(whole.subarray(0, whole.length - 10), 'x');
  expect(cut.problems[0]?.message).toMatch(/^byte \d+: a packet is cut off$/);
  expect(cut.datagrams.length).toBeGreaterThan(3);
  for (let length = 0; length < 200; length += 1) readCapture(whole.subarray(0, length), 'x');
});
