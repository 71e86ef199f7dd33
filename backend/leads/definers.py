"""Functions over leads that look past row security, because no policy can let them use their index or see their rows in time."""

from backend.core.db import Lens
from backend.core.finding import Finder, any_of, compared, flag
from backend.deadlines.rules import FIRST_CONTACT
from backend.leads.models import POOLED
from backend.leads.rules import DUE_RUNG

OVERDUE = f"""(l.state = ''assigned'' and exists (select 1 from deadline d where d.kind = ''{FIRST_CONTACT}''
        and d.rung = ''{DUE_RUNG}'' and d.subject_id = l.id and d.base_at = l.assigned_at and d.due_at <= %L))"""
IN_POOL = f"{POOLED} and l.region_id = any(%L::uuid[])".replace("'", "''")

LEADS = Finder(
    table="lead",
    holders=("owner_id", "backup_owner_id", "escalated_to_id"),
    sorts={
        "received": "l.received_at",
        "activity": "l.last_activity_at",
        "next_step": "coalesce(l.next_step_at, ''9999-12-31 00:00:00+00''::timestamptz)",
        "amount": "coalesce(l.expected_amount, -1::numeric)",
        "company": "l.company_sort",
    },
    filters=(
        any_of("states", "state"),
        any_of("sources", "source"),
        any_of("regions", "region_id", "uuid"),
        any_of("owners", "owner_id", "uuid"),
        any_of("product_lines", "product_line"),
        compared("received_from", "l.received_at >= %L"),
        compared("received_before", "l.received_at < %L"),
        compared("quiet_since", "l.state in (''assigned'', ''following'') and coalesce(l.last_follow_up_at, l.assigned_at) < %L"),
        flag("is_overdue", OVERDUE, f"not {OVERDUE}"),
        flag("is_escalated", "l.escalation_level > 0", "l.escalation_level = 0"),
        flag("has_phone", "l.phone is not null", "l.phone is null"),
        flag("has_owner", "l.owner_id is not null", "l.owner_id is null"),
    ),
    others={Lens.POOL: f"case when app_may('lead.claim') then format('{IN_POOL}', app_pool_regions()) else 'false' end"},
)

LEAD_CLAIM = f"""
create or replace function lead_claim(wanted uuid, why jsonb, moment timestamptz, most int, since timestamptz)
returns text language plpgsql security definer set search_path = public, pg_temp as $$
declare
    actor uuid := app_actor();
begin
    if not app_may('lead.claim') then return 'not_allowed'; end if;
    if most is not null then
        perform pg_advisory_xact_lock(hashtextextended('lead_claim ' || actor, 0));
        if (select count(*) from lead_assignment a where a.assigned_by = actor and a.assigned_at >= since and a.reason ->> 'code' = 'claimed') >= most
        then return 'limit_reached'; end if;
    end if;
    -- Of several at once the row lock lets one through; the others find the lead owned.
    update lead set owner_id = actor, state = 'assigned', pooled_at = null, reclaimed_at = null, former_owner_id = null, escalated_to_id = null, escalation_level = 0,
        assigned_at = moment, first_assigned_at = coalesce(first_assigned_at, moment), next_step = null, next_step_at = null, version = version + 1
    where id = wanted and {POOLED} and region_id = any(app_pool_regions());
    if not found then return 'taken'; end if;
    insert into lead_assignment (id, lead_id, person_id, region_id, reason, assigned_at, assigned_by, latency_ms)
    select uuidv7(), id, owner_id, region_id, why, moment, actor, null from lead where id = wanted;
    return 'changed';
end $$
"""
