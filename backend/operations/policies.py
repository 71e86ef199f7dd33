"""Who sees and revives dead events, who prunes done ones, and what a watching machine asks for."""

from backend.core.config import APP_LOGIN
from backend.core.db import Lens
from backend.core.rowsecurity import APP_ROLES, SqlFunction, TableSecurity, for_lenses

MANAGES_EVENTS = "(select app_may('events.manage'))"

TABLES = [
    TableSecurity(
        "outbox",
        select={Lens.PERSON: f"dead_at is not null and {MANAGES_EVENTS}"},
        insert=for_lenses(APP_ROLES, "true"),
        delete={Lens.SYSTEM: "done_at is not null"},
        audited=False,
        unaudited_because="it is itself the record of a change; what people do to it is in event_replay",
    ),
    TableSecurity("outbox_receipt", delete={Lens.SYSTEM: "true"}, audited=False, unaudited_because="it is itself the record of an effect"),
    TableSecurity("event_replay"),
]

REVIVE = """
create or replace function outbox_revive(wanted bigint, at timestamptz) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    revived bigint;
begin
    if not app_may('events.manage') then raise insufficient_privilege using message = 'events.manage is needed'; end if;
    -- One attempt stays counted: the relay then asks for receipts, and what has had its effect is not done twice.
    with alive as (
        update outbox set dead_at = null, attempts = 1, next_at = at
        where dead_at is not null and (wanted is null or id = wanted) returning id, kind, subject_id
    )
    insert into event_replay (id, outbox_id, kind, subject_id, person_id, at)
    select uuidv7(), id, kind, subject_id, app_actor(), outbox_revive.at from alive;
    get diagnostics revived = row_count;
    return revived;
end $$
"""

HEALTH = """
create or replace function outbox_health(most int, out open bigint, out oldest timestamptz, out dead bigint)
language sql stable security definer set search_path = public, pg_temp as $$
    select (select count(*) from (select from outbox where done_at is null and dead_at is null limit most) o),
        (select occurred_at from outbox where done_at is null and dead_at is null order by id limit 1),
        (select count(*) from (select from outbox where dead_at is not null limit most) d)
$$
"""

HAS_SCHEMA = """
create or replace function schema_has(version text) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
    select exists (select from schema_security where fingerprint = version)
$$
"""

FUNCTIONS = [
    SqlFunction("outbox_revive(bigint, timestamptz)", REVIVE, (Lens.PERSON.value,)),
    SqlFunction("outbox_health(int)", HEALTH, (APP_LOGIN,)),
    SqlFunction("schema_has(text)", HAS_SCHEMA, (APP_LOGIN,)),
]
