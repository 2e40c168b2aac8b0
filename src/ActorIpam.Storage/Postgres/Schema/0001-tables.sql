-- Heads. A head row is rewritten by every append: half-empty pages keep those updates on their page.
create table stream (
    id        text collate "C" primary key,
    version   bigint not null default 0,
    commit_id uuid   not null default '00000000-0000-0000-0000-000000000000'
) with (fillfactor = 50);

-- One row an append. The events stay the very text their codec wrote (json, not jsonb).
create table journal (
    stream    text collate "C" not null,
    version   bigint           not null,
    commit_id uuid             not null,
    at        timestamptz      not null,
    member    text             not null,
    schema    integer          not null,
    events    json             not null,
    primary key (stream, version)
);

-- What a request was granted. A row at '-infinity' is a place held by the running transaction; none survives a commit.
create table request (
    id          text collate "C" primary key,
    digest      text        not null,
    issued      timestamptz,
    ips         inet[]      not null,
    generations bigint[]    not null,
    at          timestamptz not null
);
create index request_at on request (at, id);

-- At is when the last final release was recorded; closed_through is the caller's own time.
create table handle (
    id             text collate "C" primary key,
    closed_through timestamptz not null,
    at             timestamptz not null
);

-- What is held now. The primary key is in address order, so a block's addresses are one range of it.
create table address (
    ip         inet primary key,
    block      cidr        not null,
    generation bigint      not null,
    handle     text collate "C",
    owner      text collate "C" not null,
    attributes jsonb       not null,
    since      timestamptz not null,
    issued     timestamptz
);
create index address_handle on address using hash (handle);
create index address_owner on address (owner);

-- Written at release; number gives the order of releases of one address, which its row lock serialises.
create table address_history (
    ip          inet        not null,
    number      bigint      not null generated always as identity,
    generation  bigint      not null,
    handle      text collate "C",
    owner       text collate "C" not null,
    block       cidr        not null,
    pool        text        not null,
    attributes  jsonb       not null,
    assigned_at timestamptz not null,
    issued      timestamptz,
    released_at timestamptz not null,
    why         text        not null,
    primary key (ip, number)
);

create table block (
    cidr          cidr primary key,
    pool          text    not null,
    owner         text collate "C",
    version       bigint  not null,
    size          integer not null,
    free          integer not null,
    assigned      integer not null,
    cooling       integer not null,
    host_reserved integer not null,
    borrowed      integer not null,
    claimed_at    timestamptz,
    cooling_since timestamptz
) with (fillfactor = 50);
create index block_owner on block (owner);
create index block_room on block (cidr) where free + cooling > 0 or owner is null;
create index block_cooling on block (cooling_since, cidr) where cooling_since is not null;
create index block_empty on block (cidr) where owner is not null and assigned = 0 and cooling = 0;

create table resource (
    kind             text collate "C" not null,
    name             text collate "C" not null,
    uid              text   not null,
    resource_version bigint not null,
    body             json   not null,
    primary key (kind, name)
);
