"""The audit's own rights and functions: written by triggers, sealed by one function, changed by nobody."""

from collections.abc import Iterable

from backend.core.config import WORKER_LOGIN
from backend.core.db import Lens
from backend.core.rowsecurity import EVERYBODY, SqlFunction, TableSecurity


def tables(others: Iterable[TableSecurity]) -> list[TableSecurity]:
    """The audit itself; its readers, and those who may read the history of single tables."""
    open_tables: dict[str, list[str]] = {}
    for other in others:
        if other.history_for:
            open_tables.setdefault(other.history_for, []).append(other.table)
    # Written so that PostgreSQL keeps the text as it is: a restored backup must have the very same policies.
    parts = [f"(table_name::text = any ('{{{','.join(names)}}}'::text[]) and (select app_may('{permission}')))"
             for permission, names in sorted(open_tables.items())]  # fmt: skip
    return [
        TableSecurity(
            "audit_entry",
            select={Lens.PERSON: " or ".join(["(select app_may('audit.read'))", *parts])},
            audited=False,
            unaudited_because="it is the audit",
            system="select",
        ),
        TableSecurity("audit_seal", audited=False, unaudited_because="it is the audit", system="select"),
    ]


WHO = """clock_timestamp(),
        coalesce(nullif(current_setting('app.actor', true), ''), 'database:' || session_user),
        coalesce(current_setting('app.request', true), ''),
        coalesce(current_setting('app.ip', true), ''),
        tg_table_name"""

HIDE = """
create or replace function audit_hide(said jsonb, columns text[]) returns jsonb language plpgsql immutable strict set search_path = public, pg_temp as $$
declare
    hidden text;
begin
    foreach hidden in array columns loop
        if said ? hidden then said := said || jsonb_build_object(hidden, 'hidden ' || left(encode(sha256(convert_to(said ->> hidden, 'UTF8')), 'hex'), 8)); end if;
    end loop;
    return said;
end $$
"""

WRITE_MADE = f"""
create or replace function audit_write_made() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
    -- All rows of one statement at once, which costs half of what it costs row by row. `offset 0`: each row becomes JSON once.
    insert into audit_entry (at, actor, request_id, ip, table_name, row_id, action, before, after)
    select {WHO}, coalesce(said ->> tg_argv[0], ''), 'insert', null, case when tg_nargs > 2 then audit_hide(said, tg_argv[2:]) else said end
    from (select to_jsonb(made) as said from made offset 0) m;
    return null;
end $$
"""

WRITE = f"""
create or replace function audit_write() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
    was jsonb := to_jsonb(old); becomes jsonb; names text[] := string_to_array(tg_argv[1], ',');
begin
    if tg_op <> 'DELETE' then becomes := to_jsonb(new); end if;
    if was = becomes then return null; end if;
    if tg_nargs > 2 then
        was := audit_hide(was, tg_argv[2:]);
        becomes := audit_hide(becomes, tg_argv[2:]);
    end if;
    insert into audit_entry (at, actor, request_id, ip, table_name, row_id, action, before, after) values (
        {WHO},
        coalesce(becomes ->> tg_argv[0], was ->> tg_argv[0], ''),
        lower(tg_op),
        case when tg_op = 'UPDATE' then (select jsonb_object_agg(key, value) from jsonb_each(was) where becomes -> key is distinct from value or key = any(names)) else was end,
        case when tg_op = 'UPDATE' then (select jsonb_object_agg(key, value) from jsonb_each(becomes) where was -> key is distinct from value or key = any(names)) else becomes end
    );
    return null;
end $$
"""

BATCH_DIGEST = """sha256(coalesce(string_agg(sha256(convert_to(
        jsonb_build_array(id, at, actor, request_id, ip, table_name, row_id, action, before, after)::text, 'UTF8')), ''::bytea order by id), ''::bytea))"""
"""Over the entries of one batch; moments are written in the session's time zone, which must be UTC."""

DIGEST = f"""
create or replace function audit_digest(wanted bigint) returns bytea language sql stable security definer set search_path = public, pg_temp set timezone = 'UTC' as $$
    select {BATCH_DIGEST}
    from audit_entry where batch = wanted
$$
"""

SEAL = """
create or replace function audit_seal_next(most int) returns int language plpgsql security definer set search_path = public, pg_temp as $$
declare
    last audit_seal; sealed int;
begin
    if not pg_try_advisory_xact_lock(hashtext('audit_seal')) then return 0; end if;
    select * into last from audit_seal order by batch desc limit 1;
    with picked as (select id from audit_entry where batch is null order by id limit most)
    update audit_entry set batch = coalesce(last.batch, 0) + 1 from picked where audit_entry.id = picked.id;
    get diagnostics sealed = row_count;
    if sealed > 0 then
        insert into audit_seal (batch, entries, hash, sealed_at) values (
            coalesce(last.batch, 0) + 1, sealed,
            sha256(coalesce(last.hash, ''::bytea) || audit_digest(coalesce(last.batch, 0) + 1)), clock_timestamp());
    end if;
    return sealed;
end $$
"""

FUNCTIONS = [
    SqlFunction("audit_hide(jsonb, text[])", HIDE, ()),
    SqlFunction("audit_write()", WRITE, EVERYBODY),
    SqlFunction("audit_write_made()", WRITE_MADE, EVERYBODY),
    SqlFunction("audit_digest(bigint)", DIGEST, (WORKER_LOGIN, Lens.SYSTEM.value)),
    SqlFunction("audit_seal_next(int)", SEAL, (WORKER_LOGIN, Lens.SYSTEM.value)),
]
