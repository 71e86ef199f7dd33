"""Who sees and writes leads (SAFE-1), and the one way in which a lead changes hands."""

from backend.core.db import Lens
from backend.core.rowsecurity import HOLDERS, PEOPLE, SCOPES, SqlFunction, TableSecurity, for_lenses
from backend.leads.definers import LEAD_CLAIM, LEADS
from backend.leads.models import POOLED

ME = "(select app_actor())"
HOLDS = f"owner_id = {ME} or backup_owner_id = {ME} or escalated_to_id = {ME}"
IN_MY_REGIONS = "region_id = any((select app_regions())::uuid[])"
SEES_COMPANY = "(select app_has_reach('company'))"
LEADS_OWNER = "app_supervises(owner_id)"
MADE_AND_WAITS = f"created_by = {ME} and owner_id is null"
SURVIVOR_VISIBLE = "(merged_into_id is not null and app_sees('lead', merged_into_id))"
CUSTOMER_VISIBLE = "(customer_id is not null and app_sees('customer', customer_id))"
REASSIGNS = f"({SEES_COMPANY} and (select app_may('lead.reassign')))"
IN_MY_POOL = f"({POOLED} and region_id = any((select app_pool_regions())::uuid[]) and (select app_may('lead.claim')))"
LEAD_VISIBLE = "exists (select 1 from lead parent where parent.id = lead_id)"
MANAGES_SETTINGS = {Lens.PERSON: "(select app_may('settings.manage'))"}
MANAGES_SCRIPTS = {Lens.PERSON: "(select app_may('scripts.manage'))"}

TABLES = [
    TableSecurity(
        "lead",
        select={
            Lens.OWN: HOLDS,
            Lens.REGION: IN_MY_REGIONS,
            Lens.COMPANY: SEES_COMPANY,
            Lens.POOL: IN_MY_POOL,
            Lens.PERSON: f"{HOLDS} or {IN_MY_REGIONS} or {SEES_COMPANY} or ({MADE_AND_WAITS}) or {LEADS_OWNER} or {IN_MY_POOL} or {SURVIVOR_VISIBLE}"
            f" or {CUSTOMER_VISIBLE}",
        },
        insert={Lens.PERSON: f"created_by = {ME} and (owner_id is null or owner_id = {ME}) and (select app_may('lead.create'))"},
        update={Lens.PERSON: f"(select app_may('lead.follow_up')) and ({HOLDS} or {IN_MY_REGIONS} or {LEADS_OWNER} or {REASSIGNS})"},
        audit_hides=("search_text", "company_sort"),
    ),
    TableSecurity(
        "lead_assignment",
        select=for_lenses(HOLDERS, LEAD_VISIBLE),
        insert={Lens.PERSON: f"assigned_by = {ME} and person_id = {ME} and {LEAD_VISIBLE}"},
        audited=False,
        unaudited_because="append-only: each row is itself the record of one decision",
        system="select, insert",
    ),
    TableSecurity(
        "assignment_pointer",
        audited=False,
        unaudited_because="it repeats the newest lead_assignment of each rep",
    ),
    TableSecurity(
        "pool_rule",
        select=for_lenses(PEOPLE, "true"),
        insert=MANAGES_SETTINGS,
        update=MANAGES_SETTINGS,
        history_for="settings.manage",
    ),
    TableSecurity(
        "script_template", select=for_lenses(PEOPLE, "true"), insert=MANAGES_SCRIPTS, update=MANAGES_SCRIPTS, history_for="scripts.manage"
    ),
]

CHANGE_OWNER = """
create or replace function lead_change_owner(wanted uuid, new_owner uuid, seen_version int, why jsonb, moment timestamptz)
returns text language plpgsql security definer set search_path = public, pg_temp as $$
declare
    actor uuid := app_actor(); found lead; kept boolean;
    taking boolean := why ->> 'code' = 'taken_over';
begin
    select * into found from lead where id = wanted for update;
    if found.id is null or found.state in ('disqualified', 'merged', 'converted') or (taking and new_owner <> actor)
        or not app_may(case when taking then 'lead.take_over' else 'lead.reassign' end)
        or not (found.escalated_to_id is not distinct from actor or app_supervises(found.owner_id)
            or coalesce(found.region_id = any(app_regions()), false) or (not taking and app_has_reach('company')))
    then return 'not_allowed'; end if;
    if found.version <> seen_version then return 'stale'; end if;
    if found.owner_id is not distinct from new_owner then return 'same_owner'; end if;
    if not exists (select 1 from person where id = new_owner and is_active and (access_ends_at is null or access_ends_at > moment))
    then return 'not_active'; end if;
    with recursive reach as (
        select region_id as id from person where id = new_owner union select r.id from region r join reach on r.parent_id = reach.id
    ) select coalesce(bool_or(id is null or id = found.region_id), false) into kept from reach;
    update lead set owner_id = new_owner, state = 'assigned', escalated_to_id = null, escalation_level = 0, pooled_at = null, reclaimed_at = null, former_owner_id = null,
        region_id = case when kept then found.region_id else (select p.region_id from person p where p.id = new_owner) end,
        assigned_at = moment, first_assigned_at = coalesce(first_assigned_at, moment), next_step = null, next_step_at = null,
        version = version + 1
    where id = wanted;
    insert into lead_assignment (id, lead_id, person_id, region_id, reason, assigned_at, assigned_by, latency_ms)
    select uuidv7(), id, owner_id, region_id, why, moment, actor, null from lead where id = wanted;
    return 'changed';
end $$
"""

FUNCTIONS = [
    SqlFunction("lead_change_owner(uuid, uuid, int, jsonb, timestamptz)", CHANGE_OWNER, (Lens.PERSON.value,)),
    SqlFunction("lead_claim(uuid, jsonb, timestamptz, int, timestamptz)", LEAD_CLAIM, (Lens.PERSON.value,)),
    SqlFunction(LEADS.signature, LEADS.sql(), tuple(lens.value for lens in SCOPES)),
]
