-- A handle's and an owner's addresses are found by index; those of a block lie side by side under the key.
-- block_room holds exactly the blocks a walk may return: a search in a full /8 must not read the full blocks.
CREATE TABLE stream (id TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, commit_id BLOB NOT NULL) WITHOUT ROWID, STRICT;
CREATE TABLE journal (
    stream TEXT NOT NULL, version INTEGER NOT NULL, commit_id BLOB NOT NULL, at INTEGER NOT NULL, member TEXT NOT NULL,
    schema INTEGER NOT NULL, events TEXT NOT NULL, PRIMARY KEY (stream, version)) WITHOUT ROWID, STRICT;
CREATE TABLE request (
    id TEXT NOT NULL PRIMARY KEY, digest TEXT NOT NULL, issued INTEGER, grants BLOB NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID, STRICT;
CREATE INDEX request_at ON request (at, id);
CREATE TABLE handle (id TEXT NOT NULL PRIMARY KEY, closed_through INTEGER NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID, STRICT;
CREATE TABLE address (
    ip BLOB NOT NULL PRIMARY KEY, block BLOB NOT NULL, generation INTEGER NOT NULL, handle TEXT, owner TEXT NOT NULL, attributes TEXT,
    since INTEGER NOT NULL, issued INTEGER) WITHOUT ROWID, STRICT;
CREATE INDEX address_handle ON address (handle, ip) WHERE handle IS NOT NULL;
CREATE INDEX address_owner ON address (owner, ip);
CREATE TABLE address_history (
    ip BLOB NOT NULL, place INTEGER NOT NULL, block BLOB NOT NULL, generation INTEGER NOT NULL, handle TEXT, owner TEXT NOT NULL,
    attributes TEXT, since INTEGER NOT NULL, issued INTEGER, pool TEXT NOT NULL, released_at INTEGER NOT NULL, why TEXT NOT NULL,
    PRIMARY KEY (ip, place)) WITHOUT ROWID, STRICT;
CREATE TABLE block (
    cidr BLOB NOT NULL PRIMARY KEY, pool TEXT NOT NULL, owner TEXT, version INTEGER NOT NULL, size INTEGER NOT NULL, free INTEGER NOT NULL,
    assigned INTEGER NOT NULL, cooling INTEGER NOT NULL, host_reserved INTEGER NOT NULL, borrowed INTEGER NOT NULL,
    claimed_at INTEGER, cooling_since INTEGER) WITHOUT ROWID, STRICT;
CREATE INDEX block_owner ON block (owner, cidr) WHERE owner IS NOT NULL;
CREATE INDEX block_room ON block (cidr) WHERE free + cooling > 0 OR owner IS NULL;
CREATE INDEX block_cooling ON block (cooling_since, cidr) WHERE cooling_since IS NOT NULL;
CREATE INDEX block_empty ON block (cidr) WHERE owner IS NOT NULL AND assigned = 0 AND cooling = 0;
CREATE TABLE resource (
    kind TEXT NOT NULL, name TEXT NOT NULL, uid TEXT NOT NULL, resource_version INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (kind, name)) STRICT;
