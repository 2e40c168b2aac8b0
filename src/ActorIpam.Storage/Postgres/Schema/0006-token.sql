-- Bearer tokens (protocol.md §6): digests, never texts. Rows are added under a lock of the table, so that numbers become visible in their order.
create table token (
    number     bigint generated always as identity primary key,
    name       text collate "C" not null unique,
    digest     text        not null unique,
    role       text        not null,
    host       text,
    created_at timestamptz not null,
    created_by text        not null,
    expires_at timestamptz
);
