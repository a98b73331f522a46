// Opens an SQLite file so that a kill at any moment leaves whole transactions only.
//
// node-sqlite3-wasm keeps its lock as a folder beside the file, and asks that folder whether somebody else is writing:
// it sees its own lock, and so never rolls a journal back that a killed process left. With a rollback journal a kill in
// the middle of a commit therefore leaves half a transaction, and no integrity check notices (test/property/
// library-kills.test.ts found it). The write-ahead log needs no such question: what was not committed is not read.
// Without shared memory it works for one connection only, which must say so before it reads anything.

import { existsSync } from 'node:fs';
import { Database } from 'node-sqlite3-wasm';

/** The database's file cannot be read; it has to be moved away. */
export class DamagedDatabase extends Error {}

/**
 * What commits survive: of this machine's end (each waits for the disk, some milliseconds), or of this program's only. The latter
 * ones are in the system's hands at once, so that no kill loses one; a power cut loses the last of them, and nothing before.
 */
export type Survival = 'machine' | 'program';

/**
 * The caller makes sure that no other process has the file open, and removes the lock that a killed one left.
 * @throws DamagedDatabase
 */
export function openDatabaseFile(path: string, survival: Survival = 'machine'): Database {
  const existed = existsSync(path);
  const database = new Database(path);
  let verdict: unknown;
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;');
    database.exec(`PRAGMA synchronous = ${survival === 'machine' ? 'FULL' : 'NORMAL'};`);
    database.exec('PRAGMA foreign_keys = ON;');
    verdict = database.all('PRAGMA integrity_check')[0]?.['integrity_check'];
  } catch (error) {
    verdict = error;
  }
  if (verdict === 'ok') return database;
  database.close();
  if (!existed) throw verdict instanceof Error ? verdict : new Error(`${path} cannot be made`);
  throw new DamagedDatabase(`${path} is damaged; move it away and start again`);
}
