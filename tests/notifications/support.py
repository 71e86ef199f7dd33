"""Rows and shortcuts of the notification tests."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.db import run_before_commit
from backend.identity.models import Person, Region
from backend.notifications.models import Channel, ChannelSecret, Delivery, LiveEvent, Notification
from backend.notifications.service import Notice, notify
from tests.conftest import NOW
from tests.factories import numbers

SECRET = "SEC0123456789abcdef"


async def make_channel(session: AsyncSession, region: Region | None = None, **fields: Any) -> Channel:
    """A robot with the token `token-<name>`."""
    channel = Channel(
        kind="dingtalk_robot", name=fields.pop("name", f"群{next(numbers)}"), region_id=region.id if region else None, **fields
    )
    session.add(channel)
    await session.flush()
    session.add(ChannelSecret(channel_id=channel.id, access_token=f"token-{channel.name}", secret=SECRET))
    await session.flush()
    return channel


async def tell(session: AsyncSession, people: Iterable[Person], company: str = "苏州精工机械", **fields: Any) -> None:
    now = fields.pop("now", NOW)
    values: dict[str, Any] = {"kind": "test.told", "subject_type": None, "subject_id": None} | fields
    await notify(session, Notice([person.id for person in people], params={"company": company}, **values), now=now)
    await run_before_commit(session)


async def notifications_of(session: AsyncSession, person: Person) -> list[Notification]:
    return list(await session.scalars(select(Notification).where(Notification.person_id == person.id).order_by(Notification.id)))


async def live_events_of(session: AsyncSession, person_id: UUID) -> list[LiveEvent]:
    return list(await session.scalars(select(LiveEvent).where(LiveEvent.person_id == person_id).order_by(LiveEvent.seq)))


async def all_deliveries(session: AsyncSession) -> list[Delivery]:
    rows = await session.scalars(select(Delivery).order_by(Delivery.id).execution_options(populate_existing=True))
    return list(rows)
