"""SELECTs over the opportunities in flight of a pipeline, and the conditions of its stages as SQL (`conditions.*.is_met`)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, assert_never
from uuid import UUID

from sqlalchemy import (
    TIMESTAMP,
    ColumnElement,
    Select,
    Uuid,
    cast,
    column,
    exists,
    false,
    func,
    not_,
    or_,
    select,
    true,
    values,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by, array
from sqlalchemy.orm import aliased

from backend.customers.models import Contact, Customer
from backend.documents.models import Document
from backend.opportunities.models import Opportunity
from backend.opportunities.queries import Owner
from backend.opportunities.rules import OpportunityState
from backend.opportunities.trial_rules import EXAMPLES
from backend.pipelines.conditions import (
    ActivityLogged,
    AmountAtLeast,
    AnyOf,
    Condition,
    ContactKnown,
    Counted,
    DocumentAttached,
    EffectiveVisit,
    FieldPresent,
    RequiredField,
    ReviewApproved,
)
from backend.timeline.models import TimelineEntry

IS_OPEN = Opportunity.state == OpportunityState.OPEN
PRESENT: dict[RequiredField, ColumnElement[bool]] = {
    RequiredField.EXPECTED_AMOUNT: Opportunity.expected_amount.is_not(None),
    RequiredField.EXPECTED_CLOSE_ON: Opportunity.expected_close_on.is_not(None),
    RequiredField.PRODUCT_LINE: func.coalesce(Opportunity.product_line, "") != "",
    RequiredField.NEED: func.coalesce(Opportunity.need, "") != "",
    RequiredField.PRIMARY_CONTACT: Opportunity.contact_id.is_not(None),
    RequiredField.NEXT_STEP: func.coalesce(Opportunity.next_step, "") != "",
}
"""`rules.present`."""


def met(condition: Condition) -> ColumnElement[bool]:
    """Whether an opportunity fulfils it, as `reading.facts_of` and the condition itself say."""
    match condition:
        case FieldPresent() | AmountAtLeast():
            return _said(condition)
        case DocumentAttached():
            subjects = [Opportunity.id, Opportunity.lead_id]
            return exists().where(Document.subject_id.in_(subjects), Document.kind == condition.document, Document.withdrawn_at.is_(None))
        case ActivityLogged() | EffectiveVisit():
            return _logged(condition)
        case ContactKnown():
            firm = func.any(func.merge_family(func.merge_survivor(Opportunity.customer_id)))
            return exists().where(Contact.customer_id == firm, Contact.role == condition.role.value, Contact.is_active)
        case ReviewApproved():
            return or_(not_(Opportunity.needs_review), Opportunity.review_approved_at.is_not(None))
        case AnyOf():
            return or_(*(met(one) for one in condition.conditions))
    assert_never(condition)


def _said(condition: FieldPresent | AmountAtLeast) -> ColumnElement[bool]:
    if isinstance(condition, FieldPresent):
        return PRESENT[condition.field]
    return func.coalesce(Opportunity.expected_amount >= condition.amount, false())


def _logged(condition: ActivityLogged | EffectiveVisit) -> ColumnElement[bool]:
    """No more entries are read than are asked for; what was corrected counts as it is now."""
    entry, correction = TimelineEntry, aliased(TimelineEntry)
    wanted = entry.kind == condition.activity.value if isinstance(condition, ActivityLogged) else entry.is_effective.is_(True)
    since = entry.at >= Opportunity.stage_entered_at if condition.counted is Counted.IN_STAGE else true()
    enough = (
        select(entry.id)
        .where(entry.subject_id.in_([Opportunity.id, Opportunity.lead_id]), wanted, since)
        .where(~exists().where(correction.corrects_id == entry.id))
        .limit(condition.times)
        .correlate(Opportunity)
        .subquery()
    )
    return select(func.count() >= condition.times).select_from(enough).scalar_subquery()


def standing(limits: Mapping[UUID, tuple[datetime | None, datetime | None]]) -> Select[Any]:
    """Of each stage and currency: how many are open, their amounts, and how many have stood there since before either moment."""
    moments = values(
        column("stage_id", Uuid), column("was", TIMESTAMP(timezone=True)), column("will", TIMESTAMP(timezone=True)), name="limits"
    ).data([(stage_id, was, will) for stage_id, (was, will) in limits.items()])
    late = {
        name: func.count().filter(Opportunity.stage_entered_at < cast(moments.c[name], TIMESTAMP(timezone=True))).label(f"late_{name}")
        for name in ("was", "will")
    }
    table: Any = Opportunity
    amount = func.coalesce(func.sum(table.expected_amount), 0).label("amount")
    return (
        select(table.stage_id, table.currency, func.count().label("count"), amount, *late.values())
        .join(moments, cast(moments.c.stage_id, Uuid) == Opportunity.stage_id)
        .where(IS_OPEN)
        .group_by(Opportunity.stage_id, Opportunity.currency)
        .order_by(Opportunity.stage_id, Opportunity.currency)
    )


def lacking(stage_id: UUID, asked: Sequence[Condition], one_in: int) -> Select[Any]:
    """Open opportunities of a stage, or every so manieth of them (by a hash of the id, always the same ones), by what they lack."""
    chosen = func.uuid_hash(Opportunity.id) % one_in == 0 if one_in > 1 else true()
    looked_at = (
        select(Opportunity.id, Opportunity.stage_entered_at, array([not_(met(one)) for one in asked]).label("unmet"))
        .where(IS_OPEN, Opportunity.stage_id == stage_id, chosen)
        .subquery()
    )
    longest = func.array_agg(aggregate_order_by(looked_at.c.id, looked_at.c.stage_entered_at, looked_at.c.id))
    return select(looked_at.c.unmet, func.count().label("count"), longest.label("examples")).group_by(looked_at.c.unmet)


def longest(stage_ids: Sequence[UUID]) -> Select[Any]:
    """Those that have stood longest in each of these stages."""
    stages = values(column("stage_id", Uuid), name="stages").data([(one,) for one in stage_ids])
    first = (
        select(Opportunity.id, Opportunity.stage_entered_at)
        .where(IS_OPEN, Opportunity.stage_id == cast(stages.c.stage_id, Uuid))
        .order_by(Opportunity.stage_entered_at, Opportunity.id)
        .limit(EXAMPLES)
        .correlate(stages)
        .lateral()
    )
    query = select(cast(stages.c.stage_id, Uuid).label("stage_id"), first.c.id).select_from(stages).join(first, true())
    return query.order_by(first.c.stage_entered_at, first.c.id)


def named(ids: Sequence[UUID]) -> Select[Any]:
    """Rows for `DealRef`."""
    table: Any = Opportunity
    names = Customer.name.label("customer"), Owner.name.label("owner")
    return (
        select(table.id, table.number, table.name, table.stage_entered_at, *names)
        .join(Owner, Owner.id == Opportunity.owner_id)
        .outerjoin(Customer, Customer.id == Opportunity.customer_id)
        .where(Opportunity.id.in_(ids))
    )
