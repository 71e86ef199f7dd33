"""SELECTs of the timeline."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Select, String, TextClause, Uuid, bindparam, cast, column, func, or_, select, text, true, tuple_
from sqlalchemy.orm import aliased

from backend.identity.models import Person
from backend.timeline.models import TimelineEntry

Correction = aliased(TimelineEntry, name="correction")
FIELDS = (
    "id",
    "subject_type",
    "subject_id",
    "kind",
    "at",
    "recorded_at",
    "actor_id",
    "outcome",
    "is_effective",
    "is_deep",
    "corrects_id",
    "body",
)


def _rows(entries: Any) -> Select[Any]:
    """Entries with the name of their author and the entry that stands for them now."""
    return (
        select(*(entries.c[name] for name in FIELDS), Person.name.label("actor_name"), Correction.id.label("corrected_by"))
        .select_from(entries)
        .outerjoin(Person, Person.id == entries.c.actor_id)
        .outerjoin(Correction, Correction.corrects_id == entries.c.id)
    )


def entry(entry_id: UUID) -> Select[Any]:
    return _rows(TimelineEntry.__table__).where(TimelineEntry.id == entry_id)


def entries(subject_ids: Sequence[UUID], kinds: Collection[str], after: tuple[datetime, UUID] | None, limit: int) -> Select[Any]:
    """Of a record (first) and what belongs to it, newest first; of a merge only the entry of the survivor. One row more than the page.

    Each record gives its newest by its own index: a customer's page reads no more of 5,000 entries than of fifty.
    """
    table = TimelineEntry
    given = bindparam("subjects", list(subject_ids), type_=ARRAY(Uuid))
    subjects = func.unnest(given).table_valued(column("id", Uuid), name="subject").render_derived()
    is_copy = table.body["loser"]["id"].astext.is_not_distinct_from(cast(table.subject_id, String))
    newest = (
        select(*(getattr(table, name) for name in FIELDS))
        .where(table.subject_id == subjects.c.id, or_(table.subject_id == subject_ids[0], ~is_copy))
        .order_by(table.at.desc(), table.id.desc())
        .limit(limit + 1)
    )
    if kinds:
        newest = newest.where(table.kind.in_(kinds))
    if after is not None:
        newest = newest.where(tuple_(table.at, table.id) < after)
    each = newest.lateral("newest")
    joined = select(*(each.c[name] for name in FIELDS)).select_from(subjects).join(each, true())
    page = joined.order_by(each.c.at.desc(), each.c.id.desc()).limit(limit + 1).subquery("page")
    return _rows(page).order_by(page.c.at.desc(), page.c.id.desc())


NAMES: TextClause = text("""
select s.id, 'XS' || lpad(s.number::text, 8, '0') as number, coalesce(nullif(s.company, ''), s.contact_name) as name from lead s where s.id = any(:ids)
union all select s.id, 'KH' || lpad(s.number::text, 8, '0'), s.name from customer s where s.id = any(:ids)
union all select s.id, 'SJ' || lpad(s.number::text, 8, '0'), s.name from opportunity s where s.id = any(:ids)
""")
"""Number and name of those of these records (`policies.SUBJECTS`) that row security lets the session see."""
