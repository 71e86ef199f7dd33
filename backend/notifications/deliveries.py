"""Looking at channels and deliveries, and trying a dead delivery again."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.config import get_settings
from backend.core.db import after_commit
from backend.core.errors import NotFound, Refused
from backend.core.pagination import page_of
from backend.identity.deps import Actor
from backend.identity.schemas import PersonRef
from backend.integrations.smtp.settings import mail_server
from backend.notifications import queries, rules
from backend.notifications.models import ChannelHealth, Delivery, DeliveryReplay
from backend.notifications.rules import ChannelKind, DeliveryState
from backend.notifications.schemas import Channel, ChannelRef
from backend.notifications.schemas import Delivery as DeliveryOut
from backend.notifications.service import DELIVERIES_CHANNEL, ring_sender


async def list_channels(session: AsyncSession, actor: Actor, now: datetime) -> list[Channel]:
    """All channels by name, with what keeps each from working; `now` is real time."""
    actor.require("channels.read")
    return [channel_out(row, now) for row in await session.execute(queries.channels())]


def channel_out(row: Any, now: datetime) -> Channel:
    """A row of `queries.channels`; `now` is real time."""
    channel, health, person, has_credentials = row
    blocked_until = health.blocked_until if health else None
    is_mail, has_server = channel.kind == ChannelKind.EMAIL, mail_server(get_settings()) is not None
    is_on = channel.is_active and (has_server or not is_mail)
    return Channel(
        id=channel.id,
        kind=ChannelKind(channel.kind),
        name=channel.name,
        is_active=channel.is_active,
        region_id=channel.region_id,
        person=PersonRef(id=person.id, name=person.name) if person else None,
        keyword=str(channel.config.get("keyword", "")),
        has_credentials=has_server if is_mail else has_credentials,
        version=channel.version,
        state=rules.channel_state(is_on, bool(health and health.broken_at), blocked_until, now),
        blocked_until=blocked_until,
        problem=health.problem if health else None,
    )


async def list_deliveries(
    session: AsyncSession, actor: Actor, state: DeliveryState | None, after: queries.Place | None, limit: int
) -> tuple[list[DeliveryOut], str | None]:
    actor.require("channels.read")
    rows = (await session.execute(queries.deliveries(state, after, limit))).all()
    page, following = page_of(rows, limit, lambda row: (row[0].created_at, row[0].id), ("deliveries", state))
    return [_out(row) for row in page], following


async def one(session: AsyncSession, actor: Actor, delivery_id: UUID) -> DeliveryOut:
    row = (await session.execute(queries.delivery(delivery_id))).first()
    if row is None:
        raise NotFound
    actor.require("channels.read")
    return _out(row)


async def replay(session: AsyncSession, actor: Actor, delivery_id: UUID, now: datetime) -> DeliveryOut:
    """A dead delivery waits again, and a channel given up is tried again; 404 before 403."""
    row = (await session.execute(queries.delivery(delivery_id))).first()
    if row is None:
        raise NotFound
    actor.require("deliveries.replay")
    delivery = row[0]
    revived = await session.scalar(
        update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.state == DeliveryState.DEAD)
        .values(state=DeliveryState.PENDING, attempts=0, next_at=None)
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    )
    await session.refresh(delivery)
    if revived is None:
        raise Refused("delivery_not_dead", "Only a delivery that was given up can be tried again.", state=delivery.state)
    session.add(DeliveryReplay(delivery_id=delivery.id, person_id=actor.id, at=now))
    await session.execute(
        update(ChannelHealth)
        .where(ChannelHealth.channel_id == delivery.channel_id, ChannelHealth.broken_at.is_not(None))
        .values(broken_at=None, blocked_until=None, told_at=None)
        .execution_options(synchronize_session=False)
    )
    after_commit(session, ring_sender, key=DELIVERIES_CHANNEL)
    return _out(row)


def _out(row: Row[Delivery, str, str]) -> DeliveryOut:
    delivery, channel_name, person_name = row
    return DeliveryOut(
        id=delivery.id,
        channel=ChannelRef(id=delivery.channel_id, name=channel_name),
        person=PersonRef(id=delivery.person_id, name=person_name),
        kind=delivery.kind,
        state=DeliveryState(delivery.state),
        attempts=delivery.attempts,
        created_at=delivery.created_at,
        next_at=delivery.next_at,
        last_error=delivery.last_error,
        sent_at=delivery.sent_at,
    )
