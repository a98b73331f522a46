// Fragments and ICMP errors as tshark sees them: checksums right, datagrams put together, errors understood, whatever the stack.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { main } from '../../../core/cli';
import type { RunSummary } from '../../../core/measure';
import { pathDocument } from '../../worlds';

const hasTshark = spawnSync('tshark', ['--version']).status === 0;
const PAYLOAD_BYTES = 4000;

function tshark(...args: string[]): string[] {
  const result = spawnSync('tshark', args, { encoding: 'utf8', maxBuffer: 1e9 });
  expect(result.status, result.stderr).toBe(0);
  return result.stdout.split('\n').filter((line) => line !== '');
}

async function captured(host: object): Promise<{ file: string; summary: RunSummary }> {
  const folder = mkdtempSync(join(tmpdir(), 'odonata-fragments-'));
  const document = pathDocument({
    duration: '2s',
    link: { mtu: 1500 },
    tcp: { sack: true },
    traffic: [
      { id: 't', kind: 'transfer', from: 'a', to: 'b', size: 500_000 },
      { id: 'u', kind: 'udp-cbr', from: 'a', to: 'b', size: PAYLOAD_BYTES, rate: '500kbps', stop: '1s' },
      { id: 'c', kind: 'udp-cbr', from: 'a', to: 'b', size: 100, rate: '40kbps', receiver: false, stop: '1s' },
    ],
  }) as { nodes: object[]; links: object[] };
  const path = join(folder, 'scenario.json');
  writeFileSync(
    path,
    JSON.stringify({
      ...document,
      nodes: document.nodes.map((node) => ('kind' in node && node.kind === 'host' ? { ...node, ...host } : node)),
      links: document.links.map((link) => ({ mtu: 1500, ...link })),
      changes: [{ at: '200ms', set: '/links/mid/mtu', to: 1000 }],
    }),
  );
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = () => true;
  try {
    expect(await main(['run', path, '--pcap', '--out', folder])).toBe(0);
  } finally {
    process.stdout.write = write;
  }
  const summary = JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8')) as RunSummary;
  return { file: join(folder, 'capture.pcapng'), summary };
}

test.runIf(hasTshark).each([
  ['ideal', {}],
  ['pmp', { kernel: { model: 'pmp' }, machine: { cpus: 4 }, nic: { tso: true } }],
])(
  '%s: checksums are right, datagrams come together, and the errors are those that were counted',
  async (_, host) => {
    const { file, summary } = await captured(host);
    const checks = ['tcp', 'udp', 'ip'].flatMap((name) => ['-o', `${name}.check_checksum:TRUE`]);
    const bad = ['tcp', 'udp', 'ip', 'icmp'].map((name) => `${name}.checksum.status == 0`).join(' || ');
    expect(tshark('-r', file, ...checks, '-Y', `${bad} || _ws.malformed`)).toEqual([]);
    expect(tshark('-r', file, ...checks, '-Y', 'udp.checksum.status == 1').length).toBeGreaterThan(10);
    const [, large, closed] = summary.flows;
    // Three pieces each at the sender, of which tshark makes one datagram again.
    const whole = tshark(
      '-r',
      file,
      '-Y',
      `udp.length == ${String(PAYLOAD_BYTES + 8)}`,
      '-T',
      'fields',
      '-e',
      'ip.fragment.count',
    );
    expect(whole).toEqual(Array.from({ length: large!.datagramsSent! }, () => '3'));
    const errors = (code: number, ...fields: string[]): string[] =>
      tshark('-r', file, '-Y', `icmp.type == 3 && icmp.code == ${String(code)}`, ...fields);
    const { icmpTooBig } = summary.routers!.find(({ id }) => id === 'r1')!;
    expect(icmpTooBig).toBeGreaterThan(0);
    expect(errors(4, '-T', 'fields', '-e', 'icmp.mtu')).toEqual(Array.from({ length: icmpTooBig }, () => '1000'));
    expect(errors(3)).toHaveLength(summary.hosts.find(({ id }) => id === 'b')!.icmp!.sent);
    expect(closed!.errors).toBeGreaterThan(10);
    // What is quoted names the connection.
    const quoted = tshark('-r', file, '-Y', 'icmp.code == 4', '-T', 'fields', '-e', 'tcp.dstport', '-e', 'ip.len');
    expect(quoted[0]).toMatch(/^5001\t56,1500$/);
    // From then on no segment is larger than the path.
    const largest = tshark('-r', file, '-Y', 'tcp && frame.time_relative > 0.4', '-T', 'fields', '-e', 'ip.len').map(
      Number,
    );
    expect(Math.max(...largest)).toBe(1000);
  },
  60_000,
);
