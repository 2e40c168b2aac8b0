-- What the partial indexes of blocks ask stands in columns that an assignment rarely changes. A figure inside their conditions would make
-- PostgreSQL write every index of the block anew with each assignment.
drop index if exists block_room, block_empty;
alter table block
    add column if not exists has_room boolean not null generated always as (free + cooling > 0 or owner is null) stored,
    add column if not exists is_spare boolean not null generated always as (owner is not null and assigned = 0 and cooling = 0) stored;
create index block_room on block (cidr) where has_room;
create index block_empty on block (cidr) where is_spare;

-- A batch whose units are strangers to each other, written as a set: all of it, or nothing and false; an error means nothing, too. Whoever gets
-- either sends the batch to append_units, which judges each unit alone. The steps and the lock order are those of protocol.md §3.
--   fresh    heads that may be missing, locked: as in append_units
--   seen     every head that was looked at, each once
--   moved    every head that goes up
--   rest     what few units have, as append_units takes it; null when none has it
-- Lists, not documents: reading a document once for each table costs more than all the writing.
create or replace function append_plain(
    member text, fresh text[], locked text[], closing text[], opening text[],
    seen_stream text[], seen_version bigint[], seen_commit uuid[], moved_stream text[], moved_commit uuid[],
    row_stream text[], row_version bigint[], row_commit uuid[], row_at timestamptz[], row_schema integer[], row_events text[],
    open_handle text[], open_issued timestamptz[], close_handle text[], close_through timestamptz[], close_at timestamptz[],
    request_id text[], request_digest text[], request_issued timestamptz[], request_ips text[], request_generations text[], request_at timestamptz[],
    held_ip text[], held_block text[], held_generation bigint[], held_handle text[], held_owner text[], held_attributes text[],
    held_since timestamptz[], held_issued timestamptz[],
    freed_ip text[], freed_generation bigint[], freed_pool text[], freed_at timestamptz[], freed_why text[],
    block_cidr text[], block_pool text[], block_owner text[], block_version bigint[], block_size integer[], block_free integer[],
    block_assigned integer[], block_cooling integer[], block_reserved integer[], block_borrowed integer[],
    block_claimed timestamptz[], block_since timestamptz[], rest jsonb)
returns boolean language plpgsql as $body$
#variable_conflict use_variable
declare
    written bigint;
begin
    perform pg_advisory_xact_lock_shared(hashtext(current_schema()), 0);

    if cardinality(fresh) > 0 then
        insert into stream (id)
        select f.id from unnest(fresh) f(id) where not exists (select from stream s where s.id = f.id) order by f.id collate "C"
        on conflict (id) do nothing;
    end if;
    perform from stream s where s.id = any (locked) order by s.id for update;

    if cardinality(closing) + cardinality(opening) > 0 then
        perform case when bool_or(x.alone) then pg_advisory_xact_lock(hashtext(current_schema()) # 1, x.bucket) is null
                     else pg_advisory_xact_lock_shared(hashtext(current_schema()) # 1, x.bucket) is null end
           from (select (hashtext(c) & 1023) as bucket, true as alone from unnest(closing) c
                 union all select (hashtext(o) & 1023), false from unnest(opening) o
                 order by 1) x
          group by x.bucket order by x.bucket;
    end if;

    if exists (
           select from unnest(seen_stream, seen_version, seen_commit) x(id, version, commit_id)
             left join stream s on s.id = x.id
            where coalesce(s.version, 0) <> x.version
               or coalesce(s.commit_id, '00000000-0000-0000-0000-000000000000') <> x.commit_id)
       or exists (
           select from unnest(open_handle, open_issued) o(handle, issued) join handle h on h.id = o.handle
            where o.issued is null or h.closed_through >= o.issued) then
        return false;
    end if;

    if cardinality(request_id) > 0 then
        insert into request (id, digest, issued, ips, generations, at)
        select r.id, r.digest, r.issued, r.ips::inet[], r.generations::bigint[], r.at
          from unnest(request_id, request_digest, request_issued, request_ips, request_generations, request_at) r(id, digest, issued, ips, generations, at)
         order by r.id collate "C"
        on conflict (id) do nothing;
        get diagnostics written = row_count;
        if written <> cardinality(request_id) then
            raise exception 'A request of the batch is known.' using errcode = 'AI001';
        end if;
    end if;

    update stream s set version = s.version + 1, commit_id = m.commit_id
      from unnest(moved_stream, moved_commit) m(id, commit_id) where s.id = m.id;

    insert into journal (stream, version, commit_id, at, member, schema, events)
    select a.stream, a.version, a.commit_id, a.at, member, a.schema, a.events::json
      from unnest(row_stream, row_version, row_commit, row_at, row_schema, row_events) a(stream, version, commit_id, at, schema, events);

    if cardinality(close_handle) > 0 then
        insert into handle as h (id, closed_through, at)
        select c.id, c.through, c.at from unnest(close_handle, close_through, close_at) c(id, through, at) order by c.id collate "C"
        on conflict (id) do update set closed_through = greatest(h.closed_through, excluded.closed_through), at = greatest(h.at, excluded.at);
    end if;

    if cardinality(freed_ip) > 0 then
        with gone as (
            delete from address a
             using unnest(freed_ip, freed_generation, freed_pool, freed_at, freed_why) f(ip, generation, pool, at, why)
             where a.ip = f.ip::inet and a.generation = f.generation
            returning a.*, f.pool, f.at as released_at, f.why)
        insert into address_history (ip, generation, handle, owner, block, pool, attributes, assigned_at, issued, released_at, why)
        select g.ip, g.generation, g.handle, g.owner, g.block, g.pool, g.attributes, g.since, g.issued, g.released_at, g.why from gone g order by g.ip;
        get diagnostics written = row_count;
        if written <> cardinality(freed_ip) then
            raise exception 'INV-2: % of % addresses to free are not held under their generation.', cardinality(freed_ip) - written, cardinality(freed_ip) using errcode = 'AI001';
        end if;
    end if;

    if cardinality(held_ip) > 0 then
        insert into address (ip, block, generation, handle, owner, attributes, since, issued)
        select h.ip::inet, h.block::cidr, h.generation, h.handle, h.owner, h.attributes::jsonb, h.since, h.issued
          from unnest(held_ip, held_block, held_generation, held_handle, held_owner, held_attributes, held_since, held_issued)
               h(ip, block, generation, handle, owner, attributes, since, issued)
         order by h.ip::inet;
    end if;

    if cardinality(block_cidr) > 0 then
        insert into block (cidr, pool, owner, version, size, free, assigned, cooling, host_reserved, borrowed, claimed_at, cooling_since)
        select b.cidr::cidr, b.pool, b.owner, b.version, b.size, b.free, b.assigned, b.cooling, b.reserved, b.borrowed, b.claimed, b.since
          from unnest(block_cidr, block_pool, block_owner, block_version, block_size, block_free, block_assigned, block_cooling, block_reserved,
                      block_borrowed, block_claimed, block_since)
               b(cidr, pool, owner, version, size, free, assigned, cooling, reserved, borrowed, claimed, since)
         order by b.cidr::cidr
        on conflict (cidr) do update set
            pool = excluded.pool, owner = excluded.owner, version = excluded.version, size = excluded.size, free = excluded.free,
            assigned = excluded.assigned, cooling = excluded.cooling, host_reserved = excluded.host_reserved, borrowed = excluded.borrowed,
            claimed_at = excluded.claimed_at, cooling_since = excluded.cooling_since;
    end if;

    if rest is not null then
        perform write_units(rest);
    end if;
    return true;
end
$body$;
