"""SELECTs of the timeline."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, String, cast, or_, select, tuple_

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
    """Of a record (first) and what was merged into it, newest first; of a merge only the entry of the survivor. One row more than the page."""
    table = TimelineEntry
    is_copy = table.body["loser"]["id"].astext.is_not_distinct_from(cast(table.subject_id, String))
    shown = or_(table.subject_id == subject_ids[0], ~is_copy)
    query = _rows().where(table.subject_id.in_(subject_ids), shown).order_by(table.at.desc(), table.id.desc()).limit(limit + 1)
    return query if after is None else query.where(tuple_(table.at, table.id) < after)
