-- Whatever the statistics say, each row of a list finds its row of a table through the table's key. A plan that was made while a table was as good as empty
-- read the table instead, in the order of its key, and the list for each of its rows: 256 releases took seconds until the next analyze. An equality can be
-- merged, which is what makes such a walk worth considering; "= any (array[...])" cannot, and is looked up as before.
-- The functions stay as the steps before wrote them, but for the clauses that are named here.
create temporary table clause on commit drop as
    select * from (values
        ('append_plain', 'join handle h on h.id = o.handle', 'join handle h on h.id = any (array[o.handle])'),
        ('append_plain', 'where s.id = m.id', 'where s.id = any (array[m.id])'),
        ('append_plain', 'where a.ip = f.ip::inet and', 'where a.ip = any (array[f.ip::inet]) and'),
        ('write_all', 'join handle h on h.id = o.handle', 'join handle h on h.id = any (array[o.handle])'),
        ('refused_guards', 'join request k on k.id = r.id and', 'join request k on k.id = any (array[r.id]) and'),
        ('write_present', 'where s.id = m.stream', 'where s.id = any (array[m.stream])'),
        ('write_present', 'where a.ip = f.ip and', 'where a.ip = any (array[f.ip]) and'),
        ('write_present', 'where b.cidr = g.cidr::cidr', 'where b.cidr = any (array[g.cidr::cidr])'),
        ('write_present', 'where r.kind = d.kind and', 'where r.kind = any (array[d.kind]) and'),
        ('write_present', 'where k.id = f.id and k.at = f.at', 'where k.id = any (array[f.id]) and k.at is not distinct from f.at'),
        ('write_present', 'where h.id = f.handle and', 'where h.id = any (array[f.handle]) and'),
        -- What lasts has an index of its own, which can be read through without any key: which row it is, is asked for each key first.
        ('write_told', 'select p.*, greatest(',
         'select p.*, (select l.version from block_history l where l.cidr = p.cidr and l.to_at is null) as lasting, greatest('),
        ('write_told', 'where h.cidr = p.cidr and h.to_at is null', 'where h.cidr = any (array[p.cidr]) and h.version = p.lasting'),
        ('write_told', 'from (select s.kind, s.name, (u.unit ->> ''at'')::timestamptz as at',
         'from (select o.*, (select l.number from resource_history l where l.kind = o.kind and l.name = o.name and l.to_at is null) as lasting from ('
         || 'select s.kind, s.name, (u.unit ->> ''at'')::timestamptz as at'),
        ('write_told', 'd(kind text, name text)) c', 'd(kind text, name text)) o offset 0) c'),
        ('write_told', 'where h.kind = c.kind and h.name = c.name and h.to_at is null',
         'where h.kind = any (array[c.kind]) and h.name = c.name and h.number = c.lasting'),
        ('write_told', 'where a.ip = r.ip and', 'where a.ip = any (array[r.ip]) and'),
        ('write_told', 'where a.ip = d.ip and', 'where a.ip = any (array[d.ip]) and'),
        ('write_told', 'where b.cidr = d.cidr and', 'where b.cidr = any (array[d.cidr]) and'),
        ('write_told', 'where r.kind = d.kind and', 'where r.kind = any (array[d.kind]) and')) c(name, old, new);

do $do$
declare
    changed record;
    one     record;
    written text;
begin
    for changed in select distinct name from clause loop
        written := pg_get_functiondef(changed.name::regproc);
        for one in select * from clause where name = changed.name loop
            if position(one.new in written) > 0 then
                continue;
            end if;
            if position(one.old in written) = 0 then
                raise exception '% has no "%".', one.name, one.old;
            end if;
            written := replace(written, one.old, one.new);
        end loop;
        execute written;
    end loop;
end
$do$;
