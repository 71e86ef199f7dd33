"""Statements over the pool; row security adds the scope where a person asks."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, literal_column, select, text
from sqlalchemy.orm import aliased

from backend.identity.models import Person, Region
from backend.leads.models import Lead, PoolRuleRow

Own, Common = aliased(PoolRuleRow, name="own_rule"), aliased(PoolRuleRow, name="common_rule")
UNTOUCHED_SINCE = func.greatest(Lead.assigned_at, Lead.last_activity_at)
HELD = text("lead.state in ('assigned', 'following') and lead.protected_at is null")


def rule_value(name: str) -> ColumnElement[Any]:
    """The value of the region's rule, else of the company's."""
    return case((Own.id.is_not(None), getattr(Own, name)), else_=getattr(Common, name))


def with_rule(query: Select[Any]) -> Select[Any]:
    """Joins the rule that is in force for each lead."""
    return query.outerjoin(Own, Own.region_id == Lead.region_id).outerjoin(Common, Common.region_id.is_(None))


RECLAIM_AT: ColumnElement[datetime] = UNTOUCHED_SINCE + func.make_interval(0, 0, 0, rule_value("reclaim_after_days"))
"""`pool_rules.reclaim_at` of a lead that is held, unprotected, and under a rule that is on."""


RETURNS_AT = case((and_(HELD, rule_value("is_active")), RECLAIM_AT))
"""The same for any lead; null for one that does not return."""


def reclaimable(now: datetime, limit: int) -> Select[Any]:
    """Leads for which `pool_rules.is_due` holds, the longest untouched first, past what another sweep holds."""
    shortest = select(func.min(PoolRuleRow.reclaim_after_days)).where(PoolRuleRow.is_active).scalar_subquery()
    earliest = literal(now) - func.make_interval(0, 0, 0, shortest)
    return (
        with_rule(select(Lead.id, Lead.owner_id, Lead.region_id, UNTOUCHED_SINCE.label("untouched_since")))
        .where(HELD, earliest >= UNTOUCHED_SINCE, rule_value("is_active"), literal(now) >= RECLAIM_AT)
        .order_by(UNTOUCHED_SINCE, Lead.id)
        .limit(limit)
        .with_for_update(of=Lead, skip_locked=True)
    )


def would_return(region_id: UUID | None, others: list[UUID], days: int, by: datetime, limit: int) -> Select[Any]:
    """What a rule of so many days would take by a moment: of one region, or of all regions without a rule of their own."""
    where = Lead.region_id == region_id if region_id else func.coalesce(Lead.region_id.not_in(others), literal_column("true"))
    return (
        select(
            Lead.id, Lead.number, Lead.company, Lead.contact_name, Lead.owner_id, Person.name.label("owner_name"),
            Region.name.label("region_name"), UNTOUCHED_SINCE.label("untouched_since"),
        )
        .join(Person, Person.id == Lead.owner_id)
        .outerjoin(Region, Region.id == Lead.region_id)
        .where(HELD, where, literal(by) - func.make_interval(0, 0, 0, days) >= UNTOUCHED_SINCE)
        .order_by(UNTOUCHED_SINCE, Lead.id)
        .limit(limit)
    )  # fmt: skip


def rules() -> Select[PoolRuleRow, str]:
    """The company's rule first, then regions by name."""
    return (
        select(PoolRuleRow, Region.name.label("region_name"))
        .outerjoin(Region, Region.id == PoolRuleRow.region_id)
        .order_by(PoolRuleRow.region_id.is_not(None), Region.sort_key, PoolRuleRow.id)
        .limit(500)
    )


def rule_of(region_id: UUID | None) -> Select[PoolRuleRow]:
    """The rule in force for a region."""
    fits = (PoolRuleRow.region_id == region_id) | PoolRuleRow.region_id.is_(None)
    return select(PoolRuleRow).where(fits).order_by(PoolRuleRow.region_id.is_(None)).limit(1)


RETURN = text("""
with changed as (
    update lead set owner_id = null, state = 'new', assigned_at = null, escalated_to_id = null, escalation_level = 0, next_step = null, next_step_at = null,
        backup_owner_id = null, pooled_at = :now, reclaimed_at = :now, former_owner_id = owner_id, version = version + 1
    where id = :lead returning region_id
)
insert into lead_assignment (id, lead_id, region_id, reason, assigned_at)
select :assignment, :lead, region_id, cast(:reason as jsonb), :now from changed
""")
