-- Folds of long streams up to a version (protocol.md §2); only those whose commit id stands in the journal at that version count.
CREATE TABLE snapshot (
    stream TEXT NOT NULL, version INTEGER NOT NULL, commit_id BLOB NOT NULL, schema INTEGER NOT NULL, sha256 TEXT NOT NULL, state TEXT NOT NULL,
    PRIMARY KEY (stream, version)) WITHOUT ROWID, STRICT;
