-- The tables of version 1, as its first program made them.
CREATE TABLE reports (
	name TEXT PRIMARY KEY,
	examined INTEGER NOT NULL, -- due times up to here have a run; Unix seconds
	failing INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE runs (
	id INTEGER PRIMARY KEY,
	report TEXT NOT NULL,
	due INTEGER, -- Unix seconds; NULL: on request
	state TEXT NOT NULL,
	why TEXT NOT NULL DEFAULT '',
	parameters TEXT NOT NULL DEFAULT '{}', -- JSON: name to text
	server TEXT NOT NULL DEFAULT '',
	attempt INTEGER NOT NULL DEFAULT 0,
	not_before INTEGER NOT NULL,
	started INTEGER,
	ended INTEGER,
	output TEXT NOT NULL DEFAULT '', -- path below the state's folder
	log TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX runs_due ON runs (report, due) WHERE due IS NOT NULL;
CREATE INDEX runs_report ON runs (report, id);
CREATE INDEX runs_open ON runs (state, not_before) WHERE state IN ('queued', 'running');
CREATE TABLE kept (
	key TEXT NOT NULL, day TEXT NOT NULL, rows TEXT NOT NULL,
	PRIMARY KEY (key, day)
) STRICT, WITHOUT ROWID;
CREATE TABLE kept_columns (key TEXT PRIMARY KEY, columns TEXT NOT NULL) STRICT;
CREATE TABLE notices (
	id INTEGER PRIMARY KEY, report TEXT NOT NULL, run INTEGER NOT NULL, failing INTEGER NOT NULL, text TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0
) STRICT;
PRAGMA user_version = 1;
