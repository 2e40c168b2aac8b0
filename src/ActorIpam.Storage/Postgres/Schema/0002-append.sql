-- Broken invariants are raised as AI001: the unit fails, its neighbours do not.

-- Step 5 of protocol.md §3 for units that were judged winners. Batch is a JSON array of units.
create function write_units(batch jsonb) returns void language plpgsql as $body$
declare
    wanted  bigint;
    written bigint;
begin
    with moved as (
        select a.stream, (u.unit ->> 'commit')::uuid as commit_id
          from jsonb_array_elements(batch) u(unit), jsonb_to_recordset(u.unit -> 'appends') a(stream text)
        union
        select r.stream, (u.unit ->> 'commit')::uuid
          from jsonb_array_elements(batch) u(unit), jsonb_array_elements_text(u.unit -> 'raises') r(stream))
    update stream s set version = s.version + 1, commit_id = m.commit_id from moved m where s.id = m.stream;

    insert into journal (stream, version, commit_id, at, member, schema, events)
    select a.stream, a.version + 1, (u.unit ->> 'commit')::uuid, (u.unit ->> 'at')::timestamptz, u.unit ->> 'member', a.schema, a.events::json
      from jsonb_array_elements(batch) u(unit),
           jsonb_to_recordset(u.unit -> 'appends') a(stream text, version bigint, schema integer, events text);

    if jsonb_path_exists(batch, '$[*].closes') then
        insert into handle as h (id, closed_through, at)
        select c.handle, max(c.through), max((u.unit ->> 'at')::timestamptz)
          from jsonb_array_elements(batch) u(unit), jsonb_to_recordset(u.unit -> 'closes') c(handle text, through timestamptz)
         group by c.handle order by c.handle collate "C"
        on conflict (id) do update set closed_through = greatest(h.closed_through, excluded.closed_through), at = greatest(h.at, excluded.at);
    end if;

    if jsonb_path_exists(batch, '$[*].freed') then
        select sum(jsonb_array_length(u.unit -> 'freed')) into wanted from jsonb_array_elements(batch) u(unit);
        with freed as (
            select f.* from jsonb_array_elements(batch) u(unit),
                   jsonb_to_recordset(u.unit -> 'freed') f(ip inet, generation bigint, pool text, at timestamptz, why text)),
        gone as (
            delete from address a using freed f where a.ip = f.ip and a.generation = f.generation
            returning a.*, f.pool, f.at as released_at, f.why)
        insert into address_history (ip, generation, handle, owner, block, pool, attributes, assigned_at, issued, released_at, why)
        select ip, generation, handle, owner, block, pool, attributes, since, issued, released_at, why from gone order by ip;
        get diagnostics written = row_count;
        if written <> wanted then
            raise exception 'INV-2: % of % addresses to free are not held under their generation.', wanted - written, wanted using errcode = 'AI001';
        end if;
    end if;

    if jsonb_path_exists(batch, '$[*].held') then
        select sum(jsonb_array_length(u.unit -> 'held')) into wanted from jsonb_array_elements(batch) u(unit);
        insert into address (ip, block, generation, handle, owner, attributes, since, issued)
        select h.ip, h.block, h.generation, h.handle, h.owner, h.attributes, h.since, h.issued
          from jsonb_array_elements(batch) u(unit),
               jsonb_to_recordset(u.unit -> 'held') h(ip inet, block cidr, generation bigint, handle text, owner text, attributes jsonb, since timestamptz, issued timestamptz)
         order by h.ip
        on conflict (ip) do nothing;
        get diagnostics written = row_count;
        if written <> wanted then
            raise exception 'INV-1: % of % addresses to assign are held already.', wanted - written, wanted using errcode = 'AI001';
        end if;
    end if;

    if jsonb_path_exists(batch, '$[*].stands') then
        insert into block
        select b.* from jsonb_array_elements(batch) u(unit),
               jsonb_to_recordset(u.unit -> 'stands') b(
                   cidr cidr, pool text, owner text, version bigint, size integer, free integer, assigned integer, cooling integer,
                   host_reserved integer, borrowed integer, claimed_at timestamptz, cooling_since timestamptz)
         order by b.cidr
        on conflict (cidr) do update set
            pool = excluded.pool, owner = excluded.owner, version = excluded.version, size = excluded.size, free = excluded.free,
            assigned = excluded.assigned, cooling = excluded.cooling, host_reserved = excluded.host_reserved, borrowed = excluded.borrowed,
            claimed_at = excluded.claimed_at, cooling_since = excluded.cooling_since;
    end if;

    if jsonb_path_exists(batch, '$[*].gone') then
        select sum(jsonb_array_length(u.unit -> 'gone')) into wanted from jsonb_array_elements(batch) u(unit);
        delete from block b
         using jsonb_array_elements(batch) u(unit), jsonb_array_elements_text(u.unit -> 'gone') g(cidr)
         where b.cidr = g.cidr::cidr;
        get diagnostics written = row_count;
        if written <> wanted then
            raise exception 'INV-5: % of % blocks to close do not exist.', wanted - written, wanted using errcode = 'AI001';
        end if;
    end if;

    if jsonb_path_exists(batch, '$[*].stored') then
        insert into resource (kind, name, uid, resource_version, body)
        select s.kind, s.name, s.uid, s.version, s.body::json
          from jsonb_array_elements(batch) u(unit),
               jsonb_to_recordset(u.unit -> 'stored') s(kind text, name text, uid text, version bigint, body text)
         order by s.kind collate "C", s.name collate "C"
        on conflict (kind, name) do update set uid = excluded.uid, resource_version = excluded.resource_version, body = excluded.body;
    end if;

    if jsonb_path_exists(batch, '$[*].dropped') then
        delete from resource r
         using jsonb_array_elements(batch) u(unit), jsonb_to_recordset(u.unit -> 'dropped') d(kind text, name text)
         where r.kind = d.kind and r.name = d.name;
    end if;

    if jsonb_path_exists(batch, '$[*].forgotten') then
        delete from request k
         using jsonb_array_elements(batch) u(unit), jsonb_to_recordset(u.unit -> 'forgotten') f(id text, at timestamptz)
         where k.id = f.id and k.at = f.at;
    end if;

    if jsonb_path_exists(batch, '$[*].reopened') then
        delete from handle h
         using jsonb_array_elements(batch) u(unit), jsonb_to_recordset(u.unit -> 'reopened') f(handle text, through timestamptz)
         where h.id = f.handle and h.closed_through = f.through;
    end if;
end
$body$;

-- The streams of the units whose head is not the expected one, each once, in order; null when all stand.
create function moved_heads(batch jsonb) returns text[] language sql volatile as $body$
    select array_agg(distinct x.stream collate "C" order by x.stream collate "C")
      from (select f.* from jsonb_array_elements(batch) u(unit), jsonb_to_recordset(u.unit -> 'appends') f(stream text, version bigint, commit uuid)
            union all
            select f.* from jsonb_array_elements(batch) u(unit), jsonb_to_recordset(u.unit -> 'fences') f(stream text, version bigint, commit uuid)) x
      left join stream s on s.id = x.stream
     where coalesce(s.version, 0) <> x.version
        or coalesce(s.commit_id, '00000000-0000-0000-0000-000000000000') <> x.commit
$body$;

-- The guards of one unit that say no, as a JSON array by place; null when all agree. The unit's own final releases count first.
create function refused_guards(unit jsonb) returns jsonb language sql volatile as $body$
    with closing as (
        select c.handle, max(c.through) as through
          from jsonb_to_recordset(unit -> 'closes') c(handle text, through timestamptz) group by c.handle),
    opens as (
        select o.guard, o.handle, o.issued, o.caps, greatest(h.closed_through, c.through) as through
          from jsonb_to_recordset(unit -> 'opens') o(guard integer, handle text, issued timestamptz, caps jsonb)
          left join handle h on h.id = o.handle
          left join closing c on c.handle = o.handle),
    requests as (
        select r.guard, k.id, k.digest, k.issued, k.ips, k.generations, k.at
          from jsonb_to_recordset(unit -> 'requests') r(guard integer, id text, issued timestamptz, handle text)
          join request k on k.id = r.id and k.at <> '-infinity'
          left join handle h on h.id = r.handle
          left join closing c on c.handle = r.handle
         where (r.handle is not null and k.issued <= greatest(h.closed_through, c.through) and greatest(h.closed_through, c.through) < r.issued)
               is not true),
    refused as (
        select o.guard, jsonb_build_object('guard', o.guard, 'why', 'closed', 'through', o.through) as refusal
          from opens o where o.through is not null and (o.issued is null or o.through >= o.issued)
        union all
        select o.guard, f.refusal
          from opens o, lateral (
               select jsonb_build_object('guard', o.guard, 'why', 'full', 'family', x.family, 'held', x.held) as refusal
                 from (select c.place, (c.cap ->> 'family')::integer as family, (c.cap ->> 'most')::integer as most, (c.cap ->> 'adding')::integer as adding,
                              (select count(*) from address a where a.handle = o.handle and family(a.ip) = (c.cap ->> 'family')::integer) as held
                         from jsonb_array_elements(o.caps) with ordinality c(cap, place)) x
                where x.held + x.adding > x.most order by x.place limit 1) f
         where o.through is null or o.through < o.issued
        union all
        select r.guard, jsonb_build_object('guard', r.guard, 'why', 'known', 'id', r.id, 'digest', r.digest, 'issued', r.issued,
               'ips', (select coalesce(jsonb_agg(host(g.ip) order by g.place), '[]') from unnest(r.ips) with ordinality g(ip, place)),
               'generations', to_jsonb(r.generations), 'at', r.at)
          from requests r)
    select jsonb_agg(refusal order by guard) from refused
$body$;

-- Judges one unit against everything before it and writes it if it wins. The caller holds every lock and the place of every request.
create function judge_unit(unit jsonb, out outcome text, out detail jsonb) language plpgsql as $body$
begin
    detail := to_jsonb(moved_heads(jsonb_build_array(unit)));
    if detail is not null then
        -- Judged from the journal row, never from the head: others may have moved the head since.
        outcome := case when exists (
            select from journal j
             where j.stream = unit #>> '{appends,0,stream}'
               and j.version = (unit #>> '{appends,0,version}')::bigint + 1
               and j.commit_id = (unit ->> 'commit')::uuid) then 'mine' else 'lost' end;
        return;
    end if;

    detail := refused_guards(unit);
    if detail is not null then
        outcome := 'refused';
        return;
    end if;

    -- The place is there, but for a request that an earlier unit of the batch has forgotten.
    insert into request (id, digest, issued, ips, generations, at)
    select r.id, r.digest, r.issued, r.ips, r.generations, (unit ->> 'at')::timestamptz
      from jsonb_to_recordset(unit -> 'requests') r(id text, digest text, issued timestamptz, ips inet[], generations bigint[])
    on conflict (id) do update set
        digest = excluded.digest, issued = excluded.issued, ips = excluded.ips, generations = excluded.generations, at = excluded.at;
    perform write_units(jsonb_build_array(unit));
    outcome := 'won';
end
$body$;

-- The optimistic path: true when every unit won, written as a set. False, or an error that the caller undoes, on any surprise.
create function write_all(batch jsonb) returns boolean language plpgsql as $body$
declare
    written bigint;
begin
    if moved_heads(batch) is not null
       or exists (
           select from jsonb_array_elements(batch) u(unit), jsonb_to_recordset(u.unit -> 'opens') o(handle text, issued timestamptz)
             join handle h on h.id = o.handle
            where o.issued is null or h.closed_through >= o.issued) then
        return false;
    end if;

    if jsonb_path_exists(batch, '$[*].requests') then
        insert into request (id, digest, issued, ips, generations, at)
        select r.id, r.digest, r.issued, r.ips, r.generations, (u.unit ->> 'at')::timestamptz
          from jsonb_array_elements(batch) u(unit),
               jsonb_to_recordset(u.unit -> 'requests') r(id text, digest text, issued timestamptz, ips inet[], generations bigint[])
         order by r.id collate "C"
        on conflict (id) do nothing;
        get diagnostics written = row_count;
        if written <> (select sum(jsonb_array_length(u.unit -> 'requests')) from jsonb_array_elements(batch) u(unit)) then
            raise exception 'A request of the batch is known.' using errcode = 'AI001';
        end if;
    end if;

    perform write_units(batch);
    return true;
end
$body$;

-- Judges and writes a batch in the lock order of protocol.md §3. Called in autocommit, so that a paused client never holds a lock.
--   exclusive  a unit changes the catalog
--   plain      no unit of the batch touches what another one writes: the batch may be tried as a set
--   locked     heads of appends, raises and fences, but for fences on policy and node heads: those move only under the exclusive catalog lock
-- Every statement of a volatile function takes its own snapshot: what is read after a lock was taken is what stands under that lock.
create function append_units(
    batch jsonb, exclusive boolean, plain boolean, locked text[], closing text[], opening text[], requested text[], settled boolean)
returns table (unit integer, outcome text, detail jsonb) language plpgsql
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off
as $body$
#variable_conflict use_column
declare
    ordinal integer := 0;
    wrote   boolean := false;
    answers boolean := false;
    doc     jsonb;
begin
    if exclusive then
        perform pg_advisory_xact_lock(hashtext(current_schema()), 0);
    else
        perform pg_advisory_xact_lock_shared(hashtext(current_schema()), 0);
    end if;

    insert into stream (id)
    select l.id from (select distinct x.id collate "C" as id from unnest(locked) x(id)) l
     where not exists (select from stream s where s.id = l.id) order by l.id
    on conflict (id) do nothing;
    perform from stream s where s.id = any (locked) order by s.id for update;

    -- Handles share 1,024 locks, so that no batch can exhaust the lock table; what counts or closes takes its lock alone.
    perform case when bool_or(x.alone) then pg_advisory_xact_lock(hashtext(current_schema()) # 1, x.bucket) is null
                 else pg_advisory_xact_lock_shared(hashtext(current_schema()) # 1, x.bucket) is null end
       from (select (hashtext(c) & 1023) as bucket, true as alone from unnest(closing) c
             union all select (hashtext(o) & 1023), false from unnest(opening) o
             order by 1) x
      group by x.bucket order by x.bucket;

    if plain then
        begin
            if write_all(batch) then
                if settled then
                    perform pg_logical_emit_message(true, 'actor-ipam', '');
                end if;
                return query select i, 'won'::text, null::jsonb from generate_series(0, jsonb_array_length(batch) - 1) i;
                return;
            end if;
        exception
            when data_exception or integrity_constraint_violation or cardinality_violation or sqlstate 'AI001' then null;
        end;
    end if;

    -- A place for every request, in one order, before any unit is judged: two batches never wait for each other.
    insert into request (id, digest, ips, generations, at)
    select distinct r.id collate "C", '', '{}'::inet[], '{}'::bigint[], '-infinity'::timestamptz from unnest(requested) r(id) order by 1
    on conflict (id) do nothing;
    perform from request k where k.id = any (requested) order by k.id for update;

    for doc in select d.unit from jsonb_array_elements(batch) with ordinality d(unit, place) order by d.place loop
        begin
            select j.outcome, j.detail into outcome, detail from judge_unit(doc) j;
        exception
            when data_exception or integrity_constraint_violation or cardinality_violation or sqlstate 'AI001' then
                outcome := 'broken';
                detail := to_jsonb(sqlerrm);
        end;
        unit := ordinal;
        ordinal := ordinal + 1;
        wrote := wrote or (outcome = 'won' and doc ?| array['appends', 'raises', 'requests', 'closes', 'held', 'freed', 'stands', 'gone', 'stored', 'dropped', 'forgotten', 'reopened']);
        answers := answers or outcome <> 'lost';
        return next;
    end loop;
    delete from request k where k.id = any (requested) and k.at = '-infinity';

    -- An answer that wrote nothing rides a commit that writes: it is given only once everything it saw is as durable as the commits are.
    if answers and not wrote then
        perform pg_logical_emit_message(true, 'actor-ipam', '');
    end if;
end
$body$;
