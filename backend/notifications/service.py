"""Announcing: bell entries, live events and deliveries, written in the caller's transaction; and reading the bell."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import to_jsonable_python
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.db import after_commit
from backend.core.errors import NotFound
from backend.core.hot import Hot
from backend.core.ids import new_id
from backend.core.live import LIVE_CHANNEL
from backend.core.pagination import page_of
from backend.core.pausepoints import pause
from backend.core.wakeups import wake
from backend.notifications import queries
from backend.notifications.models import Notification
from backend.notifications.schemas import Notification as NotificationOut

DELIVERIES_CHANNEL = "deliveries"
ANNOUNCE = Hot("select announce(cast(:items as jsonb), :now) as made")
EMIT = Hot("select emit_live(cast(:items as jsonb), :now)")


@dataclass(frozen=True)
class Notice:
    """What some people are told; `shows` is a further live event (kind, JSON payload) for them."""

    person_ids: Iterable[UUID]
    kind: str
    params: Mapping[str, Any]
    subject_type: str | None
    subject_id: UUID | None
    is_urgent: bool = False
    through_channels: bool = True
    shows: tuple[str, Mapping[str, Any]] | None = None

    def items(self, now: datetime) -> Iterator[dict[str, Any]]:
        """As the database's `announce` takes them, one for each person."""
        shared = {field: getattr(self, field) for field in ("kind", "subject_type", "subject_id", "is_urgent")}
        for person_id in sorted(set(self.person_ids)):
            made = NotificationOut(id=new_id(), created_at=now, read_at=None, params=dict(self.params), **shared).model_dump(mode="json")
            live = [("notification", made), *([self.shows] if self.shows else [])]
            yield {**made, "person_id": str(person_id), "is_sent": self.through_channels, "live": live}


async def notify(session: AsyncSession, *notices: Notice, now: datetime) -> None:
    """Tells people something in one round trip: bell, open screens, and the channels that serve each of them.

    Give all notices of a transaction in one call: calls for different people could wait for each other crosswise.
    """
    items = [item for notice in notices for item in notice.items(now)]
    if not items:
        return
    made = (await ANNOUNCE.row(session, items=json.dumps(items), now=now)).made
    _wake_live(session, [UUID(item["person_id"]) for item in items])
    if made:
        after_commit(session, ring_sender, key=DELIVERIES_CHANNEL)


async def emit_live(session: AsyncSession, person_ids: Iterable[UUID], kind: str, payload: Mapping[str, Any], now: datetime) -> None:
    """Shows an event on the open screens of people: durable, numbered per person in the order of the commits."""
    people = sorted(set(person_ids))
    if not people:
        return
    data = to_jsonable_python(dict(payload))
    items = [{"person_id": str(person_id), "kind": kind, "payload": data} for person_id in people]
    await EMIT.rows(session, items=json.dumps(items), now=now)
    _wake_live(session, people)


def _wake_live(session: AsyncSession, people: Iterable[UUID]) -> None:
    """Wakes the streams of all these people once, after the commit."""
    woken: set[str] = session.info.setdefault("live_people", set())
    woken.update(str(person_id) for person_id in people)

    async def ring() -> None:
        await pause("live.committed")
        wake(LIVE_CHANNEL, *woken)

    after_commit(session, ring, key=LIVE_CHANNEL)


async def ring_sender() -> None:
    wake(DELIVERIES_CHANNEL)


async def list_notifications(
    session: AsyncSession, person_id: UUID, unread_only: bool, after: queries.Place | None, limit: int
) -> tuple[list[Notification], str | None]:
    rows = (await session.scalars(queries.notifications(person_id, unread_only, after, limit))).all()
    return page_of(rows, limit, lambda row: (row.created_at, row.id), ("notifications", unread_only))


async def count_unread(session: AsyncSession, person_id: UUID) -> int:
    return await session.scalar(queries.unread_count(person_id)) or 0


async def has_been_told(session: AsyncSession, person_id: UUID, subject_type: str, subject_id: UUID, param: str, since: datetime) -> bool:
    """Whether an entry about the subject that carries this param has come under the person's bell since then."""
    return bool(await session.scalar(queries.told(person_id, subject_type, subject_id, param, since)))


async def read(session: AsyncSession, person_id: UUID, notification_id: UUID, now: datetime) -> None:
    """Reading twice keeps the first moment."""
    found = await session.get(Notification, notification_id)
    if found is None or found.person_id != person_id:
        raise NotFound
    if found.read_at is None:
        found.read_at = now


async def read_all(session: AsyncSession, person_id: UUID, now: datetime, *, about: UUID | None = None) -> None:
    """All of the person's, or those about one record."""
    which = [Notification.subject_id == about] if about else []
    await session.execute(
        update(Notification)
        .where(Notification.person_id == person_id, Notification.read_at.is_(None), *which)
        .values(read_at=now)
        .execution_options(synchronize_session=False)
    )
