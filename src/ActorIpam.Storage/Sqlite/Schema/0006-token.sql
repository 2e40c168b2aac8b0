-- Bearer tokens (protocol.md §6): digests, never texts. AUTOINCREMENT: a number is never given again, also after the row that had it is gone.
CREATE TABLE token (
    number INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, digest TEXT NOT NULL UNIQUE, role TEXT NOT NULL, host TEXT,
    created_at INTEGER NOT NULL, created_by TEXT NOT NULL, expires_at INTEGER) STRICT;
