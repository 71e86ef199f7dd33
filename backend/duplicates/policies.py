"""Keys are read and written only by named functions, which look past row security and say no more than whom to ask."""

from dataclasses import dataclass

from backend.core.db import Lens
from backend.core.rowsecurity import EVERYBODY, HOLDERS, OWNED_SCOPES, SqlFunction, TableSecurity, for_lenses


@dataclass(frozen=True)
class Subject:
    """A table whose rows can be duplicates: what may be shown of a row, when it stands for itself, and when its owner gets what comes in."""

    table: str
    name: str
    contact: str
    prefix: str
    is_open: str
    stands: str
    """Which of them a file may not bring again."""
    is_over: str = "false"
    """Closed, with another record that speaks for the firm."""


SUBJECTS = (
    Subject("customer", "name", "''", "KH", "s.state = 'active'", "s.state = 'active'"),
    Subject(
        "lead",
        "company",
        "contact_name",
        "XS",
        "s.state in ('assigned', 'following')",
        "s.state <> 'disqualified'",
        "s.state = 'converted'",
    ),
)
"""A customer decides before a lead."""

DERIVED = "it repeats what the audited records say and is made anew from them"
MERGES = " or ".join(
    f"(subject_type = '{subject.table}' and exists (select 1 from {subject.table} parent where parent.id in (survivor_id, loser_id)))"
    for subject in SUBJECTS
)
MAY_MERGE = "(select app_may('record.merge'))"

TABLES = [
    TableSecurity("identity_key", audited=False, unaudited_because=DERIVED, system=""),
    TableSecurity("identity_name", audited=False, unaudited_because=DERIVED, system=""),
    TableSecurity("identity_progress", audited=False, unaudited_because="it counts how far a sweep has come"),
    TableSecurity(
        "record_merge",
        select=for_lenses(HOLDERS, MERGES),
        insert={Lens.PERSON: f"merged_by = (select app_actor()) and {MAY_MERGE} and ({MERGES})"},
        update={Lens.PERSON: f"{MAY_MERGE} and ({MERGES})"},
    ),
]

REGISTER = """
create or replace function identity_register(p_type text, p_ids uuid[], p_keys jsonb, p_names jsonb)
returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
    -- One batch of one type: keys {id, kind, key}, names {id, core, places, grams}; what was known of these ids before is replaced.
    delete from identity_key where subject_id = any(p_ids) and subject_type = p_type;
    insert into identity_key (subject_type, subject_id, kind, key)
    select p_type, k.id, k.kind, k.key from jsonb_to_recordset(p_keys) as k(id uuid, kind text, key text) on conflict do nothing;
    insert into identity_name (subject_type, subject_id, core, places, grams)
    select p_type, n.id, n.core, n.places, n.grams from jsonb_to_recordset(p_names) as n(id uuid, core text, places text[], grams int[])
    on conflict (subject_type, subject_id) do update set core = excluded.core, places = excluded.places, grams = excluded.grams;
    delete from identity_name where subject_type = p_type and subject_id = any(p_ids)
        and subject_id not in (select n.id from jsonb_to_recordset(p_names) as n(id uuid));
end $$
"""

# A record that was merged speaks for its survivor.
_STANDS_FOR = "case when m.id is null then i.subject_id else merge_survivor(i.subject_id) end"
_MERGED = "left join record_merge m on m.loser_id = i.subject_id and m.undone_at is null"

_OWNED = " union all ".join(
    f"select {rank} as rank, '{subject.table}' as subject_type, s.id, h.kind, s.owner_id from held h join {subject.table} s on s.id = h.subject_id"
    f" where h.subject_type = '{subject.table}' and s.merged_into_id is null and s.owner_id is not null and {subject.is_open}"
    for rank, subject in enumerate(SUBJECTS)
)

SETTLE = f"""
create or replace function identity_settle(p_type text, p_id uuid, p_keys jsonb, p_names jsonb, p_region uuid, p_moment timestamptz)
returns table (subject_type text, subject_id uuid, kind text, owner_id uuid, owner_name text, region_id uuid, region_name text)
language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
begin
    -- Records with a key in common take turns, in the order of the keys: the second one sees whom the first one got.
    perform pg_advisory_xact_lock(hashtextextended('identity:' || k.kind || ':' || k.key, 0))
    from (select kind, key from jsonb_to_recordset(p_keys) as k(kind text, key text) order by kind, key) k;
    perform identity_register(p_type, array[p_id], p_keys, p_names);
    return query
    with held as (
        select distinct i.subject_type, {_STANDS_FOR} as subject_id, i.kind from jsonb_to_recordset(p_keys) as k(kind text, key text)
        join identity_key i on i.kind = k.kind and i.key = k.key {_MERGED} where i.subject_id <> p_id
    ), owned as ({_OWNED})
    select o.subject_type, o.id, o.kind::text, o.owner_id, p.name::text, r.id, r.name::text
    from owned o join person p on p.id = o.owner_id and p.is_active and (p.access_ends_at is null or p.access_ends_at > p_moment)
    left join region r on r.id = case when identity_region_reaches(p.region_id, p_region) then p_region else p.region_id end
    order by o.rank, exists (
        select 1 from person_leave v where v.person_id = o.owner_id and v.cancelled_at is null and v.starts_at <= p_moment and v.ends_at > p_moment
    ), o.id, o.kind limit 1;
end $$
"""

REGION_REACHES = """
create or replace function identity_region_reaches(held uuid, wanted uuid) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
    with recursive reach as (select held as id union select r.id from region r join reach on r.parent_id = reach.id)
    select wanted is not null and (held is null or exists (select 1 from reach where reach.id = wanted))
$$
"""
"""Whether the record may stay in the region where it was: its owner works there or above."""

_STANDING = " union all ".join(
    f"select f.subject_type, f.subject_id, f.kinds, f.core, f.places, s.owner_id from found f join {subject.table} s on s.id = f.subject_id"
    f" where f.subject_type = '{subject.table}' and s.merged_into_id is null"
    for subject in SUBJECTS
)

HITS = f"""
create or replace function identity_hits(p_keys jsonb, p_grams int[])
returns table (subject_type text, subject_id uuid, kinds text[], core text, places text[], owner_id uuid, owner_name text)
language sql stable security definer set search_path = public, pg_temp as $$
    with exact as (
        select i.subject_type, {_STANDS_FOR} as subject_id, i.kind from jsonb_to_recordset(p_keys) as k(kind text, key text)
        join identity_key i on i.kind = k.kind and i.key = k.key {_MERGED} limit 100
    ), near as (
        select i.subject_type, {_STANDS_FOR} as subject_id, i.core, i.places from identity_name i {_MERGED} where i.grams && p_grams limit 1000
    ), found as (
        select subject_type, subject_id, array_agg(distinct kind) as kinds, null as core, null::text[] as places from exact group by 1, 2
        union all select subject_type, subject_id, '{{}}', core, places from near
    ), standing as ({_STANDING})
    select s.subject_type, s.subject_id, s.kinds, s.core, s.places, s.owner_id, p.name
    from standing s left join person p on p.id = s.owner_id
$$
"""

_TAKEN = " union all ".join(
    f"select '{subject.table}' as subject_type, s.id, i.kind, i.key, '{subject.prefix}' || lpad(s.number::text, 8, '0') as number, s.{subject.name} as name,"
    f" s.owner_id, {subject.is_over} as is_over from held i join {subject.table} s on s.id = i.subject_id"
    f" where i.subject_type = '{subject.table}' and s.merged_into_id is null and {subject.stands}"
    for subject in SUBJECTS
)

HELD = f"""
create or replace function identity_held(p_keys jsonb, p_moment timestamptz)
returns table (
    kind text, key text, subject_type text, subject_id uuid, number text, name text, is_over boolean, owner_id uuid, owner_name text, owner_works boolean
) language sql stable security definer set search_path = public, pg_temp as $$
    with held as (
        select i.subject_type, {_STANDS_FOR} as subject_id, i.kind, i.key from jsonb_to_recordset(p_keys) as k(kind text, key text)
        join identity_key i on i.kind = k.kind and i.key = k.key {_MERGED}
    ), taken as ({_TAKEN})
    select distinct on (t.kind, t.key, t.subject_type) t.kind, t.key, t.subject_type, t.id, t.number, t.name, t.is_over, t.owner_id, p.name,
        coalesce(p.is_active and (p.access_ends_at is null or p.access_ends_at > p_moment), false)
    from taken t left join person p on p.id = t.owner_id order by t.kind, t.key, t.subject_type, t.is_over, t.id desc
$$
"""
"""Of many keys the customer and the lead that have each, an open lead before a closed one, the newest of several. For sweeps, which mask it."""

SURVIVOR = """
create or replace function merge_survivor(wanted uuid) returns uuid
language sql stable security definer set search_path = public, pg_temp as $$
    with recursive up as (
        select wanted as id, 0 as depth
        union select m.survivor_id, up.depth + 1 from record_merge m join up on m.loser_id = up.id where m.undone_at is null
    ) select id from up order by depth desc limit 1
$$
"""

SEES = """
create or replace function app_sees(subject text, wanted uuid) returns boolean
language plpgsql stable set search_path = public, pg_temp as $$
declare
    seen boolean;
begin
    execute format('select exists (select 1 from %I where id = $1)', subject) into seen using wanted;
    return seen;
end $$
"""
"""Runs as its caller: whoever sees the survivor sees what was merged into it."""

FAMILY = """
create or replace function merge_family(wanted uuid) returns uuid[]
language sql stable security definer set search_path = public, pg_temp as $$
    with recursive family as (
        select wanted as id union select m.loser_id from record_merge m join family f on m.survivor_id = f.id where m.undone_at is null
    ) select wanted || coalesce(array_agg(id) filter (where id <> wanted), '{}') from family
$$
"""

HISTORY = """
create or replace function record_history(wanted uuid) returns uuid[]
language sql stable security definer set search_path = public, pg_temp as $$
    select merge_family(wanted) || coalesce((
        select array_agg(distinct part) from lead l cross join unnest(merge_family(l.id)) part where l.customer_id = any(merge_family(wanted))
    ), '{}') || coalesce((select array_agg(o.id) from opportunity o where o.customer_id = any(merge_family(wanted))), '{}')
$$
"""
"""Whose timelines a record's page shows: its own, of what was merged into it, and of the leads and opportunities of a customer."""

USERS = (Lens.PERSON.value, Lens.SYSTEM.value)
READERS = (*(lens.value for lens in OWNED_SCOPES), *USERS)
SETTLE_SIGNATURE = "identity_settle(text, uuid, jsonb, jsonb, uuid, timestamptz)"

FUNCTIONS = [
    SqlFunction("merge_survivor(uuid)", SURVIVOR, READERS),
    SqlFunction("identity_register(text, uuid[], jsonb, jsonb)", REGISTER, USERS),
    SqlFunction("identity_region_reaches(uuid, uuid)", REGION_REACHES, ()),
    SqlFunction(SETTLE_SIGNATURE, SETTLE, USERS),
    SqlFunction("identity_hits(jsonb, integer[])", HITS, USERS),
    SqlFunction("identity_held(jsonb, timestamptz)", HELD, (Lens.SYSTEM.value,)),
    SqlFunction("merge_family(uuid)", FAMILY, READERS),
    SqlFunction("record_history(uuid)", HISTORY, USERS),
    SqlFunction("app_sees(text, uuid)", SEES, EVERYBODY),
]
