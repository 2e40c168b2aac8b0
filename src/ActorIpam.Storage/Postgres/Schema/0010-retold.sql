-- Repairs say anew what history tells: of one holder, of a block from a version on, of a resource. What is not named in the unit stays.
create function write_retold(batch jsonb) returns void language plpgsql as $body$
declare
    retold jsonb;
begin
    for retold in select u.unit -> 'retold' from jsonb_array_elements(batch) u(unit) where u.unit ? 'retold'
    loop
        delete from address_history a
         using jsonb_to_recordset(retold -> 'holdings') h(ip inet, generation bigint)
         where a.ip = h.ip and a.generation = h.generation and a.why <> 'repaired';
        insert into address_history (ip, generation, handle, owner, block, pool, attributes, assigned_at, issued, released_at, why)
        select h.ip, h.generation, h.handle, h.owner, h.block, h.pool, coalesce(h.attributes, 'null'), h.since, h.issued, h.released_at, h.why
          from jsonb_to_recordset(retold -> 'holdings')
               h(ip inet, generation bigint, handle text, owner text, block cidr, pool text, attributes jsonb, since timestamptz, issued timestamptz,
                 released_at timestamptz, why text)
         where h.released_at is not null;

        delete from block_history b
         using jsonb_to_recordset(retold -> 'blocks') k(cidr cidr, version bigint)
         where b.cidr = k.cidr and b.version >= k.version;
        insert into block_history (cidr, version, pool, owner, from_at, to_at, why, ended)
        select o.cidr, o.version, o.pool, o.owner, o.from_at, o.to_at, o.why, o.ended
          from jsonb_to_recordset(retold -> 'owners')
               o(cidr cidr, version bigint, pool text, owner text, from_at timestamptz, to_at timestamptz, why text, ended text);

        delete from resource_history r
         using jsonb_to_recordset(retold -> 'resources') k(kind text, name text)
         where r.kind = k.kind and r.name = k.name;
        insert into resource_history (kind, name, uid, resource_version, body, from_at, to_at)
        select s.item ->> 'kind', s.item ->> 'name', s.item ->> 'uid', (s.item ->> 'version')::bigint, (s.item ->> 'body')::json,
               (s.item ->> 'from_at')::timestamptz, (s.item ->> 'to_at')::timestamptz
          from jsonb_array_elements(retold -> 'states') with ordinality s(item, place) order by s.place;
    end loop;
end
$body$;

-- Everything that writes a past writes what is told anew behind it.
alter function write_past(jsonb) rename to write_told;
create function write_past(batch jsonb) returns void language plpgsql as $body$
begin
    perform write_told(batch);
    if jsonb_path_exists(batch, '$[*].retold') then
        perform write_retold(batch);
    end if;
end
$body$;
