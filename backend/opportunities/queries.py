"""SELECTs over opportunities; row security adds the scope."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    case,
    cast,
    exists,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
)  # fmt: skip
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import aliased

from backend.core.db import Moment
from backend.core.hot import Hot
from backend.customers.models import Contact, Customer
from backend.identity.models import Person, Region
from backend.opportunities.finding import OpportunityFilter
from backend.opportunities.models import Opportunity, OpportunityNotice, StageStay
from backend.opportunities.rules import Clocks, OpportunityState
from backend.pipelines.models import StageRow
from backend.timeline.models import TimelineEntry
from backend.timeline.rules import FollowUpKind

SEARCHED = 1000
Owner, Backup, Creator, Mover = (aliased(Person, name=name) for name in ("owner", "backup_owner", "creator", "mover"))
CARD_FIELDS = (
    "id", "number", "name", "customer_id", "pipeline_id", "stage_id", "state", "owner_id", "backup_owner_id", "region_id", "expected_amount",
    "currency", "expected_close_on", "product_line", "source", "next_step", "next_step_at", "stage_entered_at", "last_activity_at",
    "advanced_at", "loss_reason", "closed_at", "version",
)  # fmt: skip
MORE_FIELDS = (
    "contact_id", "lead_id", "need", "needs_review", "review_approved_at", "closing_note", "custom", "created_by", "created_at",
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


def _standing(me: ColumnElement[UUID]) -> tuple[ColumnElement[Any], ...]:
    """How somebody stands to each opportunity, as `rules.Standing` reads it."""
    return (
        (Opportunity.owner_id == me).label("is_owner"),
        func.coalesce(Opportunity.backup_owner_id == me, false()).label("is_backup"),
        func.coalesce(Owner.supervisor_id == me, false()).label("supervises_owner"),
        MANAGES_REGION.label("manages_region"),
    )


def _detail(opportunity_id: ColumnElement[UUID], actor_id: ColumnElement[UUID]) -> Select[Any]:
    names = (Creator.name.label("creator_name"), Contact.name.label("contact_name"), Contact.phone.label("contact_phone"))
    return (
        cards(*(getattr(Opportunity, name) for name in MORE_FIELDS), *names, Owner.supervisor_id, *_standing(actor_id))
        .outerjoin(Creator, Creator.id == Opportunity.created_by)
        .outerjoin(Contact, Contact.id == Opportunity.contact_id)
        .where(Opportunity.id == opportunity_id)
    )


DETAIL = Hot.of(_detail(bindparam("opportunity", type_=Uuid()), bindparam("actor", type_=Uuid())))
"""One row for `OpportunityOut`, with how the actor stands to it."""


def flagged(clocks: Clocks, now: datetime) -> ColumnElement[bool]:
    """`rules.is_flagged`."""
    stands_still = and_(Opportunity.state == OpportunityState.OPEN, Opportunity.last_activity_at <= clocks.stale_before(now))
    if not clocks.spares_planned:
        return stands_still
    return and_(stands_still, func.coalesce(Opportunity.next_step_at <= now, true()))


def unadvanced(clocks: Clocks, now: datetime) -> ColumnElement[bool]:
    """`rules.is_unadvanced`."""
    return and_(Opportunity.state == OpportunityState.OPEN, Opportunity.advanced_at <= clocks.advance_before(now))


def trial(is_so: ColumnElement[bool], would_be: ColumnElement[bool], would_soon: ColumnElement[bool]) -> Select[int, int, int]:
    """Of the open ones: how many it is not true of now, and of these how many other rules would make it true of, at once and soon."""
    waiting, at_once = ~is_so, and_(~is_so, would_be)
    soon = and_(~is_so, ~would_be, would_soon)
    return select(*_counted(waiting, at_once, soon)).where(Opportunity.state == OpportunityState.OPEN)


def trial_of_told(worn_off: ColumnElement[bool], soon_worn_off: ColumnElement[bool]) -> Select[int, int, int]:
    """The same for stalls that the owner was told of: how many of these would be told of once more."""
    told = OpportunityNotice
    stalls = and_(told.kind == "stall", told.opportunity_id == Opportunity.id, told.base_at == Opportunity.last_activity_at)
    counted = select(*_counted(true(), worn_off, and_(~worn_off, soon_worn_off)))
    return counted.select_from(Opportunity).join(told, stalls).where(Opportunity.state == OpportunityState.OPEN)


def _counted(waiting: ColumnElement[bool], at_once: ColumnElement[bool], soon: ColumnElement[bool]) -> tuple[Any, ...]:
    named = (("waiting", waiting), ("at_once", at_once), ("soon", soon))
    return tuple(func.count().filter(condition).label(name) for name, condition in named)


def unadvanced_owners(clocks: Clocks, now: datetime) -> Select[UUID, UUID | None]:
    """Whose deals the superiors are to be told of, with the regions that these belong to."""
    return select(Opportunity.owner_id, Opportunity.region_id).where(unadvanced(clocks, now)).distinct()


def unadvanced_of(pairs: Sequence[tuple[UUID, UUID | None]], clocks: Clocks, now: datetime) -> Select[Any]:
    """The deals of these owners in these regions, the longest first, each with what somebody last said of it or of its lead."""
    owners = sorted({owner for owner, _ in pairs})
    wanted = or_(*(and_(Opportunity.owner_id == owner, Opportunity.region_id.is_not_distinct_from(region)) for owner, region in pairs))
    word = _last_word()
    return (
        cards(word.c.said.label("last_word"), word.c.at.label("last_word_at"), word.c.by.label("last_word_by"))
        .outerjoin(word, true())
        .where(Opportunity.owner_id.in_(owners), unadvanced(clocks, now), wanted)
        .order_by(Opportunity.advanced_at, Opportunity.id)
    )


def _last_word() -> Any:
    """The note of the last follow-up, or the reason of a move, whichever is later."""
    entry, speaker = aliased(TimelineEntry), aliased(Person, name="speaker")
    said = func.coalesce(func.nullif(entry.body["note"].astext, ""), func.nullif(entry.body["reason"].astext, ""))
    return (
        select(said.label("said"), entry.at.label("at"), speaker.name.label("by"))
        .outerjoin(speaker, speaker.id == entry.actor_id)
        .where(entry.subject_id.in_([Opportunity.id, Opportunity.lead_id]), said.is_not(None))
        .order_by(entry.at.desc(), entry.id.desc())
        .limit(1)
        .lateral("word")
    )


def unreached(person_ids: Sequence[UUID], *, has_server: bool) -> Select[str]:
    """Names of those of these people to whom no e-mail can go."""
    lacks = func.coalesce(Person.email, "") == "" if has_server else true()
    return select(Person.name).where(Person.id.in_(person_ids), lacks).order_by(Person.name_key, Person.id)


def late(now: datetime) -> ColumnElement[bool]:
    """Open, with a next step whose time has passed."""
    return and_(Opportunity.state == OpportunityState.OPEN, func.coalesce(Opportunity.next_step_at < now, false()))


def _stays(opportunity_id: ColumnElement[UUID]) -> Select[Any]:
    table = StageStay
    fields = (table.id, table.move, table.reason, table.entered_at, table.left_at, table.entered_by)
    return (
        select(*fields, *STAGE_FIELDS, Mover.name.label("mover_name"))
        .join(StageRow, StageRow.id == table.stage_id)
        .outerjoin(Mover, Mover.id == table.entered_by)
        .where(table.opportunity_id == opportunity_id)
        .order_by(table.entered_at.desc(), table.id.desc())
        .limit(literal_column("200"))
    )


STAYS = Hot.of(_stays(bindparam("opportunity", type_=Uuid())))
"""Rows for `StageStayOut`, the present stay first."""


def _activities(subject_ids: ColumnElement[Any], since: ColumnElement[datetime]) -> Select[Any]:
    entry, correction = TimelineEntry, aliased(TimelineEntry)
    kind: Any = entry.kind
    follow_ups = bindparam("kinds", [one.value for one in FollowUpKind], type_=ARRAY(Text()))
    since_then, is_effective = entry.at >= since, entry.is_effective.is_(True)
    counted: Select[Any] = (
        select(
            kind,
            func.count().label("ever"),
            func.count().filter(since_then).label("in_stage"),
            func.count().filter(is_effective).label("effective"),
            func.count().filter(is_effective, since_then).label("effective_in_stage"),
        )
        .where(entry.subject_id == any_(subject_ids), kind == any_(follow_ups))
        .where(~exists().where(correction.corrects_id == entry.id))
        .group_by(kind)
    )
    return counted


ACTIVITIES = Hot.of(_activities(bindparam("subjects", type_=ARRAY(Uuid())), bindparam("since", type_=Moment)))
"""Follow-ups of each kind, and how many of them are effective visits: all there are, and those since that moment. What was corrected counts as
it is now.
"""
CONTACT_ROLES = Hot.of(
    select(Contact.role).distinct().where(Contact.customer_id == any_(bindparam("family", type_=ARRAY(Uuid()))), Contact.is_active)
)
"""Parts in the decision chain that active contacts play."""


def narrowed(wanted: OpportunityFilter, clocks: Clocks, now: datetime) -> Iterator[ColumnElement[bool]]:
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
        (table.loss_reason, wanted.loss_reasons),
    )
    yield from (column.in_(values) for column, values in several if values)
    compared = (
        (wanted.created_from, table.created_at.__ge__),
        (wanted.created_before, table.created_at.__lt__),
        (wanted.closes_from, table.expected_close_on.__ge__),
        (wanted.closes_before, table.expected_close_on.__lt__),
        (wanted.amount_from, table.expected_amount.__ge__),
        (wanted.amount_to, table.expected_amount.__le__),
        (wanted.entered_from, table.stage_entered_at.__ge__),
        (wanted.entered_before, table.stage_entered_at.__lt__),
        (wanted.closed_from, table.closed_at.__ge__),
        (wanted.closed_before, table.closed_at.__lt__),
        (wanted.lead_received_from, table.lead_received_at.__ge__),
        (wanted.lead_received_before, table.lead_received_at.__lt__),
        (wanted.quiet_since, table.last_activity_at.__lt__),
    )
    yield from (compare(value) for value, compare in compared if value is not None)
    flags: tuple[tuple[bool | None, ColumnElement[bool]], ...] = (
        (wanted.is_flagged, flagged(clocks, now)),
        (wanted.is_unadvanced, unadvanced(clocks, now)),
        (wanted.is_late, late(now)),
        (wanted.needs_review, table.needs_review.is_(true())),
        (wanted.has_backup, table.backup_owner_id.is_not(None)),
    )
    yield from (condition if wish else ~condition for wish, condition in flags if wish is not None)


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
