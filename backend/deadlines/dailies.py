"""What goes out once on each working day: when, as an administrator sets it, and to each person once, however often its job runs."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.core.errors import Invalid, NotFound, field_error
from backend.core.locking import require_version
from backend.deadlines import rulebook, rules
from backend.deadlines.events import DailyChanged
from backend.deadlines.models import Daily, DailyReceipt, DailyRun
from backend.deadlines.rules import DAILIES, DailyKind
from backend.deadlines.schemas import DailyIn, DailyOut
from backend.identity.deps import Actor


async def dailies(session: AsyncSession) -> list[DailyOut]:
    """In the order in which a morning brings them."""
    return [_out(row) for row in await session.scalars(select(Daily).order_by(Daily.at, Daily.kind))]


def _out(row: Daily) -> DailyOut:
    kind = DailyKind(row.kind)
    shown: dict[str, Any] = {"kind": kind, "at": row.at, "before": DAILIES[kind].before, "is_active": row.is_active, "version": row.version}
    return DailyOut.model_validate(shown)


async def change(session: AsyncSession, actor: Actor, kind: DailyKind, body: DailyIn, version: int, now: datetime) -> DailyOut:
    actor.require("settings.manage")
    row = await session.scalar(select(Daily).where(Daily.kind == kind).with_for_update())
    if row is None:
        raise NotFound
    require_version(version, row.version, _out(row).model_dump(mode="json"))
    at = time.fromisoformat(body.at)
    if at >= DAILIES[kind].before:
        said = f"Choose a time before {DAILIES[kind].before:%H:%M}: from then on it is too late for the day."
        raise Invalid("invalid_input", said, errors=[field_error("#/at", said, "too_late")])
    row.at, row.is_active = at, body.is_active
    await session.flush()
    await outbox.add(session, DailyChanged.of(kind), now)
    return _out(row)


async def to_do(session: AsyncSession, kind: DailyKind, now: datetime) -> date | None:
    """The working day whose run is to be made now, or was begun and has not come to its end; None when there is none."""
    row = await session.scalar(select(Daily).where(Daily.kind == kind, Daily.is_active))
    if row is None:
        return None
    day = rules.day_of(kind, row.at, now, (await rulebook.load(session)).calendar)
    return day if day is not None and await session.get(DailyRun, (kind.value, day)) is None else None


async def take(session: AsyncSession, kind: DailyKind, day: date, person_id: UUID, now: datetime) -> bool:
    """Whether this person's turn of that day is ours: told in this transaction, they never are again. Waits for another who is at it."""
    row = {"kind": kind.value, "day": day, "person_id": person_id, "at": now}
    made = insert(DailyReceipt).values(row).on_conflict_do_nothing().returning(DailyReceipt.person_id)
    return await session.scalar(made) is not None


async def told_before(session: AsyncSession, kind: DailyKind, day: date, person_id: UUID) -> datetime | None:
    """When this person last had their turn on an earlier day."""
    receipt = DailyReceipt
    of_person = (receipt.person_id == person_id, receipt.kind == kind, receipt.day < day)
    found: datetime | None = await session.scalar(select(func.max(receipt.at)).where(*of_person))
    return found


async def finish(session: AsyncSession, kind: DailyKind, day: date, now: datetime) -> bool:
    """Nobody is left; False when another run has said so already."""
    row = {"kind": kind.value, "day": day, "finished_at": now}
    return await session.scalar(insert(DailyRun).values(row).on_conflict_do_nothing().returning(DailyRun.kind)) is not None
