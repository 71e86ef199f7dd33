"""Writing and reading the timeline."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.errors import Invalid, field_error
from backend.core.hot import Hot, as_json
from backend.core.ids import new_id
from backend.core.pagination import Page, decode_cursor, page_of
from backend.timeline import queries
from backend.timeline.models import TimelineEntry
from backend.timeline.schemas import FollowUpCreate, TimelineEntryOut


async def record(
    session: AsyncSession,
    *,
    subject_type: str,
    subject_id: UUID,
    kind: str,
    now: datetime,
    at: datetime | None = None,
    actor_id: UUID | None = None,
    outcome: str | None = None,
    body: dict[str, Any] | None = None,
) -> UUID:
    """Appends one entry and returns its id."""
    entry_id = new_id()
    values = {
        "id": entry_id,
        "subject_type": subject_type,
        "subject_id": subject_id,
        "kind": kind,
        "at": at or now,
        "recorded_at": now,
        "actor_id": actor_id,
        "outcome": outcome,
        "body": body or {},
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


def require_ahead(next_step_at: datetime | None, now: datetime) -> None:
    """422 that names the field when a next step would lie in the past."""
    if next_step_at is not None and next_step_at <= now:
        wrong = field_error("#/next_step_at", "The next step lies in the past; choose a moment to come.", "in_the_past")
        raise Invalid("invalid_input", wrong["detail"], errors=[wrong])


async def record_follow_up(
    session: AsyncSession, *, subject_type: str, subject_id: UUID, actor_id: UUID, body: FollowUpCreate, now: datetime
) -> TimelineEntryOut:
    """A real follow-up, as it then stands on the timeline; its next step is yet to come."""
    require_ahead(body.next_step_at, now)
    said = body.model_dump(mode="json", include={"note", "duration_minutes", "next_step", "next_step_at"}, exclude_none=True)
    kind, outcome = body.kind.value, body.outcome.value
    entry_id = await record(
        session, subject_type=subject_type, subject_id=subject_id, kind=kind, now=now, actor_id=actor_id, outcome=outcome, body=said
    )
    return await entry(session, entry_id)


def entry_out(row: Any) -> TimelineEntryOut:
    """A row of `queries.entries` as it goes over HTTP."""
    fields = row._mapping
    actor = {"id": fields["actor_id"], "name": fields["actor_name"]} if fields["actor_name"] else None
    return TimelineEntryOut.model_validate({**fields, "actor": actor})


async def page(session: AsyncSession, subject_ids: Sequence[UUID], cursor: str | None, limit: int) -> Page[TimelineEntryOut]:
    """Of a record and what was merged into it; newest first, empty when they are not visible."""
    shape = ("timeline", subject_ids[0])
    after = decode_cursor(cursor, (datetime, UUID), shape)
    rows = (await session.execute(queries.entries(subject_ids, after, limit))).all()
    shown, next_cursor = page_of(rows, limit, lambda row: (row.at, row.id), shape)
    return Page[TimelineEntryOut](items=[entry_out(row) for row in shown], next_cursor=next_cursor)


async def entry(session: AsyncSession, entry_id: UUID) -> TimelineEntryOut:
    """One entry that this session can see."""
    return entry_out((await session.execute(queries.entry(entry_id))).one())
