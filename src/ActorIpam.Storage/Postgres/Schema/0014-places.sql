-- Places that were held for requests are given back by the keys of those requests. Their time, which says that they are places, has an index as well, and it
-- was the one that was taken: every place that any batch had ever held stood there until the next vacuum, and each batch read them all.
-- The function stays as the steps before wrote it, but for this clause.
do $do$
declare
    written text := pg_get_functiondef('append_units'::regproc);
    old     constant text := 'k.id = any (requested) and k.at = ''-infinity''';
    new     constant text := 'k.id = any (requested) and not isfinite(k.at)';
begin
    if position(new in written) = 0 then
        if position(old in written) = 0 then
            raise exception 'append_units has no "%".', old;
        end if;
        execute replace(written, old, new);
    end if;
end
$do$;
