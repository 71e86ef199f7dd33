"""How a database of committed tests becomes as it was made: emptied and filled again, which costs a tenth of a new one."""

KEEP = [
    "create schema kept",
    """
    do $$
    declare found regclass; filled boolean;
    begin
        for found in select oid from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' loop
            execute format('select exists (select from %s)', found) into filled;
            if filled then
                execute format('create table kept.%I as table %s', (select relname from pg_class where oid = found), found);
            end if;
        end loop;
    end $$
    """,
    "create table kept.sequence as select sequencename as name, last_value from pg_sequences where schemaname = 'public'",
    """
    create function kept.restore() returns void language plpgsql as $$
    declare each record; is_filled boolean; filled text;
    begin
        set local session_replication_role = replica;
        for each in
            select oid::regclass as name from pg_class
            where relkind = 'r' and relnamespace in ('public'::regnamespace, 'watch'::regnamespace)
        loop
            execute format('select exists (select from %s)', each.name) into is_filled;
            if is_filled then
                filled := concat_ws(', ', filled, each.name);
            end if;
        end loop;
        if filled is not null then
            execute format('truncate %s cascade', filled);
        end if;
        for each in
            select format('public.%I', c.relname)::regclass as name, c.oid::regclass as source
            from pg_class c where c.relkind = 'r' and c.relnamespace = 'kept'::regnamespace and c.relname <> 'sequence'
        loop
            execute (
                select format('insert into %s (%s) overriding system value select %2$s from %s', each.name, columns, each.source)
                from (
                    select string_agg(quote_ident(attname), ', ') as columns from pg_attribute
                    where attrelid = each.name and attnum > 0 and not attisdropped and attgenerated = ''
                ) as of_table
            );
        end loop;
        perform setval(format('public.%I', name)::regclass, coalesce(last_value, 1), last_value is not null) from kept.sequence;
        set local session_replication_role = origin;
    end $$
    """,
]
"""Run once where the template stands; `kept` holds what a migrated database begins with."""

RESTORE = "select kept.restore()"
