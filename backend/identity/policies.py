"""Who sees and changes identity rows, and the functions that every other policy builds on."""

from dataclasses import replace

from backend.core.db import Lens
from backend.core.rowsecurity import EVERYBODY, PEOPLE, SqlFunction, TableSecurity, for_lenses

ANYBODY = for_lenses((*PEOPLE, Lens.AUTH, Lens.MACHINE), "true")
MANAGES_PEOPLE = "(select app_may('people.manage'))"
MANAGES_REGIONS = "(select app_may('regions.manage'))"
SELF = "person_id = (select app_actor())"
PLANS_PRESENCE = f"{SELF} or {MANAGES_PEOPLE} or (select app_supervises(person_id))"

TABLES = [
    TableSecurity(
        "region", select=ANYBODY, insert={Lens.PERSON: MANAGES_REGIONS}, update={Lens.PERSON: MANAGES_REGIONS}, history_for="regions.manage"
    ),
    TableSecurity(
        "region_area",
        select=ANYBODY,
        insert={Lens.PERSON: MANAGES_REGIONS},
        update={Lens.PERSON: MANAGES_REGIONS},
        audit_key="region_id",
        audit_names=("id", "province", "city"),
        history_for="regions.manage",
    ),
    TableSecurity("role", select=ANYBODY, audit_key="code", update={Lens.PERSON: MANAGES_PEOPLE}, history_for="people.manage"),
    TableSecurity(
        "role_permission",
        select=ANYBODY,
        audit_key="role_code",
        audit_names=("permission",),
        insert={Lens.PERSON: MANAGES_PEOPLE},
        update={Lens.PERSON: MANAGES_PEOPLE},
        history_for="people.manage",
    ),
    TableSecurity(
        "person",
        select=ANYBODY,
        insert={Lens.PERSON: MANAGES_PEOPLE},
        update={Lens.PERSON: f"id = (select app_actor()) or {MANAGES_PEOPLE}"},
        history_for="people.manage",
    ),
    TableSecurity(
        "person_role",
        select=ANYBODY,
        insert={Lens.PERSON: MANAGES_PEOPLE},
        update={Lens.PERSON: MANAGES_PEOPLE},
        audit_key="person_id",
        audit_names=("role_code",),
        history_for="people.manage",
    ),
    TableSecurity(
        "person_leave",
        select=ANYBODY,
        insert={Lens.PERSON: PLANS_PRESENCE},
        update={Lens.PERSON: PLANS_PRESENCE},
        audit_key="person_id",
        audit_names=("id", "starts_at", "ends_at"),
        history_for="people.manage",
    ),
    TableSecurity(
        "deputy",
        select=ANYBODY,
        insert={Lens.PERSON: PLANS_PRESENCE},
        update={Lens.PERSON: PLANS_PRESENCE},
        audit_key="person_id",
        audit_names=("role_code",),
        history_for="people.manage",
    ),
    TableSecurity(
        "credential",
        select={Lens.AUTH: "true"},
        insert={Lens.PERSON: MANAGES_PEOPLE},
        update={Lens.AUTH: "true"},
        audit_key="person_id",
        audit_hides=("password_hash",),
    ),
    TableSecurity(
        "unknown_login",
        select={Lens.AUTH: "true"},
        insert={Lens.AUTH: "true"},
        update={Lens.AUTH: "true"},
        delete={Lens.SYSTEM: "true"},
        audited=False,
        unaudited_because="it counts guesses that concern nobody, and is forgotten after a day",
        system="select",
    ),
    TableSecurity(
        "auth_session",
        select={Lens.AUTH: "true"},
        insert={Lens.AUTH: "true"},
        update={Lens.AUTH: "true"},
        audit_hides=("token_hash", "previous_token_hash"),
    ),
    TableSecurity(
        "usage_event",
        insert=for_lenses((*PEOPLE,), SELF),
        audited=False,
        unaudited_because="it is itself a record of use, written once",
    ),
]


def _stable(signature: str, returns: str, body: str) -> SqlFunction:
    """A stable function that reads identity past row security; policies call it once a query, in a sub-select."""
    sql = (
        f"create or replace function {signature} returns {returns} language sql stable security definer "
        f"set search_path = public, pg_temp as $$ {body} $$"
    )
    return SqlFunction(signature, sql, EVERYBODY)


ACTOR = "create or replace function app_actor() returns uuid language sql stable as $$ select case when current_setting('app.actor', true) ~ '^[0-9a-f-]{36}$' then current_setting('app.actor', true)::uuid end $$"

CARD = (
    "select jsonb_build_object('id', p.id, 'name', p.name, 'region_id', p.region_id, 'roles', coalesce(x.roles, '[]'), "
    "'reaches', coalesce(x.reaches, '[]'), 'permissions', coalesce(x.permissions, '[]')) "
    "from person p cross join lateral (select "
    "(select jsonb_agg(h.role_code order by h.role_code) from person_role h where h.person_id = p.id and h.is_active) as roles, "
    "(select jsonb_agg(distinct reach) from person_role h join role r on r.code = h.role_code, unnest(r.reaches) reach "
    "where h.person_id = p.id and h.is_active) as reaches, "
    "(select jsonb_agg(distinct m.permission) from person_role h join role_permission m on m.role_code = h.role_code "
    "where h.person_id = p.id and h.is_active and m.is_active) as permissions) x "
    "where p.id = $1 and p.is_active and (p.access_ends_at is null or p.access_ends_at > {now})"
)
"""Who a person is, and what they may, at that moment; no row when their access has ended."""

FUNCTIONS = [
    SqlFunction("app_actor()", ACTOR, EVERYBODY),
    _stable(
        "app_has_reach(text)",
        "boolean",
        "select exists (select 1 from person_role h join role r on r.code = h.role_code "
        "where h.person_id = app_actor() and h.is_active and $1 = any(r.reaches))",
    ),
    _stable(
        "app_may(text)",
        "boolean",
        "select exists (select 1 from person_role h join role_permission p on p.role_code = h.role_code "
        "where h.person_id = app_actor() and h.is_active and p.is_active and p.permission = $1)",
    ),
    _stable(
        "app_regions()",
        "uuid[]",
        "with recursive reach as (select region_id as id from person where id = app_actor() and app_has_reach('region') "
        "union select r.id from region r join reach on r.parent_id = reach.id) "
        "select coalesce(array_agg(id) filter (where id is not null), '{}') from reach",
    ),
    _stable(
        "app_pool_regions()",
        "uuid[]",
        "select array_remove(app_regions() || (select region_id from person where id = app_actor()), null)",
    ),
    _stable("app_supervises(uuid)", "boolean", "select exists (select 1 from person where id = $1 and supervisor_id = app_actor())"),
    _stable(
        "app_actor_card(uuid, uuid, timestamptz)",
        "jsonb",
        f"{CARD.format(now='$3')} "
        "and exists (select 1 from auth_session s where s.id = $2 and s.person_id = p.id and s.revoked_at is null and s.expires_at > $3)",
    ),
    replace(_stable("app_person_card(uuid, timestamptz)", "jsonb", CARD.format(now="$2")), granted=(Lens.SYSTEM.value,)),
]
