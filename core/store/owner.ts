// Who has a folder's database open. A process is named by its id and by when it began, because ids are given again:
// after a crash and a restart of the machine, somebody else may have the number.

import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const OWNER_FILE = 'owner.pid';
/** Place of a process's start in /proc/PID/stat, counted after its name (proc(5), field 22). */
const START_FIELD = 19;

/**
 * Writes this process down as the owner of `folder`.
 * @throws Error if another living process owns it
 */
export function takeOwnership(folder: string): void {
  const path = join(folder, OWNER_FILE);
  const [pid = 0, ...began] = existsSync(path) ? readFileSync(path, 'utf8').split(' ') : [];
  const owner = Number(pid);
  if (owner !== process.pid && owner > 0 && isAlive(owner, began.join(' ')))
    throw new Error(`process ${String(owner)} has the database open; close that window first`);
  writeFileSync(path, `${String(process.pid)} ${beginOf(process.pid)}`.trim());
}

export function giveUpOwnership(folder: string): void {
  rmSync(join(folder, OWNER_FILE), { force: true });
}

function isAlive(pid: number, began: string): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return began === '' || beginOf(pid) === began;
}

/** The machine's start and the process's start after it; empty where the system does not say. */
function beginOf(pid: number): string {
  try {
    const status = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    const fields = status.slice(status.lastIndexOf(')') + 2).split(' ');
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${fields[START_FIELD] ?? ''}`;
  } catch {
    return '';
  }
}
