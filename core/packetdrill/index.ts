// packetdrill: scripts of that name against the TCP of core/. The language, the machine under test on the stack's own
// host, and the run in virtual time. Realises packetdrill.md and product.md §3.2.

import { parseScript } from './parser';
import { detectProfile, type ProfileName, PROFILES, type TcpSwitches } from './profile';
import type { Run } from './ladder';
import { runScript } from './runner';
import { ScriptError } from './script';

export type { LadderRow, Run } from './ladder';
export type { ProfileName, TcpSwitches } from './profile';
export { PROFILES } from './profile';

/** What became of one script. */
export interface Verdict extends Run {
  readonly profile: ProfileName;
}

/**
 * Reads and runs a script.
 * @param profile the family that it is for; `auto` looks at the script
 * @param changes switches that go before the profile's own
 */
export function drill(text: string, profile: ProfileName | 'auto', changes: TcpSwitches = {}): Verdict {
  const name = profile === 'auto' ? detectProfile(text) : profile;
  const chosen = PROFILES[name];
  try {
    return { profile: name, ...runScript(parseScript(text, chosen.defined), chosen, changes) };
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    return { profile: name, result: 'unsupported', line: error.line, message: error.message, rows: [] };
  }
}
