// From text or value to a scenario, with every problem at once.

import type { Checked, Problem } from '../base';
import { readChanges } from './changes';
import { consistencyProblems } from './consistency';
import { readJson } from './json-text';
import { referenceProblems } from './references';
import { readReplayCsv } from './replay-csv';
import { resolve, type ResolvedScenario } from './resolved';
import { type ReadScenario, type Scenario, scenarioSchema } from './schema';
import { schemaProblems } from './schema-problems';
import { NOWHERE, type Places, type Report, reporter, soundPart } from './sound-part';

/** A scenario that can be run: as written, and resolved. */
export interface CheckedScenario {
  readonly document: Scenario;
  readonly resolved: ResolvedScenario;
}

/** Problems beyond this are counted, not listed. */
const PROBLEMS_MAX = 200;

/** Reads and checks a scenario's text. @param file name for the problems; `-` for standard input */
export function parseScenario(text: string, file: string): Checked<CheckedScenario> {
  const { value, problems } = readJson(text, file);
  if (value === undefined) return { ok: false, problems };
  const checked = checkScenario(value, file);
  if (problems.length === 0) return checked;
  return { ok: false, problems: [...problems, ...checked.problems] };
}

/** Checks a scenario that is already a value. */
export function checkScenario(value: unknown, file: string): Checked<CheckedScenario> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const problem = {
      file,
      pointer: '',
      message: 'a scenario is a JSON object',
      suggestion: 'begin with {"format": "odonata-scenario", "version": 1, …',
    };
    return { ok: false, problems: [problem] };
  }
  const read = scenarioSchema.safeParse(value);
  const problems = [
    ...(read.success ? [] : schemaProblems(read.error, value, file)),
    ...referenceProblems(value, file),
  ];
  // What the schema refuses hides nothing that can be told without it.
  const sound = read.success ? { value: read.data, broken: NOWHERE } : soundPart(scenarioSchema, value);
  if (sound === undefined) return { ok: false, problems: limited(problems, file) };
  const report = reporter(problems, file, sound.broken);
  const withCsv = inlineCsv(sound.value, sound.broken, report);
  const changes = readChanges(withCsv, report);
  consistencyProblems(withCsv, sound.broken, report);
  if (problems.length > 0) return { ok: false, problems: limited(problems, file) };
  return { ok: true, value: { document: value as Scenario, resolved: resolve(withCsv, changes) }, problems: [] };
}

function limited(problems: Problem[], file: string): Problem[] {
  if (problems.length <= PROBLEMS_MAX) return problems;
  const rest = problems.length - PROBLEMS_MAX;
  return [...problems.slice(0, PROBLEMS_MAX), { file, pointer: '', message: `and ${String(rest)} problems more` }];
}

/** Replays' CSV texts become records. */
function inlineCsv(scenario: ReadScenario, broken: Places, report: Report): ReadScenario {
  const traffic = scenario.traffic.map((flow, index) => {
    if (flow.kind !== 'replay') return flow;
    const pointer = `/traffic/${String(index)}`;
    const given = [flow.records, flow.csv, flow.file].filter((source) => source !== undefined).length;
    if (given !== 1) {
      report(
        pointer,
        'a replay has exactly one of "records", "csv" and "file"',
        '"csv": "0,512\\n0.25,1024"',
        ...['records', 'csv', 'file'].map((source) => `${pointer}/${source}`),
      );
      return flow;
    }
    if (flow.file !== undefined)
      report(
        `${pointer}/file`,
        `the file "${flow.file}" was not read`,
        'run the scenario from its own file, or put the rows into "csv"',
      );
    if (flow.csv === undefined) return flow;
    const ends = ['from', 'to'].some((end) => broken.touch(`${pointer}/${end}`)) ? undefined : flow;
    const protocol = broken.touch(`${pointer}/protocol`) ? 'tcp' : (flow.protocol ?? 'tcp');
    const records = readReplayCsv(flow.csv, { ends, protocol }, (message, suggestion) => {
      report(`${pointer}/csv`, message, suggestion);
    });
    return { ...flow, records };
  });
  return { ...scenario, traffic };
}
