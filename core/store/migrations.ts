// The database's schema, version by version. Each entry brings a database from its index to the next version, in one
// transaction; a published entry never changes.

export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE runs (
     run_id TEXT PRIMARY KEY, name TEXT NOT NULL, scenario TEXT NOT NULL, seed REAL NOT NULL, status TEXT NOT NULL,
     reason TEXT, started_at REAL NOT NULL, ended_at REAL, duration_ns REAL NOT NULL, digest TEXT, notes TEXT NOT NULL);
   CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL);
   CREATE TABLE recent (path TEXT PRIMARY KEY, name TEXT NOT NULL, used_at REAL NOT NULL);`,

  // Experiments beside runs, and runs that belong to one; tags, pins, disk use, a waste basket, and the words to search.
  // The text index holds a row's words under its id; triggers keep it, so that no writer can forget to.
  `CREATE TABLE entries (
     id INTEGER PRIMARY KEY, run_id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, name TEXT NOT NULL, scenario TEXT NOT NULL,
     seed REAL NOT NULL, status TEXT NOT NULL, reason TEXT, started_at REAL NOT NULL, ended_at REAL,
     duration_ns REAL NOT NULL, digest TEXT, notes TEXT NOT NULL, experiment INTEGER REFERENCES entries ON DELETE SET NULL,
     pinned INTEGER NOT NULL, disk_bytes REAL, removed_at REAL, origin TEXT);
   INSERT INTO entries (run_id, kind, name, scenario, seed, status, reason, started_at, ended_at, duration_ns, digest, notes, pinned)
     SELECT run_id, 'run', name, scenario, seed, status, reason, started_at, ended_at, duration_ns, digest, notes, 0
     FROM runs ORDER BY started_at, run_id;
   DROP TABLE runs;
   ALTER TABLE entries RENAME TO runs;
   CREATE INDEX runs_by_start ON runs (started_at, id);
   CREATE INDEX runs_by_size ON runs (removed_at, disk_bytes);
   CREATE INDEX runs_by_name ON runs (name COLLATE NOCASE, id) WHERE removed_at IS NULL;
   CREATE INDEX runs_by_experiment ON runs (experiment) WHERE experiment IS NOT NULL;
   CREATE TABLE tags (
     id INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, tag TEXT NOT NULL, PRIMARY KEY (id, tag)) WITHOUT ROWID;
   CREATE INDEX tags_by_tag ON tags (tag, id);
   CREATE VIEW run_words AS
     SELECT id, name || char(10) || scenario || char(10) || run_id || char(10) || ifnull(digest, '') || char(10) ||
       printf('%.0f', seed) || char(10) || status || char(10) || ifnull(reason, '') || char(10) || ifnull(origin, '') ||
       char(10) || notes || char(10) || ifnull((SELECT group_concat(tag, char(10)) FROM tags WHERE tags.id = runs.id), '')
       AS words FROM runs;
   CREATE VIRTUAL TABLE run_text USING fts5(words, tokenize = 'trigram', detail = 'full');
   INSERT INTO run_text (rowid, words) SELECT id, words FROM run_words;
   CREATE TRIGGER text_of_new_run AFTER INSERT ON runs BEGIN
     INSERT INTO run_text (rowid, words) SELECT id, words FROM run_words WHERE id = new.id; END;
   CREATE TRIGGER text_of_changed_run AFTER UPDATE OF name, scenario, digest, status, reason, notes ON runs BEGIN
     UPDATE run_text SET words = (SELECT words FROM run_words WHERE id = new.id) WHERE rowid = new.id; END;
   CREATE TRIGGER text_of_lost_run AFTER DELETE ON runs BEGIN
     DELETE FROM run_text WHERE rowid = old.id; END;
   CREATE TRIGGER text_of_new_tag AFTER INSERT ON tags BEGIN
     UPDATE run_text SET words = (SELECT words FROM run_words WHERE id = new.id) WHERE rowid = new.id; END;
   CREATE TRIGGER text_of_lost_tag AFTER DELETE ON tags BEGIN
     UPDATE run_text SET words = (SELECT words FROM run_words WHERE id = old.id) WHERE rowid = old.id; END;`,

  // How far an experiment is.
  `ALTER TABLE runs ADD COLUMN runs_done REAL;
   ALTER TABLE runs ADD COLUMN runs_planned REAL;`,

  // What the latest quick run and the latest full run of each lab left.
  `CREATE TABLE lab_results (
     lab TEXT NOT NULL, quick INTEGER NOT NULL, folder TEXT NOT NULL UNIQUE, seeds REAL NOT NULL, checks REAL NOT NULL,
     failed REAL NOT NULL, ran_at REAL NOT NULL, seconds REAL NOT NULL, program TEXT NOT NULL, disk_bytes REAL NOT NULL,
     removed_at REAL, PRIMARY KEY (lab, quick));`,
];
