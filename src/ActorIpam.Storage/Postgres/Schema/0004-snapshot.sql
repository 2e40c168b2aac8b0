-- Folds of long streams up to a version (protocol.md §2); only those whose commit id stands in the journal at that version count.
-- The state stays the very text its codec wrote (json, not jsonb): the digest covers it.
create table snapshot (
    stream    text collate "C" not null,
    version   bigint           not null,
    commit_id uuid             not null,
    schema    integer          not null,
    sha256    text             not null,
    state     json             not null,
    primary key (stream, version)
);
