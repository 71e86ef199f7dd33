"""Writing and reading entries of the timeline; what people log stands in `logging`."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.hot import Hot, as_json
from backend.core.ids import new_id
from backend.core.pagination import Page, decode_cursor, page_of
from backend.timeline import queries
from backend.timeline.models import TimelineEntry
from backend.timeline.schemas import TimelineEntryOut


async def record(
    session: AsyncSession,
    *,
    subject_type: str,
    subject_id: UUID,
    kind: str,
    now: datetime,
    at: datetime | None = None,
    actor_id: UUID | None = None,
    body: dict[str, Any] | None = None,
    **more: Any,
) -> UUID:
    """Appends one entry and returns its id; `more` are further columns."""
    entry_id = new_id()
    values = {
        "id": entry_id,
        "subject_type": subject_type,
        "subject_id": subject_id,
        "kind": kind,
        "at": at or now,
        "recorded_at": now,
        "actor_id": actor_id,
        "body": body or {},
        **more,
    }
    await session.execute(insert(TimelineEntry).values(values))
    return entry_id


RECORD_MANY = Hot("""
insert into timeline_entry (id, subject_type, subject_id, kind, at, recorded_at, actor_id, body)
select uuidv7(), :subject_type, e.subject, :kind, e.at, :now, :actor, e.body
from unnest(cast(:subjects as uuid[]), cast(:moments as timestamptz[]), cast(:bodies as jsonb[])) as e(subject, at, body)
""")


async def record_many(
    session: AsyncSession,
    *,
    subject_type: str,
    kind: str,
    entries: Sequence[tuple[UUID, datetime, dict[str, Any]]],
    now: datetime,
    actor_id: UUID | None,
) -> None:
    """One entry (subject, moment, body) for each of many subjects, in one statement."""
    if not entries:
        return
    subjects, moments, bodies = zip(*entries, strict=True)
    await RECORD_MANY.rows(
        session,
        subject_type=subject_type,
        kind=kind,
        subjects=list(subjects),
        moments=list(moments),
        bodies=[as_json(body) for body in bodies],
        now=now,
        actor=actor_id,
    )


def entry_out(row: Any, names: Mapping[UUID, Any], page_of_id: UUID | None = None) -> TimelineEntryOut:
    """A row of `queries.entries` as it goes over HTTP; `names` are rows of `queries.NAMES` by id."""
    fields = row._mapping
    actor = {"id": fields["actor_id"], "name": fields["actor_name"]} if fields["actor_name"] else None
    return TimelineEntryOut.model_validate({**fields, "actor": actor, "corrects": row.corrects_id, "of": _of(row, names, page_of_id)})


def _of(row: Any, names: Mapping[UUID, Any], page_of_id: UUID | None) -> dict[str, Any] | None:
    if page_of_id is None or row.subject_id == page_of_id:
        return None
    known = names.get(row.subject_id)
    return {"type": row.subject_type, "id": row.subject_id, "number": known and known.number, "name": known and known.name}


async def page(
    session: AsyncSession, subject_ids: Sequence[UUID], cursor: str | None, limit: int, kinds: Collection[str] = ()
) -> Page[TimelineEntryOut]:
    """Of a record (the first) and what belongs to it; newest first, of these kinds or all. Empty when they are not visible."""
    shape = ("timeline", subject_ids[0], *sorted(kinds))
    after = decode_cursor(cursor, (datetime, UUID), shape)
    rows = (await session.execute(queries.entries(subject_ids, kinds, after, limit))).all()
    shown, next_cursor = page_of(rows, limit, lambda row: (row.at, row.id), shape)
    others = {row.subject_id for row in shown} - {subject_ids[0]}
    names = {row.id: row for row in await session.execute(queries.NAMES, {"ids": list(others)})} if others else {}
    return Page[TimelineEntryOut](items=[entry_out(row, names, subject_ids[0]) for row in shown], next_cursor=next_cursor)


async def entry(session: AsyncSession, entry_id: UUID) -> TimelineEntryOut:
    """One entry that this session can see."""
    return entry_out((await session.execute(queries.entry(entry_id))).one(), {})
