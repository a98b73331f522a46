// Urgent data as tshark sees them: the pointers of all segments with URG name one place, and none points where there is no URG.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { captureToScenario, readCapture } from '../../../core/capture';
import { main } from '../../../core/cli';
import type { RunSummary } from '../../../core/measure';
import { pathDocument, runDocument } from '../../worlds';

const hasTshark = spawnSync('tshark', ['--version']).status === 0;
const MARK = 300_000;

function tshark(...args: string[]): string[] {
  const result = spawnSync('tshark', args, { encoding: 'utf8', maxBuffer: 1e9 });
  expect(result.status, result.stderr).toBe(0);
  return result.stdout.split('\n').filter((line) => line !== '');
}

/** Runs a document with a capture; returns the folder. */
async function captured(document: unknown): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'odonata-urgent-'));
  const path = join(folder, 'scenario.json');
  writeFileSync(path, JSON.stringify(document));
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = () => true;
  try {
    expect(await main(['run', path, '--pcap', '--out', folder])).toBe(0);
  } finally {
    process.stdout.write = write;
  }
  return folder;
}

test('a capture becomes a replay whose urgent data end where they did', async () => {
  const marks = [0, 20_000, 70_000];
  const traffic = [{ id: 't', kind: 'transfer', from: 'a', to: 'b', size: 90_000, urgent: marks }];
  const folder = await captured(pathDocument({ duration: '5s', traffic }));
  const contents = readCapture(readFileSync(join(folder, 'capture.pcapng')), 'capture');
  const imported = captureToScenario(contents, 'capture', 'capture');
  if (!imported.ok) throw new Error('the capture has problems');
  const { records } = imported.value.scenario.traffic[0] as { records: { bytes: number; urgent?: boolean }[] };
  let end = 0;
  const ends = records.flatMap(({ bytes, urgent }) => ((end += bytes), urgent === true ? [end] : []));
  expect({ ends, end }).toEqual({ ends: marks.map((place) => place + 1), end: 90_000 });
  expect(runDocument(imported.value.scenario).flows[0]).toMatchObject({
    bytesDelivered: 90_000,
    urgentMarksSent: marks.length,
  });
});

test.runIf(hasTshark).each([
  ['ideal', {}],
  ['pmp', { kernel: { model: 'pmp' }, machine: { cpus: 4 }, nic: { tso: true } }],
])('%s: pointers and checksums are right', async (_, host) => {
  const document = pathDocument({
    duration: '2s',
    traffic: [{ id: 't', kind: 'transfer', from: 'a', to: 'b', size: 500_000, urgent: [MARK] }],
  }) as { nodes: object[] };
  const nodes = document.nodes.map((node) => ('kind' in node && node.kind === 'host' ? { ...node, ...host } : node));
  const folder = await captured({ ...document, nodes });
  const file = join(folder, 'capture.pcapng');
  const { flows } = JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8')) as RunSummary;
  const fields = ['-T', 'fields', '-e', 'tcp.seq', '-e', 'tcp.urgent_pointer'];
  const urgent = tshark('-r', file, '-Y', 'tcp.flags.urg == 1 && frame.interface_id == 0', ...fields);
  expect(urgent).toHaveLength(flows[0]!.urgentSegmentsSent!);
  // The stream begins at 1; the pointer names the octet behind the urgent one.
  for (const line of urgent) {
    const [seq, pointer] = line.split('\t').map(Number);
    expect(seq! + pointer!).toBe(1 + MARK + 1);
  }
  expect(tshark('-r', file, '-Y', 'tcp.flags.urg == 0 && tcp.urgent_pointer != 0', ...fields)).toEqual([]);
  const check = ['-o', 'tcp.check_checksum:TRUE', '-o', 'ip.check_checksum:TRUE'];
  expect(tshark('-r', file, ...check, '-Y', 'tcp.checksum.status == 0 || ip.checksum.status == 0')).toEqual([]);
});
