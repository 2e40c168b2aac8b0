-- Who had a block, and what a resource was: a row for each change, what lasts included (to_at is null).
create table block_history (
    cidr    cidr        not null,
    version bigint      not null,
    pool    text        not null,
    owner   text collate "C",
    from_at timestamptz not null,
    to_at   timestamptz,
    why     text        not null,
    ended   text,
    primary key (cidr, version)
);
create unique index block_history_lasting on block_history (cidr) where to_at is null;
create index block_history_owner on block_history (owner, cidr) where owner is not null;
create index block_history_ended on block_history (to_at) where to_at is not null;

create table resource_history (
    kind             text collate "C" not null,
    name             text collate "C" not null,
    number           bigint      not null generated always as identity,
    uid              text        not null,
    resource_version bigint      not null,
    body             json        not null,
    from_at          timestamptz not null,
    to_at            timestamptz,
    primary key (kind, name, number)
);
create unique index resource_history_lasting on resource_history (kind, name) where to_at is null;
create index resource_history_ended on resource_history (to_at) where to_at is not null;

-- The oldest instant that can be answered; no row before anything was forgotten.
create table history_horizon (
    id integer primary key check (id = 1),
    at   timestamptz not null
);

-- Every question about holders is a stretch of one of these. Handles and pools stand in them as a hash, as in a hash index, because each row of
-- history pays for every index; the row itself is looked at behind.
create index address_history_ip on address_history (ip, released_at);
create index address_history_handle on address_history (hashtext(handle), released_at) where handle is not null;
create index address_history_owner on address_history (owner, released_at);
create index address_history_pool on address_history (hashtext(pool), released_at);
create index address_history_released on address_history (released_at);

-- What an earlier release wrote only into the journal.
create temporary table told on commit drop as
select j.stream, j.version, e.place, j.at, j.commit_id, e.item ->> 'type' as type, e.item ->> 'pool' as pool, e.item ->> 'owner' as owner,
       coalesce(e.item ->> 'why', '') as why
  from journal j, json_array_elements(j.events) with ordinality e(item, place)
 where j.stream >= 'block/' and j.stream < 'block0' and e.item ->> 'type' in ('BlockOpened', 'AffinityLost', 'BlockMoved', 'BlockClosed');
create index on told (stream, version, place);
create temporary table claimed on commit drop as
select j.commit_id, 'block/' || (e.item ->> 'block') as stream, e.item ->> 'why' as why
  from journal j, json_array_elements(j.events) e(item)
 where j.stream >= 'pool/' and j.stream < 'pool0' and e.item ->> 'type' = 'BlockClaimed';
create index on claimed (commit_id, stream);
analyze told;
analyze claimed;
insert into block_history (cidr, version, pool, owner, from_at, to_at, why, ended)
select substr(t.stream, 7)::cidr, t.version,
       coalesce(t.pool, (select b.pool from told b where b.stream = t.stream and (b.version, b.place) < (t.version, t.place) and b.pool is not null
                          order by b.version desc, b.place desc limit 1)),
       case t.type when 'BlockOpened' then t.owner when 'AffinityLost' then null
            else (select b.owner from told b where b.stream = t.stream and (b.version, b.place) < (t.version, t.place) and b.type in ('BlockOpened', 'AffinityLost')
                   order by b.version desc, b.place desc limit 1) end,
       t.at, case when n.at is not null then greatest(t.at, n.at) end,
       case t.type when 'BlockOpened' then coalesce((select c.why from claimed c where c.commit_id = t.commit_id and c.stream = t.stream limit 1), 'claimed') else t.why end,
       n.why
  from told t
  left join lateral (select f.at, f.why from told f where f.stream = t.stream and f.version > t.version order by f.version, f.place limit 1) n on true
 where t.type <> 'BlockClosed' and not exists (select from told f where f.stream = t.stream and f.version = t.version and f.place > t.place);

create temporary table changed on commit drop as
select j.version, j.at, e.item ->> 'type' as type, coalesce(e.item #>> '{resource,kind}', e.item ->> 'kind') as kind,
       coalesce(e.item #>> '{resource,metadata,name}', e.item ->> 'name') as name, e.item #>> '{resource,metadata,uid}' as uid, e.item -> 'resource' as body
  from journal j, json_array_elements(j.events) e(item)
 where j.stream = 'catalog' and e.item ->> 'type' in ('ResourceCreated', 'ResourceUpdated', 'ResourceDeleted');
create index on changed (kind, name, version);
insert into resource_history (kind, name, uid, resource_version, body, from_at, to_at)
select c.kind, c.name, c.uid, c.version, c.body, c.at,
       (select greatest(c.at, n.at) from changed n where n.kind = c.kind and n.name = c.name and n.version > c.version order by n.version limit 1)
  from changed c where c.type <> 'ResourceDeleted' order by c.version;

-- What units write down for those who ask later, and what they blank or forget of it.
create function write_past(batch jsonb) returns void language plpgsql as $body$
declare
    horizon timestamptz;
    most    integer;
begin
    if jsonb_path_exists(batch, '$[*].passed') then
        -- Times of one block never go back.
        with passed as materialized (
            select p.*, greatest(p.at, (select coalesce(h.to_at, h.from_at) from block_history h where h.cidr = p.cidr order by h.version desc limit 1)) as moment
              from jsonb_array_elements(batch) u(unit),
                   jsonb_to_recordset(u.unit -> 'passed') p(cidr cidr, at timestamptz, ended text, version bigint, pool text, owner text, why text)),
        ended as (
            update block_history h set to_at = p.moment, ended = p.ended from passed p where h.cidr = p.cidr and h.to_at is null
            returning h.cidr)
        insert into block_history (cidr, version, pool, owner, from_at, why)
        select p.cidr, p.version, p.pool, p.owner, p.moment, p.why from passed p left join ended e on e.cidr = p.cidr
         where p.version is not null order by p.cidr;
    end if;

    if jsonb_path_exists(batch, '$[*].stored') or jsonb_path_exists(batch, '$[*].dropped') then
        update resource_history h set to_at = greatest(c.at, h.from_at)
          from (select s.kind, s.name, (u.unit ->> 'at')::timestamptz as at
                  from jsonb_array_elements(batch) u(unit), jsonb_to_recordset(u.unit -> 'stored') s(kind text, name text)
                union all
                select d.kind, d.name, (u.unit ->> 'at')::timestamptz
                  from jsonb_array_elements(batch) u(unit), jsonb_to_recordset(u.unit -> 'dropped') d(kind text, name text)) c
         where h.kind = c.kind and h.name = c.name and h.to_at is null;
        insert into resource_history (kind, name, uid, resource_version, body, from_at)
        select s.kind, s.name, s.uid, s.version, s.body::json,
               greatest((u.unit ->> 'at')::timestamptz, (select max(h.to_at) from resource_history h where h.kind = s.kind and h.name = s.name))
          from jsonb_array_elements(batch) u(unit),
               jsonb_to_recordset(u.unit -> 'stored') s(kind text, name text, uid text, version bigint, body text)
         order by s.kind collate "C", s.name collate "C";
    end if;

    -- A JSON null stands in place of attributes that were blanked; it goes with the row from address to history.
    if jsonb_path_exists(batch, '$[*].redacted') then
        update address a set attributes = 'null'
          from jsonb_array_elements(batch) u(unit), jsonb_to_recordset(u.unit -> 'redacted') r(ip inet, generation bigint)
         where a.ip = r.ip and a.generation = r.generation;
        update address_history a set attributes = 'null'
          from jsonb_array_elements(batch) u(unit), jsonb_to_recordset(u.unit -> 'redacted') r(ip inet, generation bigint)
         where a.ip = r.ip and a.generation = r.generation;
    end if;

    for horizon, most in
        select (u.unit #>> '{cut,before}')::timestamptz, (u.unit #>> '{cut,most}')::integer from jsonb_array_elements(batch) u(unit) where u.unit ? 'cut'
    loop
        insert into history_horizon as h (id, at) values (1, horizon) on conflict (id) do update set at = greatest(h.at, excluded.at);
        delete from address_history a
         using (select d.ip, d.number from address_history d where d.released_at < horizon order by d.released_at, d.ip, d.number limit most) d
         where a.ip = d.ip and a.number = d.number;
        delete from block_history b
         using (select d.cidr, d.version from block_history d where d.to_at < horizon order by d.to_at, d.cidr, d.version limit most) d
         where b.cidr = d.cidr and b.version = d.version;
        delete from resource_history r
         using (select d.kind, d.name, d.number from resource_history d where d.to_at < horizon order by d.to_at, d.kind, d.name, d.number limit most) d
         where r.kind = d.kind and r.name = d.name and r.number = d.number;
    end loop;
end
$body$;

-- Everything that wrote a unit writes its past as well.
alter function write_units(jsonb) rename to write_present;
create function write_units(batch jsonb) returns void language plpgsql as $body$
begin
    perform write_present(batch);
    perform write_past(batch);
end
$body$;
