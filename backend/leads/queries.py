"""SELECTs over leads; row security adds the scope."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, TextClause, Uuid, and_, bindparam, case, func, literal, literal_column, or_, select, text
from sqlalchemy.orm import aliased

from backend.core.db import Moment
from backend.core.hot import Hot
from backend.customers.models import Customer
from backend.deadlines.models import Deadline
from backend.deadlines.rules import FIRST_CONTACT
from backend.identity.models import Person, Region
from backend.identity.queries import has_access, works_at
from backend.leads import rules
from backend.leads.models import AssignmentPointer, Lead, LeadAssignment, ScriptTemplate
from backend.leads.pool_queries import RETURNS_AT, with_rule
from backend.leads.rules import LeadState

Owner, Backup, Superior, Creator = (aliased(Person, name=name) for name in ("owner", "backup_owner", "superior", "creator"))
CARD_FIELDS = (
    "id", "number", "company", "contact_name", "phone", "province", "city", "source", "product_line", "language", "campaign", "need", "is_test",
    "state", "received_at", "assigned_at", "first_follow_up_at", "escalation_level", "version", "owner_id", "region_id", "next_step",
    "next_step_at", "last_activity_at", "expected_amount", "currency",
)  # fmt: skip
MORE_FIELDS = (
    "email", "wechat", "custom", "disqualified_at", "disqualified_reason", "last_follow_up_at", "form_id", "form_name", "backup_owner_id",
    "escalated_to_id", "created_by", "first_assigned_at", "merged_into_id", "reclaimed_at", "former_owner_id", "protected_at", "protected_reason",
    "customer_id",
)  # fmt: skip
WAITS: ColumnElement[bool] = and_(Lead.state == LeadState.ASSIGNED, Lead.owner_id.is_not(None))
"""`rules.waits_for_contact`."""
CLAIMS_HERE: ColumnElement[bool] = literal_column(
    "(lead.owner_id is null and lead.pooled_at is not null and coalesce(lead.region_id = any((select app_pool_regions())::uuid[]), false))"
)
MANAGES_REGION: ColumnElement[bool] = literal_column("coalesce(lead.region_id = any((select app_regions())::uuid[]), false)")
DUE = and_(
    Deadline.kind == FIRST_CONTACT,
    Deadline.rung == rules.DUE_RUNG,
    Deadline.subject_id == Lead.id,
    Deadline.base_at == Lead.assigned_at,
)


def cards(*more: Any) -> Select[Any]:
    """Rows for `LeadCard`: the lead with the names of owner and region and the moment when a first contact is due."""
    return with_rule(
        select(
            *(getattr(Lead, name) for name in CARD_FIELDS),
            Owner.name.label("owner_name"),
            Region.name.label("region_name"),
            case((WAITS, Deadline.due_at)).label("follow_up_due_at"),
            RETURNS_AT.label("returns_to_pool_at"),
            *more,
        )
        .select_from(Lead)
        .outerjoin(Owner, Owner.id == Lead.owner_id)
        .outerjoin(Region, Region.id == Lead.region_id)
        .outerjoin(Deadline, DUE)
    )


def standing_of(actor_id: UUID) -> tuple[ColumnElement[Any], ...]:
    """How the actor stands to each lead, as `rules.Standing` reads it."""
    me = literal(actor_id)
    return (
        func.coalesce(Lead.owner_id == me, False).label("is_owner"),
        func.coalesce(Lead.backup_owner_id == me, False).label("is_backup"),
        func.coalesce(Lead.escalated_to_id == me, False).label("is_escalated_to"),
        func.coalesce(Owner.supervisor_id == me, False).label("supervises_owner"),
        MANAGES_REGION.label("manages_region"),
        CLAIMS_HERE.label("claims_here"),
    )


def detail(lead_id: UUID, actor_id: UUID) -> Select[Any]:
    """One row for `LeadOut`, with how the actor stands to it and the newest assignment."""
    newest = (
        select(LeadAssignment.reason, LeadAssignment.latency_ms, LeadAssignment.assigned_at)
        .where(LeadAssignment.lead_id == Lead.id)
        .order_by(LeadAssignment.assigned_at.desc(), LeadAssignment.id.desc())
        .limit(1)
        .lateral("newest")
    )
    theirs = (Customer.number.label("customer_number"), Customer.name.label("customer_name"))
    names = (Backup.name.label("backup_name"), Superior.name.label("superior_name"), Creator.name.label("creator_name"))
    decided = (newest.c.reason.label("reason"), newest.c.latency_ms.label("latency_ms"), newest.c.assigned_at.label("decided_at"))
    return (
        cards(*(getattr(Lead, name) for name in MORE_FIELDS), *names, *theirs, *decided, Owner.supervisor_id, *standing_of(actor_id))
        .outerjoin(Backup, Backup.id == Lead.backup_owner_id)
        .outerjoin(Superior, Superior.id == Lead.escalated_to_id)
        .outerjoin(Creator, Creator.id == Lead.created_by)
        .outerjoin(Customer, Customer.id == Lead.customer_id)
        .outerjoin(newest, literal(True))
        .where(Lead.id == lead_id)
    )


def open_leads_of(person_id: Any) -> Any:
    """How many leads a person has on the desk (served by a partial index)."""
    return select(func.count()).where(Lead.owner_id == person_id, text("lead.state in ('assigned', 'following')")).scalar_subquery()


def candidates(region_id: Any, now: Any) -> Select[Any]:
    """The reps of a region with load, presence and last turn; to be read under the region's lock."""
    return (
        select(
            Person.id,
            Person.name,
            Person.product_lines,
            Person.languages,
            works_at(Person, now).label("is_present"),
            open_leads_of(Person.id).label("open_leads"),
            AssignmentPointer.last_assigned_at,
        )
        .outerjoin(AssignmentPointer, and_(AssignmentPointer.region_id == region_id, AssignmentPointer.person_id == Person.id))
        .where(Person.region_id == region_id, Person.is_active, Person.takes_leads, HOLDS_SALES_ROLE)
    )


HOLDS_SALES_ROLE = text(
    "exists (select 1 from person_role h where h.person_id = person.id and h.is_active and h.role_code in ('sales_rep', 'senior_consultant'))"
)


CANDIDATES = Hot.of(candidates(bindparam("region", type_=Uuid()), bindparam("now", type_=Moment)))


def people_who_may_own(regions_of_interest: ColumnElement[bool], now: datetime) -> Select[Any]:
    """Active people who may follow leads up, the least loaded first."""
    may_follow = text(
        "exists (select 1 from person_role h join role_permission m on m.role_code = h.role_code"
        " where h.person_id = person.id and h.is_active and m.is_active and m.permission = 'lead.follow_up')"
    )
    load = open_leads_of(Person.id)
    return (
        select(
            Person.id,
            Person.name,
            Region.id.label("region_id"),
            Region.name.label("region_name"),
            load.label("open_leads"),
            works_at(Person, now).label("is_present"),
        )
        .outerjoin(Region, Region.id == Person.region_id)
        .where(has_access(Person, now), may_follow, regions_of_interest)
        .order_by(text("is_present desc"), text("open_leads"), Person.name_key, Person.id)
        .limit(200)
    )


def _with_permission(permission: str, sight: str) -> TextClause:
    """People with access who hold a permission, by how far they see; `up` is the region and all above it."""
    reaches = "select 1 from person_role h join role r on r.code = h.role_code where h.person_id = p.id and h.is_active"
    return text(f"""
with recursive up as (
    select id, parent_id from region where id = :region
    union select r.id, r.parent_id from region r join up on r.id = up.parent_id
)
select p.id from person p
where p.is_active and (p.access_ends_at is null or p.access_ends_at > :now)
    and exists (
        select 1 from person_role h join role_permission m on m.role_code = h.role_code
        where h.person_id = p.id and h.is_active and m.is_active and m.permission = '{permission}'
    )
    and {sight.format(reaches=reaches)}
order by p.id
""").bindparams(bindparam("region", type_=Uuid()))


ABOVE = "'region' = any(r.reaches) and p.region_id in (select id from up)"
GIVING_OUT = _with_permission("lead.reassign", f"exists ({{reaches}} and ('company' = any(r.reaches) or ({ABOVE})))")
"""Who may give somebody a lead that waits without an owner: the managers of its region and above, and those who see the company."""
HIGHER = "'region' = any(r.reaches) and p.region_id in (select id from up where id <> :region)"
DIRECTING = _with_permission("lead.reassign", f"exists ({{reaches}} and ('company' = any(r.reaches) or ({HIGHER})))")
"""Who stands above the managers of a region, and those who see the company."""


def needs_repair(now: datetime, limit: int) -> Select[Any]:
    """Ids for which `rules.needs_repair` holds, oldest first."""
    never = and_(Lead.pooled_at.is_(None), Lead.received_at <= now - rules.REPAIR_AFTER)
    waiting = and_(Lead.region_id.is_not(None), Lead.pooled_at <= now - rules.POOL_RETRY)
    unhandled = text("lead.owner_id is null and lead.state = 'new' and lead.reclaimed_at is null")
    return select(Lead.id).where(unhandled, or_(never, waiting)).order_by(Lead.received_at).limit(limit)


def firms() -> Select[UUID, str, str | None, str | None]:
    """What identifies the firms of leads."""
    return select(Lead.id, Lead.company, Lead.phone, Lead.email)


def active_scripts() -> Select[Any]:
    table = ScriptTemplate
    fields: tuple[Any, ...] = (table.id, table.title, table.body, table.source, table.product_line, table.sort)
    return select(*fields).where(table.is_active).order_by(table.sort, table.id).limit(500)


def script_templates() -> Select[ScriptTemplate]:
    return select(ScriptTemplate).order_by(ScriptTemplate.sort, ScriptTemplate.id).limit(500)


def last_script_place() -> Select[int]:
    return select(func.max(ScriptTemplate.sort))


SCRIPTS = Hot.of(active_scripts())


RECEIVED = Hot("""
select l.id, l.number, l.company, l.contact_name, l.phone, l.email, l.province, l.city, l.source, l.product_line, l.need, l.language, l.is_test, l.state,
    l.owner_id, l.received_at, l.pooled_at, l.phone_key, l.last_activity_at, l.expected_amount, l.currency, l.next_step, l.next_step_at,
    l.first_follow_up_at, l.version, l.campaign, l.region_id as known_region_id, coalesce(l.region_id, served.region_id) as region_id, region.name as region_name
from lead l
left join lateral (
    select a.region_id from region_area a
    where a.region_id is not null
      and ((a.province = l.province and (a.city = l.city or a.city is null)) or (l.province is null and a.city = l.city))
    order by a.city nulls last, a.region_id limit 1
) served on true
left join region on region.id = coalesce(l.region_id, served.region_id)
where l.id = :id for update of l
""")
"""The lead, locked, with the region that serves its place (`rules.region_of`)."""

LOCK_REGION = Hot("select id from region where id = :region for no key update")
"""Assignments of one region take turns; the next one counts what this one gave."""

ASSIGN = Hot("""
with changed as (
    update lead set owner_id = :owner, state = 'assigned', region_id = :region, assigned_at = :now,
        first_assigned_at = coalesce(first_assigned_at, :now), pooled_at = null, assign_latency_ms = :latency, version = version + 1,
        search_text = :search_text, company_sort = :company_sort
    where id = :lead returning id
), decided as (
    insert into lead_assignment (id, lead_id, person_id, region_id, reason, assigned_at, latency_ms)
    values (:assignment, :lead, :owner, :region, cast(:reason as jsonb), :now, :latency)
), turned as (
    insert into assignment_pointer (region_id, person_id, last_assigned_at)
    select cast(:region as uuid), cast(:owner as uuid), cast(:now as timestamptz) where cast(:region as uuid) is not null
    on conflict (region_id, person_id) do update set last_assigned_at = excluded.last_assigned_at
)
insert into timeline_entry (id, subject_type, subject_id, kind, at, recorded_at, body)
values (:entry, 'lead', :lead, 'lead.assigned', :now, :now, cast(:body as jsonb))
""")

POOL = text("""
with changed as (
    update lead set region_id = :region, pooled_at = :now, version = version + 1, search_text = :search_text, company_sort = :company_sort
    where id = :lead returning id
)
insert into lead_assignment (id, lead_id, region_id, reason, assigned_at, latency_ms)
select :assignment, :lead, :region, cast(:reason as jsonb), :now, :latency from changed where :is_first
""")
