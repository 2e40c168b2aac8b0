-- The same judgement as before, in functions that keep their plans: what is written in SQL alone is read and planned anew by every call, which took half of the
-- time of a batch that is judged unit by unit.
create or replace function moved_heads(batch jsonb) returns text[] language plpgsql as $body$
begin
    return (
        select array_agg(distinct x.stream collate "C" order by x.stream collate "C")
          from (select f.* from jsonb_array_elements(batch) u(unit), jsonb_to_recordset(u.unit -> 'appends') f(stream text, version bigint, commit uuid)
                union all
                select f.* from jsonb_array_elements(batch) u(unit), jsonb_to_recordset(u.unit -> 'fences') f(stream text, version bigint, commit uuid)) x
          left join stream s on s.id = x.stream
         where coalesce(s.version, 0) <> x.version
            or coalesce(s.commit_id, '00000000-0000-0000-0000-000000000000') <> x.commit);
end
$body$;

create or replace function refused_guards(unit jsonb) returns jsonb language plpgsql as $body$
begin
    return (
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
        select jsonb_agg(refusal order by guard) from refused);
end
$body$;

create or replace function judge_unit(unit jsonb, out outcome text, out detail jsonb) language plpgsql as $body$
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

    -- What closes is never refused.
    if unit ?| array['opens', 'requests'] then
        detail := refused_guards(unit);
        if detail is not null then
            outcome := 'refused';
            return;
        end if;
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
