"""Announcing: bell entries, live events and deliveries, written in the caller's transaction; and reading the bell."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import to_jsonable_python
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.db import after_commit, before_commit
from backend.core.errors import NotFound
from backend.core.hot import Hot
from backend.core.ids import new_id
from backend.core.live import LIVE_CHANNEL
from backend.core.pagination import page_of
from backend.core.pausepoints import pause
from backend.core.wakeups import wake
from backend.notifications import queries
from backend.notifications.mails import Said
from backend.notifications.models import Notification
from backend.notifications.schemas import Notification as NotificationOut

DELIVERIES_CHANNEL = "deliveries"
ANNOUNCE = Hot("select announce(cast(:items as jsonb), :now) as made")


@dataclass(frozen=True)
class Mailing:
    """What a notice says by e-mail, to those of its people who have an address; files are stored ones."""

    said: Said
    attachments: Sequence[Mapping[str, str]] = ()

    def fields(self) -> dict[str, Any]:
        return {"subject": self.said.subject, "text": self.said.text, "html": self.said.html, "attachments": [*self.attachments]}


@dataclass(frozen=True)
class Notice:
    """What some people are told; `shows` is a further live event (kind, JSON payload) for them. By e-mail goes only what has a `mail`."""

    person_ids: Iterable[UUID]
    kind: str
    params: Mapping[str, Any]
    subject_type: str | None
    subject_id: UUID | None
    is_urgent: bool = False
    through_channels: bool = True
    shows: tuple[str, Mapping[str, Any]] | None = None
    mail: Mailing | None = None

    def items(self, now: datetime) -> Iterator[dict[str, Any]]:
        """As the database's `announce` takes them, one for each person."""
        shared = {field: getattr(self, field) for field in ("kind", "subject_type", "subject_id", "is_urgent")}
        mailed = {"mail": self.mail.fields()} if self.mail else {}
        for person_id in sorted(set(self.person_ids)):
            made = NotificationOut(id=new_id(), created_at=now, read_at=None, params=dict(self.params), **shared).model_dump(mode="json")
            live = [("notification", made), *([self.shows] if self.shows else [])]
            yield {**made, "person_id": str(person_id), "is_sent": self.through_channels, "live": live, **mailed}


async def notify(session: AsyncSession, *notices: Notice, now: datetime) -> None:
    """Tells people something when the transaction ends: bell, open screens, and the channels that serve each of them."""
    _announcement(session).add((item for notice in notices for item in notice.items(now)), now)


async def emit_live(session: AsyncSession, feeds: Iterable[UUID], kind: str, payload: Mapping[str, Any], now: datetime) -> None:
    """Shows an event on the open screens of people, or of all who claim from a region's pool: durable, numbered in the order of the commits."""
    data = to_jsonable_python(dict(payload))
    _announcement(session).add(({"person_id": str(feed), "live": [(kind, data)]} for feed in sorted(set(feeds))), now)


async def shared_feeds(session: AsyncSession) -> dict[UUID, int]:
    """The feeds of the pools that this person claims from, and where each stands."""
    return dict((await session.execute(queries.POOL_FEEDS)).tuples().all())


class _Announcement:
    """All that one transaction announces: written in one statement at its end, in the order in which it was said.

    The numbers of each person's events are under a lock; taken one after another, for different people, two transactions would wait for
    each other crosswise.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self._items: list[dict[str, Any]] = []
        self._now: datetime | None = None

    def add(self, items: Iterable[dict[str, Any]], now: datetime) -> None:
        self._items += items
        self._now = now

    async def __call__(self) -> None:
        if not self._items:
            return
        made = (await ANNOUNCE.row(self._session, items=json.dumps(self._items), now=self._now)).made
        _wake_live(self._session, {item["person_id"] for item in self._items})
        if made:
            after_commit(self._session, ring_sender, key=DELIVERIES_CHANNEL)


def _announcement(session: AsyncSession) -> _Announcement:
    return before_commit(session, lambda: _Announcement(session), key="announce")


def _wake_live(session: AsyncSession, people: Iterable[str]) -> None:
    """Wakes the streams of all these people once, after the commit."""
    woken: set[str] = session.info.setdefault("live_people", set())
    woken.update(people)

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
