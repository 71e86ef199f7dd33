"""SELECTs over technical support requests; row security adds the scope."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, TextClause, and_, func, literal, select, text, tuple_
from sqlalchemy.orm import aliased

from backend.customers.models import Customer
from backend.deadlines.models import Deadline
from backend.deadlines.rules import SUPPORT
from backend.identity.models import Person
from backend.opportunities.models import Opportunity
from backend.support import rules
from backend.support.models import SupportRecord, SupportRequest, SupportRound
from backend.support.rules import SupportState

Asker, Engineer, Misser, Answerer = (aliased(Person, name=name) for name in ("asker", "engineer", "misser", "answerer"))
FIELDS = (
    "id", "number", "opportunity_id", "customer_id", "asked_by", "engineer_id", "missed_by", "chosen", "need", "state", "round", "created_at",
    "asked_at", "answered_at", "missed_at", "closed_at", "closing_note", "version",
)  # fmt: skip
DUE = and_(
    Deadline.kind == SUPPORT,
    Deadline.rung == rules.DUE_RUNG,
    Deadline.subject_id == SupportRequest.id,
    Deadline.base_at == SupportRequest.asked_at,
)
ENGINEERS: TextClause = text("select * from support_engineers(:now)")
FACTS: TextClause = text("select * from support_facts(cast(:ids as uuid[]))")


def requests(*more: Any) -> Select[Any]:
    """Rows for `SupportRequestOut`; names of a record that is out of sight are null. The holder is whose miss it is, if it is one."""
    return (
        select(
            *(getattr(SupportRequest, name) for name in FIELDS),
            Deadline.due_at,
            Asker.name.label("asker_name"),
            Engineer.name.label("engineer_name"),
            Engineer.supervisor_id.label("engineer_supervisor_id"),
            func.coalesce(SupportRequest.missed_by, SupportRequest.engineer_id).label("holder_id"),
            func.coalesce(Misser.name, Engineer.name).label("holder_name"),
            Customer.number.label("customer_number"),
            Customer.name.label("customer_name"),
            Customer.owner_id.label("customer_owner_id"),
            Opportunity.number.label("opportunity_number"),
            Opportunity.name.label("opportunity_name"),
            Opportunity.owner_id.label("opportunity_owner_id"),
            *more,
        )
        .select_from(SupportRequest)
        .join(Asker, Asker.id == SupportRequest.asked_by)
        .join(Engineer, Engineer.id == SupportRequest.engineer_id)
        .outerjoin(Misser, Misser.id == SupportRequest.missed_by)
        .outerjoin(Customer, Customer.id == SupportRequest.customer_id)
        .outerjoin(Opportunity, Opportunity.id == SupportRequest.opportunity_id)
        .outerjoin(Deadline, DUE)
    )


def to_answer(actor_id: UUID) -> ColumnElement[bool]:
    """What waits for this engineer."""
    return and_(SupportRequest.engineer_id == actor_id, SupportRequest.state == SupportState.ASKED)


def of_team(actor_id: UUID) -> ColumnElement[bool]:
    """Requests to those whom this person supervises."""
    mine = select(Person.id).where(Person.supervisor_id == actor_id)
    return SupportRequest.engineer_id.in_(mine)


def page(condition: ColumnElement[bool], after: tuple[datetime, UUID] | None, limit: int) -> Select[Any]:
    """The last asked first. One row more than the page."""
    table = SupportRequest
    query = requests().where(condition).order_by(table.asked_at.desc(), table.id.desc()).limit(limit + 1)
    return query if after is None else query.where(tuple_(table.asked_at, table.id) < after)


def soonest(condition: ColumnElement[bool], limit: int) -> Select[Any]:
    return requests().where(condition).order_by(Deadline.due_at.nulls_last(), SupportRequest.id).limit(limit)


def rounds(request_id: UUID) -> Select[Any]:
    """Rows for `RoundOut`, the first one first."""
    table = SupportRound
    fields: tuple[Any, ...] = (
        table.number,
        table.need,
        table.asked_at,
        table.due_at,
        table.answered_at,
        table.answer,
        table.asked_by,
        table.answered_by,
    )
    return (
        select(*fields, Asker.name.label("asker_name"), Answerer.name.label("answerer_name"))
        .join(Asker, Asker.id == table.asked_by)
        .outerjoin(Answerer, Answerer.id == table.answered_by)
        .where(table.request_id == request_id)
        .order_by(table.number)
    )


def open_promise(request_id: UUID, asked_at: datetime) -> Select[datetime]:
    """When the initial proposal of this round is due."""
    fields = Deadline.kind == SUPPORT, Deadline.rung == rules.DUE_RUNG, Deadline.subject_id == request_id, Deadline.base_at == asked_at
    return select(Deadline.due_at).where(*fields)


def months(zone: str) -> Select[Any]:
    """Promises of each engineer by the month in which they were due, the last twelve months first."""
    table = SupportRecord
    month = func.to_char(func.timezone(zone, table.due_at), literal("YYYY-MM")).label("month")
    kind: Any = table.kind
    return (
        select(
            table.engineer_id,
            Person.name,
            month,
            func.count().filter(kind == rules.Record.KEPT).label("kept"),
            func.count().filter(kind == rules.Record.MISSED).label("missed"),
            func.coalesce(func.sum(table.late_minutes), 0).label("late_minutes"),
        )
        .join(Person, Person.id == table.engineer_id)
        .group_by(table.engineer_id, Person.name, month)
        .order_by(Person.name, table.engineer_id, month.desc())
        .limit(1200)
    )


def misses(since: datetime, limit: int) -> Select[Any]:
    """Promises that were not kept, with the answer where it has come by now; the newest first."""
    missed, late = aliased(SupportRecord, name="missed"), aliased(SupportRecord, name="late")
    came = and_(late.request_id == missed.request_id, late.round == missed.round, late.kind == rules.Record.LATE)
    fields: tuple[Any, ...] = (missed.id, missed.request_id, missed.round, missed.asked_at, missed.due_at, missed.engineer_id)
    found = (Person.name.label("engineer_name"), SupportRequest.number, late.answered_at, late.late_minutes)
    return (
        select(*fields, *found)
        .join(Person, Person.id == missed.engineer_id)
        .join(SupportRequest, SupportRequest.id == missed.request_id)
        .outerjoin(late, came)
        .where(missed.kind == rules.Record.MISSED, missed.due_at >= since)
        .order_by(missed.due_at.desc(), missed.id)
        .limit(limit)
    )


def open_counts(engineers: Sequence[UUID]) -> Select[UUID, int]:
    """How many requests wait for each of them."""
    waits = SupportRequest.engineer_id.in_(engineers), SupportRequest.state == SupportState.ASKED
    return select(SupportRequest.engineer_id, func.count()).where(*waits).group_by(SupportRequest.engineer_id)


def engineers_in_sight(actor_id: UUID) -> Select[UUID, str]:
    """Oneself and those whom one supervises, as far as they are engineers."""
    from_role = text("exists (select 1 from person_role h where h.person_id = person.id and h.is_active and h.role_code = :role)")
    whose = (Person.id == actor_id) | (Person.supervisor_id == actor_id)
    return (
        select(Person.id, Person.name)
        .where(whose, Person.is_active, from_role.bindparams(role=rules.ENGINEER_ROLE))
        .order_by(Person.name_key)
    )
