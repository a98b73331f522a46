// A process that is killed: it works on a library as the workbench does, and says before and after each step what it
// is doing. What it said it had done must be there afterwards. Started by kill.test.ts with a folder and a seed.

import { appendFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import {
  type LabFacts,
  type NewRun,
  OpenBundle,
  RunLibrary,
  writeBundle,
  writeLabResult,
  writeRunFolder,
} from '../../../core/store';
import type { RunSummary } from '../../../core/measure';
import { seeded } from './seeded';

const [folder, seedText] = process.argv.slice(2) as [string, string];
const random = seeded(Number(seedText));
const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(random() * from.length)];
const say = (what: string, ...words: readonly string[]): void => {
  appendFileSync(join(folder, 'said.log'), `${what} ${words.join(' ')}\n`);
  writeSync(1, '.');
};

let count = 0;
const newRunId = (): string => {
  count += 1;
  return `20261126-120000-${seedText}x${String(count)}`;
};

const SCENARIO = { name: 'Killed', padding: 'x'.repeat(4000) };

function summaryOf(runId: string): RunSummary {
  const digest = `d${runId.replaceAll('-', '')}`;
  const parts = { events: digest, wire: 'w', flows: 'f', kernel: 'k', links: 'l' };
  return {
    format: 'odonata-summary',
    version: 1,
    scenario: SCENARIO.name,
    seed: 7,
    durationNs: 1e9,
    outcome: 'finished',
    digest,
    digestParts: parts,
    flows: [],
    links: [],
    hosts: [],
    cpus: [],
    kernels: [],
    nics: [],
    stacks: [],
    totals: { events: 1, packets: 1, simSeconds: 1, wallSeconds: 1, unroutable: 0 },
  };
}

const library = new RunLibrary(folder);
const finished = library.database.runs().filter(({ status }) => status === 'finished');
const runIds = finished.map(({ runId }) => runId);

function runOnce(): void {
  const runId = newRunId();
  const run: NewRun = {
    runId,
    name: 'Killed',
    scenario: 'Killed',
    seed: 7,
    status: 'running',
    startedAt: count,
    durationNs: 1e9,
  };
  say('beginning', runId);
  const place = library.begin(run, JSON.stringify(SCENARIO));
  const times = Float64Array.from({ length: 500 }, (_, i) => i * 1e6);
  const summary = summaryOf(runId);
  writeRunFolder(place, {
    summary,
    series: [{ name: 'flow/f/cwnd', unit: 'bytes', times, values: times, length: 500 }],
    document: SCENARIO,
    programVersion: '0',
    command: '',
  });
  say('written', runId);
  say('ending', runId);
  library.end(runId, { status: 'finished', endedAt: count, digest: summary.digest });
  say('finished', runId);
  runIds.push(runId);
}

function annotate(runId: string): void {
  const word = `n${String(Math.floor(random() * 1e9))}`;
  say('noting', runId, word);
  library.database.annotate(runId, { notes: word, tags: [word], name: word });
  say('noted', runId, word);
}

function discard(runId: string): void {
  say('discarding', runId);
  library.database.discardRuns([runId], 1);
  say('discarded', runId);
  library.empty(Infinity);
  say('emptied', runId);
  runIds.splice(runIds.indexOf(runId), 1);
}

/** Exports two runs and takes them in again under new names: both or none. */
async function roundTrip(first: string, second: string): Promise<void> {
  say('packing');
  const path = join(folder, 'trip.odonata');
  const pair = `p${String(Math.floor(random() * 1e9))}`;
  writeBundle(
    path,
    [first, second].map((runId) => ({ folder: library.folderOf(runId), about: { tags: [pair] } })),
    '0',
  );
  const bundle = await OpenBundle.open(path);
  const place = library.arrivalFolder(seedText);
  await bundle.unpack(place);
  bundle.close();
  say('admitting', pair);
  const arrivals = bundle.manifest.entries.map((entry) => {
    const inside = join(place, 'runs', entry.id);
    return { entry: { ...entry, id: newRunId() }, folder: inside };
  });
  library.admit(arrivals, 'trip.odonata', newRunId);
  say('admitted', pair);
  rmSync(place, { recursive: true, force: true });
}

/** Keeps a result of a lab instead of the one before; told apart by a number that outlives the child. */
function keepLab(): void {
  const quick = random() < 0.5;
  count += 1;
  const ranAt = Number(seedText) * 1e6 + count;
  const lab = `lab.${quick ? 'quick' : 'full'}`;
  const facts: LabFacts = { lab: '01-lab', quick, seeds: 1, checks: 3, failed: 1, ranAt, seconds: 1, program: '0' };
  say('labbing', lab, String(ranAt));
  const place = library.labs.place(facts, ranAt);
  const column = Float64Array.from({ length: 2000 }, () => ranAt);
  writeLabResult(place, facts, { column }, [{ name: 'points.csv', content: 'a,b\n'.repeat(2000) }]);
  library.labs.keep(facts, place);
  say('labbed', lab, String(ranAt));
}

async function work(): Promise<void> {
  writeSync(1, '.');
  for (;;) {
    const draw = random();
    const [first, second] = [pick(runIds), pick(runIds)];
    if (first === undefined || runIds.length < 3 || draw < 0.3) runOnce();
    else if (draw < 0.5) annotate(first);
    else if (draw < 0.65) keepLab();
    else if (draw < 0.8) discard(first);
    else if (second !== undefined && second !== first) await roundTrip(first, second);
    library.database.setSetting('draft', `${'draft '.repeat(500)}${String(draw)}`);
  }
}

void work();
