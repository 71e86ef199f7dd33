"""Who sees and writes technical support requests (SAFE-1): who asked, the engineer and their superior, and whoever sees the record."""

from backend.core.db import Lens
from backend.core.rowsecurity import SqlFunction, TableSecurity
from backend.customers import policies as customers
from backend.opportunities import policies as opportunities
from backend.support.rules import ENGINEER_ROLE

ME = "(select app_actor())"
OF_RECORD = (
    "exists (select 1 from opportunity parent where parent.id = opportunity_id) or (opportunity_id is null and"
    " (select app_may('opportunity.read')) and exists (select 1 from customer parent where parent.id = customer_id))"
)
WORKS_WITH_RECORD = (
    f"exists (select 1 from opportunity deal where deal.id = opportunity_id and {opportunities.WORKS_WITH}) or (opportunity_id is null and"
    " (select app_may('opportunity.read')) and exists"
    f" (select 1 from customer firm where firm.id = customer_id and ({customers.WORKS_WITH})))"
)
CONCERNS_ME = f"asked_by = {ME} or engineer_id = {ME} or handed_by = {ME} or app_supervises(engineer_id)"
WORKS = "((select app_may('support.ask')) or (select app_may('support.answer')) or handed_by = (select app_actor()))"
ASKS = "(select app_may('support.ask'))"
SEES_REQUEST = "exists (select 1 from support_request parent where parent.id = request_id)"

GUARD = """
create or replace function support_round_guard() returns trigger language plpgsql set search_path = public, pg_temp as $$
declare
    answers text[] := '{due_at,answered_by,answered_at,answer}';
begin
    if old.answered_at is not null or new.answered_at is null or (to_jsonb(new) - answers) <> (to_jsonb(old) - answers) then
        raise exception 'support_round is append-only: an open round can be answered, nothing else changes' using errcode = 'restrict_violation';
    end if;
    return new;
end $$
"""

ENGINEERS = f"""
create or replace function support_engineers(moment timestamptz)
returns table (
    id uuid, name text, is_present boolean, deputy_id uuid, deputy_name text, open_requests int, last_asked_at timestamptz
) language sql stable security definer set search_path = public, pg_temp as $$
    with engineer as (
        select p.id, p.name from person p join person_role h on h.person_id = p.id and h.is_active and h.role_code = '{ENGINEER_ROLE}'
        where p.is_active and (p.access_ends_at is null or p.access_ends_at > moment)
    ), present as (
        select e.id, e.name from engineer e where not exists (
            select 1 from person_leave v where v.person_id = e.id and v.cancelled_at is null and v.starts_at <= moment and v.ends_at > moment)
    )
    select e.id, e.name, exists (select 1 from present w where w.id = e.id), stand_in.id, stand_in.name,
        (select count(*)::int from support_request r where r.engineer_id = e.id and r.state = 'asked'),
        (select max(r.asked_at) from support_request r where r.engineer_id = e.id)
    from engineer e left join lateral (
        select w.id, w.name from deputy d join present w on w.id = d.deputy_id
        where d.person_id = e.id and d.role_code = '{ENGINEER_ROLE}' limit 1
    ) stand_in on true
    where app_may('support.ask') or app_may('support.answer') or exists (select 1 from person p where p.supervisor_id = app_actor())
$$
"""
"""Who can be asked, whatever of their requests the asker may see: no more than how many wait."""

FACTS = """
create or replace function support_facts(wanted uuid[])
returns table (
    request_id uuid, opportunity_number bigint, opportunity_name text, product_line text, opportunity_need text, expected_close_on date,
    customer_number bigint, customer_name text, owner_name text
) language sql stable security definer set search_path = public, pg_temp as $$
    select r.id, o.number, o.name, o.product_line, o.need, o.expected_close_on, c.number, c.name, p.name
    from support_request r join customer c on c.id = r.customer_id left join opportunity o on o.id = r.opportunity_id
    join person p on p.id = coalesce(o.owner_id, c.owner_id)
    where r.id = any(wanted) and (
        r.engineer_id = app_actor() or r.asked_by = app_actor() or r.handed_by = app_actor() or app_supervises(r.engineer_id))
$$
"""
"""What an engineer needs to know of the record behind a request, and nothing more: no amount, no contact."""

TABLES = [
    TableSecurity(
        "support_request",
        select={Lens.PERSON: f"{CONCERNS_ME} or {OF_RECORD}"},
        insert={Lens.PERSON: f"asked_by = {ME} and state = 'asked' and round = 1 and {ASKS} and ({WORKS_WITH_RECORD})"},
        update={Lens.PERSON: f"({CONCERNS_ME} or {OF_RECORD}) and ({WORKS} or app_supervises(engineer_id))"},
    ),
    TableSecurity(
        "support_round",
        select={Lens.PERSON: SEES_REQUEST},
        insert={
            Lens.PERSON: f"asked_by = {ME} and answered_at is null and {ASKS} and exists (select 1 from support_request parent"
            " where parent.id = request_id and parent.state = 'asked' and parent.round = support_round.number"
            f" and parent.engineer_id <> {ME} and (parent.asked_by = {ME} or {WORKS_WITH_RECORD}))"
        },
        update={
            Lens.PERSON: f"exists (select 1 from support_request parent where parent.id = request_id and parent.engineer_id = {ME})"
            " and (select app_may('support.answer'))"
        },
        audited=False,
        unaudited_because="append-only: a trigger lets a round be answered once and changes nothing else, so each row is its own record",
        system="select, insert, update",
        triggers={
            "support_round_guard": "create trigger support_round_guard before update on support_round"
            " for each row execute function support_round_guard()"
        },
    ),
    TableSecurity(
        "support_record",
        select={Lens.PERSON: f"engineer_id = {ME} or app_supervises(engineer_id)"},
        audited=False,
        unaudited_because="append-only: an entry is its own evidence and nobody may change it",
        system="select, insert",
    ),
]

FUNCTIONS = [
    SqlFunction("support_round_guard()", GUARD, ()),
    SqlFunction("support_engineers(timestamptz)", ENGINEERS, (Lens.PERSON.value,)),
    SqlFunction("support_facts(uuid[])", FACTS, (Lens.PERSON.value,)),
]
