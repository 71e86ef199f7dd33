"""Who sees and writes opportunities (SAFE-1). Nobody deletes (HAND-2)."""

from backend.core.db import Lens
from backend.core.rowsecurity import OWNED_SCOPES, PEOPLE, SqlFunction, TableSecurity, for_lenses
from backend.opportunities import funnel
from backend.opportunities.definers import OPPORTUNITIES

SCOPES = (*OWNED_SCOPES, Lens.PERSON)
ME = "(select app_actor())"
READS = "(select app_may('opportunity.read'))"
CHANGES = "((select app_may('opportunity.change')) or (select app_may('opportunity.reopen')))"
HOLDS = f"(owner_id = {ME} or backup_owner_id = {ME})"
IN_MY_REGIONS = "region_id = any((select app_regions())::uuid[])"
SEES_COMPANY = "(select app_has_reach('company'))"
LEADS_OWNER = "app_supervises(owner_id)"
WORKS_WITH = f"({HOLDS} or {IN_MY_REGIONS} or {LEADS_OWNER})"
SEES_FIGURES = {Lens.REGION: f"{IN_MY_REGIONS} and {READS}", Lens.COMPANY: f"{SEES_COMPANY} and {READS}"}
PARENT_VISIBLE = "exists (select 1 from opportunity parent where parent.id = opportunity_id)"
MOVES_PARENT = f"exists (select 1 from opportunity parent where parent.id = opportunity_id and {WORKS_WITH}) and {CHANGES}"
BEGINS_PARENT = (
    "exists (select 1 from opportunity parent where parent.id = opportunity_id and"
    f" parent.created_by = {ME} and {WORKS_WITH}) and (select app_may('opportunity.create'))"
)

GUARD = """
create or replace function stage_stay_guard() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
    if old.left_at is not null or new.left_at is null
        or (to_jsonb(new) - '{left_at,left_by,left_to,left_move}'::text[]) <> (to_jsonb(old) - '{left_at,left_by,left_to,left_move}'::text[])
    then
        raise exception 'stage_stay is append-only: an open stay can be ended, nothing else changes' using errcode = 'restrict_violation';
    end if;
    return new;
end $$
"""

ONE_STAY = """
create or replace function opportunity_one_stay() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
    wanted uuid := to_jsonb(new) ->> case tg_table_name when 'opportunity' then 'id' else 'opportunity_id' end;
begin
    if not exists (
        select 1 from opportunity o join stage_stay s on s.opportunity_id = o.id and s.stage_id = o.stage_id and s.left_at is null
        where o.id = wanted
    ) then
        raise exception 'opportunity % has no open stay in the stage where it stands', wanted using errcode = 'integrity_constraint_violation';
    end if;
    return null;
end $$
"""
"""At the end of the transaction; that there are not two of them a unique index sees to."""
AT_THE_END = "deferrable initially deferred for each row execute function opportunity_one_stay()"

TABLES = [
    TableSecurity(
        "opportunity",
        select={
            Lens.OWN: f"{HOLDS} and {READS}",
            Lens.REGION: f"{IN_MY_REGIONS} and {READS}",
            Lens.COMPANY: f"{SEES_COMPANY} and {READS}",
            Lens.PERSON: f"({WORKS_WITH} or {SEES_COMPANY}) and {READS}",
        },
        insert={Lens.PERSON: f"created_by = {ME} and {WORKS_WITH} and state = 'open' and (select app_may('opportunity.create'))"},
        update={Lens.PERSON: f"{WORKS_WITH} and {CHANGES}"},
        audit_hides=("search_text", "name_sort"),
        triggers={
            "opportunity_one_stay": "create constraint trigger opportunity_one_stay"
            f" after insert or update of stage_id on opportunity {AT_THE_END}",
            "funnel_of_deal": funnel.DEAL_TRIGGER,
        },
    ),
    TableSecurity(
        "opportunity_notice",
        select={Lens.PERSON: "(select app_may('settings.manage'))"},
        audited=False,
        unaudited_because="it says when the owner was last told, which follows from the opportunity; what was said is a notification",
    ),
    TableSecurity(
        "stage_stay",
        select=for_lenses(SCOPES, PARENT_VISIBLE),
        insert={Lens.PERSON: f"entered_by = {ME} and (({MOVES_PARENT}) or ({BEGINS_PARENT} and move = 'created'))"},
        update={Lens.PERSON: MOVES_PARENT},
        audited=False,
        unaudited_because="append-only: a trigger lets a row be closed once and changes nothing else, so each row is its own record",
        system="select, insert, update",
        triggers={
            "stage_stay_guard": "create trigger stage_stay_guard before update on stage_stay"
            " for each row execute function stage_stay_guard()",
            "stage_stay_one_open": f"create constraint trigger stage_stay_one_open after insert or update on stage_stay {AT_THE_END}",
            "funnel_of_stay": funnel.STAY_TRIGGER,
        },
    ),
    TableSecurity(
        "funnel_cell",
        select=SEES_FIGURES,
        audited=False,
        unaudited_because="sums over opportunities and their stays, made anew from these at will",
    ),
    TableSecurity(
        "funnel_dwell",
        select=SEES_FIGURES,
        audited=False,
        unaudited_because="how many stays ended after how long, made anew from these at will",
    ),
    TableSecurity(
        "funnel_delta",
        select=SEES_FIGURES,
        delete={Lens.SYSTEM: "true"},
        audited=False,
        unaudited_because="what is still to be added to funnel_cell; a trigger writes it",
        system="select",
    ),
    TableSecurity(
        "funnel_base",
        select=for_lenses(PEOPLE, "true"),
        audited=False,
        unaudited_because="repeats a setting of the installation: the zone by which funnel_cell was made",
        system="select",
    ),
    TableSecurity("funnel_day", audited=False, unaudited_because="how far a job has come"),
    TableSecurity(
        "funnel_snapshot",
        select=for_lenses(SCOPES, PARENT_VISIBLE),
        audited=False,
        unaudited_because="append-only: each row is itself a record of a day",
        system="select, insert",
    ),
]

FUNCTIONS = [
    SqlFunction(OPPORTUNITIES.signature, OPPORTUNITIES.sql(), tuple(lens.value for lens in OWNED_SCOPES)),
    SqlFunction("stage_stay_guard()", GUARD, ()),
    SqlFunction("opportunity_one_stay()", ONE_STAY, ()),
    SqlFunction("counts_added(bigint[], bigint[])", funnel.ADDED, (Lens.SYSTEM.value,)),
    SqlFunction("funnel_of_deal()", funnel.OF_DEAL, ()),
    SqlFunction("funnel_of_stay()", funnel.OF_STAY, ()),
]
