"""One engine for all deadlines: set on a change, stopped by another, fired once by the sweep (decision 5)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.core.ids import new_id
from backend.deadlines import queries, rulebook
from backend.deadlines.events import DeadlineFired
from backend.deadlines.models import Deadline
from backend.deadlines.rules import SWEEP_BATCH, Ladder, Rung, due_at


class Pending(NamedTuple):
    """A deadline that still runs."""

    subject_id: UUID
    kind: str
    rung: str
    base_at: datetime
    due_at: datetime


async def arm(
    session: AsyncSession,
    kind: str,
    subject_type: str,
    subject_id: UUID,
    bases: Mapping[str, datetime],
    now: datetime,
    *,
    is_first: bool = False,
) -> None:
    """Sets the rungs whose bases are given; a rung whose base has moved starts anew, one that this base has had stays as it is.

    `is_first`: the subject had no rung before, so there is none to stop.

    The caller holds the lock of the subject's row, so that two bases cannot be set at the same time.
    """
    book = await rulebook.load(session)
    rungs = [rung for rung in book.ladders[kind].rungs if rung.base in bases]
    if not rungs:
        return
    base_of = {rung.key: bases[rung.base] for rung in rungs}
    if not is_first:
        await session.execute(queries.stop_where(queries.superseded(kind, subject_id, base_of), now))
    await queries.ADD_MISSING.rows(
        session,
        kind=kind,
        subject_type=subject_type,
        subject=subject_id,
        ids=[new_id() for _ in rungs],
        rungs=list(base_of),
        bases=list(base_of.values()),
        dues=[due_at(rung, base_of[rung.key], book.calendar) for rung in rungs],
    )


async def arm_many(session: AsyncSession, kind: str, subject_type: str, subject_ids: Sequence[UUID], bases: Mapping[str, datetime]) -> None:
    """Sets the same rungs for many subjects that had none before, in one statement."""
    book = await rulebook.load(session)
    rungs = [rung for rung in book.ladders[kind].rungs if rung.base in bases]
    if not rungs or not subject_ids:
        return
    await queries.ADD_FIRST.rows(
        session,
        kind=kind,
        subject_type=subject_type,
        subjects=list(subject_ids),
        rungs=[rung.key for rung in rungs],
        bases=[bases[rung.base] for rung in rungs],
        dues=[due_at(rung, bases[rung.base], book.calendar) for rung in rungs],
    )


async def stop_many(session: AsyncSession, kind: str, subject_ids: Collection[UUID], now: datetime) -> None:
    """Ends all pending rungs of many subjects."""
    await session.execute(queries.stop_where((Deadline.kind == kind) & Deadline.subject_id.in_(subject_ids), now))


async def stop(session: AsyncSession, kind: str, subject_id: UUID, now: datetime) -> None:
    """Ends all pending rungs of one subject; what has fired stays fired."""
    await session.execute(queries.stop_where((Deadline.kind == kind) & (Deadline.subject_id == subject_id), now))


async def resume(session: AsyncSession, kind: str, subject_id: UUID, stopped_at: datetime, base_at: datetime | None = None) -> None:
    """Takes back the stop of that moment: its rungs (those of one base, where it is given) run on, and what fell due meanwhile fires at once."""
    await session.execute(queries.resume(kind, subject_id, stopped_at, base_at))


async def pending(session: AsyncSession, subject_ids: Collection[UUID]) -> list[Pending]:
    """What still runs for these subjects, the nearest first."""
    return [Pending(*row) for row in await session.execute(queries.pending(subject_ids))]


async def sweep(session: AsyncSession, now: datetime, limit: int = SWEEP_BATCH) -> int:
    """Fires what is due, one event each in the same transaction; returns how many deadlines it took."""
    claimed = (await session.execute(queries.fire_due(now, limit))).all()
    if not claimed:
        return 0
    ladders = (await rulebook.load(session)).ladders
    dropped: list[UUID] = []
    for row in sorted(claimed, key=lambda row: (row.due_at, row.id)):
        rung = _rung_of(ladders, row.kind, row.rung)
        if rung is None:
            dropped.append(row.id)
        else:
            await outbox.add(session, _fired(row, rung), now)
    if dropped:
        await session.execute(queries.drop(dropped, now))
    return len(claimed)


def _rung_of(ladders: Mapping[str, Ladder], kind: str, key: str) -> Rung | None:
    ladder = ladders.get(kind)
    return ladder.rung(key) if ladder else None


def _fired(row: Row[Any], rung: Rung) -> DeadlineFired:
    return DeadlineFired(
        subject_id=row.subject_id,
        subject_type=row.subject_type,
        ladder=row.kind,
        rung=row.rung,
        base_at=row.base_at,
        due_at=row.due_at,
        who=rung.who,
        is_urgent=rung.is_urgent,
    )


async def recompute(session: AsyncSession, now: datetime, kind: str | None = None) -> int:
    """Moves pending due dates to what the rules now say: working-time rungs of all ladders, or every rung of one.

    Rungs that a ladder has lost are stopped. Returns how many due dates moved.
    """
    book = await rulebook.read(session)
    ladders = [book.ladders[kind]] if kind else list(book.ladders.values())
    rungs = {(ladder.kind, rung.key): rung for ladder in ladders for rung in ladder.rungs if kind or rung.is_working_time}
    for ladder in ladders:
        await session.execute(queries.stop_where(queries.pending_without_rung(ladder.kind, [rung.key for rung in ladder.rungs]), now))
    if not rungs:
        return 0
    changes: dict[UUID, datetime] = {}
    known: dict[tuple[str, str, datetime], datetime] = {}
    for row in await session.execute(queries.pending_rungs(rungs)):
        place = (row.kind, row.rung, row.base_at)
        if place not in known:
            known[place] = due_at(rungs[row.kind, row.rung], row.base_at, book.calendar)
        if known[place] != row.due_at:
            changes[row.id] = known[place]
    if not changes:
        return 0
    return len((await session.execute(queries.move_due(changes))).all())
