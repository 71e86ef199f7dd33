"""SELECTs of the timeline."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, tuple_

from backend.identity.models import Person
from backend.timeline.models import TimelineEntry


def _rows() -> Select[Any]:
    table = TimelineEntry
    return select(
        table.id, table.kind, table.at, table.recorded_at, table.actor_id, Person.name.label("actor_name"), table.outcome, table.body
    ).outerjoin(Person, Person.id == table.actor_id)


def entry(entry_id: UUID) -> Select[Any]:
    return _rows().where(TimelineEntry.id == entry_id)


def entries(subject_ids: Sequence[UUID], after: tuple[datetime, UUID] | None, limit: int) -> Select[Any]:
    """Newest first, with the actor's name; one row more than the page."""
    table = TimelineEntry
    query = _rows().where(table.subject_id.in_(subject_ids)).order_by(table.at.desc(), table.id.desc()).limit(limit + 1)
    return query if after is None else query.where(tuple_(table.at, table.id) < after)
