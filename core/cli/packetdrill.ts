// odonata packetdrill: scripts against the TCP of core/; folders are walked.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { BadInput, badInput } from '../base';
import { drill, type ProfileName, PROFILES, type TcpSwitches, type Verdict } from '../packetdrill';
import { applyOverrides, tcpSchema } from '../scenario';
import { ExitCode, printJson, printLine } from './output';

export interface PacketdrillOptions {
  readonly profile: string;
  readonly set: readonly string[];
  readonly json?: boolean;
}

/** One record of `--json`. */
interface DrillRecord {
  readonly script: string;
  readonly result: Verdict['result'];
  readonly line: number;
  readonly message: string;
}

const EXTENSION = '.pkt';

/** @param paths scripts, or folders with scripts in them */
export function packetdrillCommand(paths: readonly string[], options: PacketdrillOptions): number {
  const profile = readProfile(options.profile);
  const changes = readSwitches(options.set);
  const records = paths.flatMap(scriptsIn).map((script): DrillRecord => {
    const { result, line, message } = drill(readFileSync(script, 'utf8'), profile, changes);
    return { script, result, line, message };
  });
  if (options.json === true) printJson(records);
  else printReport(records);
  return records.every(({ result }) => result === 'pass') ? ExitCode.done : ExitCode.checkFailed;
}

function readProfile(name: string): ProfileName | 'auto' {
  const known = ['auto', ...Object.keys(PROFILES)];
  if (known.includes(name)) return name as ProfileName | 'auto';
  throw badInput('--profile', `"${name}" is not a profile`, `write ${known.join(', ')}`);
}

/** `--set /tcp/sack=false`: switches of the host under test. */
function readSwitches(overrides: readonly string[]): TcpSwitches {
  const { value, problems } = applyOverrides({ tcp: {} }, overrides);
  const checked = tcpSchema.safeParse((value as { tcp: unknown }).tcp);
  const issues = (checked.error?.issues ?? []).map(({ path, message }) => ({
    file: '--set',
    pointer: `/tcp/${path.join('/')}`,
    message,
    suggestion: 'write a TCP switch of a host, such as /tcp/sack=false',
  }));
  if (problems.length > 0 || checked.data === undefined) throw new BadInput([...problems, ...issues]);
  return checked.data;
}

function scriptsIn(path: string): string[] {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined) throw badInput(path, 'there is no such file', `give a script (*${EXTENSION}) or a folder`);
  if (!status.isDirectory()) return [path];
  const names = readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return names.flatMap((entry) => {
    const inside = join(path, entry.name);
    if (entry.isDirectory()) return scriptsIn(inside);
    return entry.isFile() && entry.name.endsWith(EXTENSION) ? [inside] : [];
  });
}

function printReport(records: readonly DrillRecord[]): void {
  for (const { script, result, line, message } of records) {
    if (result === 'pass') printLine(`pass ${script}`);
    else printLine(`${result} ${script}:${String(line)}: ${message}`);
  }
  const count = (wanted: string): string => String(records.filter(({ result }) => result === wanted).length);
  printLine(`${count('pass')} passed, ${count('fail')} failed, ${count('unsupported')} unsupported`);
}
