-- Who had a block, and what a resource was: a row for each change, what lasts included (to_at is null).
CREATE TABLE block_history (
    cidr BLOB NOT NULL, version INTEGER NOT NULL, pool TEXT NOT NULL, owner TEXT, from_at INTEGER NOT NULL, to_at INTEGER,
    why TEXT NOT NULL, ended TEXT, PRIMARY KEY (cidr, version)) WITHOUT ROWID, STRICT;
CREATE UNIQUE INDEX block_history_lasting ON block_history (cidr) WHERE to_at IS NULL;
CREATE INDEX block_history_owner ON block_history (owner, cidr) WHERE owner IS NOT NULL;
CREATE INDEX block_history_ended ON block_history (to_at) WHERE to_at IS NOT NULL;
CREATE TABLE resource_history (
    kind TEXT NOT NULL, name TEXT NOT NULL, place INTEGER NOT NULL, uid TEXT NOT NULL, resource_version INTEGER NOT NULL, body TEXT NOT NULL,
    from_at INTEGER NOT NULL, to_at INTEGER, PRIMARY KEY (kind, name, place)) STRICT;
CREATE UNIQUE INDEX resource_history_lasting ON resource_history (kind, name) WHERE to_at IS NULL;
CREATE INDEX resource_history_ended ON resource_history (to_at) WHERE to_at IS NOT NULL;
CREATE TABLE history_horizon (id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1), at INTEGER NOT NULL) STRICT;

-- Every question about holders is a stretch of one of these. Of a pool's uid eight letters tell enough apart; the row itself is looked at behind.
CREATE INDEX address_history_ip ON address_history (ip, released_at);
CREATE INDEX address_history_handle ON address_history (handle, released_at) WHERE handle IS NOT NULL;
CREATE INDEX address_history_owner ON address_history (owner, released_at);
CREATE INDEX address_history_pool ON address_history (substr(pool, 1, 8), released_at);
CREATE INDEX address_history_released ON address_history (released_at);

-- What an earlier release wrote only into the journal. cidr_key is a function of the program: the key of a range written as text.
CREATE TEMP TABLE told AS
SELECT j.stream, j.version, e.key AS place, j.at, j.commit_id, json_extract(e.value, '$.type') AS type, json_extract(e.value, '$.pool') AS pool,
       json_extract(e.value, '$.owner') AS owner, ifnull(json_extract(e.value, '$.why'), '') AS why
  FROM journal AS j, json_each(j.events) AS e
 WHERE j.stream >= 'block/' AND j.stream < 'block0' AND json_extract(e.value, '$.type') IN ('BlockOpened', 'AffinityLost', 'BlockMoved', 'BlockClosed');
CREATE INDEX temp.told_order ON told (stream, version, place);
CREATE TEMP TABLE claimed AS
SELECT j.commit_id, 'block/' || json_extract(e.value, '$.block') AS stream, json_extract(e.value, '$.why') AS why
  FROM journal AS j, json_each(j.events) AS e
 WHERE j.stream >= 'pool/' AND j.stream < 'pool0' AND json_extract(e.value, '$.type') = 'BlockClaimed';
CREATE INDEX temp.claimed_commit ON claimed (commit_id, stream);
INSERT INTO block_history (cidr, version, pool, owner, from_at, to_at, why, ended)
SELECT cidr_key(substr(t.stream, 7)), t.version,
       ifnull(t.pool, (SELECT b.pool FROM told AS b WHERE b.stream = t.stream AND (b.version, b.place) < (t.version, t.place) AND b.pool IS NOT NULL
                        ORDER BY b.version DESC, b.place DESC LIMIT 1)),
       CASE t.type WHEN 'BlockOpened' THEN t.owner WHEN 'AffinityLost' THEN NULL
            ELSE (SELECT b.owner FROM told AS b WHERE b.stream = t.stream AND (b.version, b.place) < (t.version, t.place) AND b.type IN ('BlockOpened', 'AffinityLost')
                   ORDER BY b.version DESC, b.place DESC LIMIT 1) END,
       t.at, max(t.at, n.at),
       CASE t.type WHEN 'BlockOpened' THEN ifnull((SELECT c.why FROM claimed AS c WHERE c.commit_id = t.commit_id AND c.stream = t.stream), 'claimed') ELSE t.why END,
       n.why
  FROM told AS t
  LEFT JOIN told AS n ON n.stream = t.stream
        AND n.version = (SELECT min(f.version) FROM told AS f WHERE f.stream = t.stream AND f.version > t.version)
        AND n.place = (SELECT min(f.place) FROM told AS f WHERE f.stream = n.stream AND f.version = n.version)
 WHERE t.type <> 'BlockClosed' AND t.place = (SELECT max(f.place) FROM told AS f WHERE f.stream = t.stream AND f.version = t.version);
DROP TABLE temp.told;
DROP TABLE temp.claimed;

CREATE TEMP TABLE changed AS
SELECT j.version, j.at, json_extract(e.value, '$.type') AS type,
       ifnull(json_extract(e.value, '$.resource.kind'), json_extract(e.value, '$.kind')) AS kind,
       ifnull(json_extract(e.value, '$.resource.metadata.name'), json_extract(e.value, '$.name')) AS name,
       json_extract(e.value, '$.resource.metadata.uid') AS uid, json_extract(e.value, '$.resource') AS body
  FROM journal AS j, json_each(j.events) AS e
 WHERE j.stream = 'catalog' AND json_extract(e.value, '$.type') IN ('ResourceCreated', 'ResourceUpdated', 'ResourceDeleted');
CREATE INDEX temp.changed_order ON changed (kind, name, version);
INSERT INTO resource_history (kind, name, place, uid, resource_version, body, from_at, to_at)
SELECT c.kind, c.name, row_number() OVER (PARTITION BY c.kind, c.name ORDER BY c.version), c.uid, c.version, c.body, c.at,
       (SELECT max(c.at, n.at) FROM changed AS n WHERE n.kind = c.kind AND n.name = c.name AND n.version > c.version ORDER BY n.version LIMIT 1)
  FROM changed AS c WHERE c.type <> 'ResourceDeleted';
DROP TABLE temp.changed;
