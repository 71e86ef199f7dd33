"""SELECTs over opportunities; row security adds the scope."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, cast, false, func, literal, literal_column, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import aliased

from backend.customers.models import Contact, Customer
from backend.identity.models import Person, Region
from backend.opportunities.finding import OpportunityFilter
from backend.opportunities.models import Opportunity, StageStay
from backend.opportunities.rules import FLAG_AFTER, OpportunityState
from backend.pipelines.models import StageRow
from backend.timeline.models import TimelineEntry
from backend.timeline.rules import FollowUpKind

SEARCHED = 1000
Owner, Backup, Creator, Mover = (aliased(Person, name=name) for name in ("owner", "backup_owner", "creator", "mover"))
CARD_FIELDS = (
    "id", "number", "name", "customer_id", "pipeline_id", "stage_id", "state", "owner_id", "backup_owner_id", "region_id", "expected_amount",
    "currency", "expected_close_on", "product_line", "source", "next_step", "next_step_at", "stage_entered_at", "last_activity_at",
    "loss_reason", "closed_at", "version",
)  # fmt: skip
MORE_FIELDS = (
    "contact_id", "lead_id", "need", "needs_review", "review_approved_at", "closing_note", "custom", "created_by", "created_at", "advanced_at",
    "contract_signed_at",
)  # fmt: skip
STAGE_FIELDS: tuple[Any, ...] = tuple(
    getattr(StageRow, name).label(f"stage_{name}") for name in ("id", "key", "name_zh", "name_en", "kind")
)
MANAGES_REGION: ColumnElement[bool] = literal_column("coalesce(opportunity.region_id = any((select app_regions())::uuid[]), false)")


def cards(*more: Any) -> Select[Any]:
    """Rows for `OpportunityCard`: the opportunity with the names of its customer, people and region; null names are out of sight."""
    return (
        select(
            *(getattr(Opportunity, name) for name in CARD_FIELDS),
            Customer.number.label("customer_number"),
            Customer.name.label("customer_name"),
            Owner.name.label("owner_name"),
            Backup.name.label("backup_name"),
            Region.name.label("region_name"),
            *more,
        )
        .select_from(Opportunity)
        .join(Owner, Owner.id == Opportunity.owner_id)
        .outerjoin(Customer, Customer.id == Opportunity.customer_id)
        .outerjoin(Backup, Backup.id == Opportunity.backup_owner_id)
        .outerjoin(Region, Region.id == Opportunity.region_id)
    )


def standing_of(actor_id: UUID) -> tuple[ColumnElement[Any], ...]:
    """How the actor stands to each opportunity, as `rules.Standing` reads it."""
    me = literal(actor_id)
    return (
        (Opportunity.owner_id == me).label("is_owner"),
        func.coalesce(Opportunity.backup_owner_id == me, false()).label("is_backup"),
        func.coalesce(Owner.supervisor_id == me, false()).label("supervises_owner"),
        MANAGES_REGION.label("manages_region"),
    )


def detail(opportunity_id: UUID, actor_id: UUID) -> Select[Any]:
    """One row for `OpportunityOut`, with how the actor stands to it."""
    names = (Creator.name.label("creator_name"), Contact.name.label("contact_name"), Contact.phone.label("contact_phone"))
    return (
        cards(*(getattr(Opportunity, name) for name in MORE_FIELDS), *names, Owner.supervisor_id, *standing_of(actor_id))
        .outerjoin(Creator, Creator.id == Opportunity.created_by)
        .outerjoin(Contact, Contact.id == Opportunity.contact_id)
        .where(Opportunity.id == opportunity_id)
    )


def flagged(now: datetime) -> ColumnElement[bool]:
    """`rules.is_flagged`."""
    return and_(Opportunity.state == OpportunityState.OPEN, Opportunity.last_activity_at <= now - FLAG_AFTER)


def stays(opportunity_id: UUID) -> Select[Any]:
    """Rows for `StageStayOut`, the present stay first."""
    table = StageStay
    fields = (table.id, table.move, table.reason, table.entered_at, table.left_at, table.entered_by)
    return (
        select(*fields, *STAGE_FIELDS, Mover.name.label("mover_name"))
        .join(StageRow, StageRow.id == table.stage_id)
        .outerjoin(Mover, Mover.id == table.entered_by)
        .where(table.opportunity_id == opportunity_id)
        .order_by(table.entered_at.desc(), table.id.desc())
        .limit(200)
    )


def activities(subject_ids: Sequence[UUID], since: datetime) -> Select[Any]:
    """Follow-ups of each kind: all there are, and those since that moment."""
    kind: Any = TimelineEntry.kind
    at = TimelineEntry.at
    return (
        select(kind, func.count().label("ever"), func.count().filter(at >= since).label("in_stage"))
        .where(TimelineEntry.subject_id.in_(subject_ids), kind.in_([one.value for one in FollowUpKind]))
        .group_by(kind)
    )


def contact_roles(family: Sequence[UUID]) -> Select[str]:
    """Parts in the decision chain that active contacts play."""
    return select(Contact.role).distinct().where(Contact.customer_id.in_(family), Contact.is_active)


def narrowed(wanted: OpportunityFilter, now: datetime) -> Iterator[ColumnElement[bool]]:
    """What `opportunity_find` compares, but for the search text: figures beside a list count what the list shows."""
    table = Opportunity
    several: tuple[tuple[Any, Sequence[Any]], ...] = (
        (table.stage_id, wanted.stages),
        (table.state, wanted.states),
        (table.owner_id, wanted.owners),
        (table.region_id, wanted.regions),
        (table.source, wanted.sources),
        (table.product_line, wanted.product_lines),
        (table.customer_id, wanted.customers),
    )
    yield from (column.in_(values) for column, values in several if values)
    compared = (
        (wanted.created_from, table.created_at.__ge__),
        (wanted.created_before, table.created_at.__lt__),
        (wanted.closes_from, table.expected_close_on.__ge__),
        (wanted.closes_before, table.expected_close_on.__lt__),
        (wanted.amount_from, table.expected_amount.__ge__),
    )
    yield from (compare(value) for value, compare in compared if value is not None)
    if wanted.is_flagged is not None:
        yield flagged(now) if wanted.is_flagged else ~flagged(now)


def found(given: Mapping[str, Any], sort: str) -> ColumnElement[bool]:
    """Those that a search finds, counted no further than `SEARCHED`."""
    call = func.opportunity_find(cast(literal(json.dumps(given)), JSONB), sort, None, None, SEARCHED)
    return Opportunity.id.in_(select(call.table_valued("place", "id", "key").c.id))


def sums(pipeline_id: UUID, closed_since: datetime, *conditions: ColumnElement[bool]) -> Select[Any]:
    """Of each stage and currency: how many there are, their amounts, and these by the win rate of the stage (1 for won, 0 for lost)."""
    amount = func.coalesce(Opportunity.expected_amount, 0)
    rate = case((Opportunity.state == OpportunityState.LOST, 0), else_=StageRow.win_rate)
    is_recent = (Opportunity.state == OpportunityState.OPEN) | (Opportunity.closed_at >= closed_since)
    return (
        select(
            Opportunity.stage_id,
            Opportunity.currency,
            func.count().label("count"),
            func.sum(amount).label("amount"),
            func.round(func.sum(amount * rate), 2).label("weighted"),
        )
        .join(StageRow, StageRow.id == Opportunity.stage_id)
        .where(Opportunity.pipeline_id == pipeline_id, is_recent, *conditions)
        .group_by(Opportunity.stage_id, Opportunity.currency)
        .order_by(Opportunity.stage_id, Opportunity.currency)
    )
