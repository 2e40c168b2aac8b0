-- Where the journal went: a row here keeps every member from starting on what was left behind.
create table moved (
    id     integer primary key check (id = 1),
    target text        not null,
    at     timestamptz not null
);

-- A member that was paused while the journal went, and wakes up: what it sends is refused as if its account might not write.
create function refuse_when_moved() returns trigger language plpgsql as $$
begin
    raise exception 'the journal was moved to %', (select target from moved) using errcode = '42501';
end
$$;
