-- The members of the cluster, a row each, written once a second: half-empty pages keep those updates on their page.
create table member (
    id          text collate "C" primary key,
    incarnation bigint      not null,
    address     text        not null,
    schema      integer     not null,
    at          timestamptz not null,
    draining    boolean     not null
) with (fillfactor = 50);

-- A process that joins draws its incarnation here. Not from the rows: a clean stop deletes them, and a paused process may come back.
create sequence member_incarnation as bigint;
