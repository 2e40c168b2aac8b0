-- Where the journal went: a row here keeps every member from starting on what was left behind.
CREATE TABLE moved (id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1), target TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
