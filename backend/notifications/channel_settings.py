"""Channels as an administrator keeps them; their credentials go in and never come out."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.core.db import after_commit
from backend.core.errors import Invalid, NotFound, Refused, field_error
from backend.core.locking import require_version
from backend.identity.deps import Actor
from backend.identity.models import Person, Region
from backend.notifications import deliveries, queries, rules
from backend.notifications.events import ChannelChanged
from backend.notifications.models import Channel
from backend.notifications.rules import ChannelKind
from backend.notifications.schemas import Channel as ChannelOut
from backend.notifications.schemas import ChannelFields, ChannelPatch, Credentials
from backend.notifications.schemas import Delivery as DeliveryOut
from backend.notifications.service import DELIVERIES_CHANNEL, ring_sender

PERMISSION = "channels.manage"
MAIL_FIELDS = frozenset({"name", "is_active"})
"""What can be changed of the company's way to its mail server."""


async def channel_by_id(session: AsyncSession, channel_id: UUID, real_now: datetime) -> ChannelOut:
    row = (await session.execute(queries.channels().where(Channel.id == channel_id).execution_options(populate_existing=True))).first()
    if row is None:
        raise NotFound
    return deliveries.channel_out(row, real_now)


async def create_channel(session: AsyncSession, actor: Actor, body: ChannelFields, now: datetime, real_now: datetime) -> ChannelOut:
    """A robot without credentials: it needs them before it can send."""
    actor.require(PERMISSION)
    await _check(session, None, body.model_dump())
    fields = body.model_dump(exclude={"keyword"})
    channel = Channel(**fields, kind=ChannelKind.DINGTALK_ROBOT.value, config={"keyword": body.keyword})
    session.add(channel)
    await session.flush()
    await outbox.add(session, ChannelChanged(channel.id, ["created"]), now)
    return await channel_by_id(session, channel.id, real_now)


async def change_channel(
    session: AsyncSession, actor: Actor, channel_id: UUID, body: ChannelPatch, version: int, now: datetime, real_now: datetime
) -> ChannelOut:
    """Only the fields that are sent; switched off it is paused, and what waits goes out when it is on again."""
    channel = await _to_change(session, actor, channel_id)
    require_version(version, channel.version, await channel_by_id(session, channel_id, real_now))
    changes = body.model_dump(exclude_unset=True)
    if channel.kind == ChannelKind.EMAIL and any(value for name, value in changes.items() if name not in MAIL_FIELDS):
        raise Refused("mail_serves_all", "E-mail serves the whole company; it has a name, and can be switched off and on.")
    wanted = {name: changes.get(name, getattr(channel, name)) for name in ("name", "region_id", "person_id")}
    await _check(session, channel_id, wanted)
    keyword = changes.pop("keyword", None)
    if keyword is not None:
        channel.config = {**channel.config, "keyword": keyword}
    for name, value in changes.items():
        if value is not None or name.endswith("_id"):
            setattr(channel, name, value)
    await session.flush()
    await outbox.add(session, ChannelChanged(channel_id, sorted(body.model_fields_set)), now)
    after_commit(session, ring_sender, key=DELIVERIES_CHANNEL)
    return await channel_by_id(session, channel_id, real_now)


async def _to_change(session: AsyncSession, actor: Actor, channel_id: UUID) -> Channel:
    """404 when it is not visible, 403 when it may not be changed, else locked."""
    if await session.get(Channel, channel_id) is None:
        raise NotFound
    actor.require(PERMISSION)
    locked = select(Channel).where(Channel.id == channel_id).with_for_update(key_share=True).execution_options(populate_existing=True)
    return (await session.scalars(locked)).one()


async def _check(session: AsyncSession, channel_id: UUID | None, wanted: dict[str, Any]) -> None:
    errors = []
    holder = await session.scalar(select(Channel.id).where(Channel.name == wanted["name"]))
    if holder is not None and holder != channel_id:
        errors.append(field_error("#/name", "Another channel has this name.", "taken"))
    if wanted["region_id"] and wanted["person_id"]:
        errors.append(field_error("#/person_id", "A channel serves a region or a person, not both.", "one_of_two"))
    for field, table in (("region_id", Region), ("person_id", Person)):
        if wanted[field] and await session.get(table, wanted[field]) is None:
            errors.append(field_error(f"#/{field}", "There is no such record.", "unknown"))
    if errors:
        raise Invalid("invalid_channel", "The channel cannot be saved like this.", errors=errors)


async def set_credentials(
    session: AsyncSession, actor: Actor, channel_id: UUID, body: Credentials, now: datetime, real_now: datetime
) -> ChannelOut:
    """Replaces them; a robot that was given up is tried again."""
    channel = await _to_change(session, actor, channel_id)
    if channel.kind == ChannelKind.EMAIL:
        raise Refused("mail_serves_all", "The account of the mail server stands in the settings of the installation (CHENGDAN_SMTP_HOST).")
    await session.scalar(select(func.channel_set_secret(channel_id, body.access_token, body.secret)))
    await outbox.add(session, ChannelChanged(channel_id, ["credentials"]), now)
    after_commit(session, ring_sender, key=DELIVERIES_CHANNEL)
    return await channel_by_id(session, channel_id, real_now)


async def send_test(session: AsyncSession, actor: Actor, channel_id: UUID, now: datetime, real_now: datetime) -> DeliveryOut:
    """A message to the actor on the way that every message takes: queue, limit, record. Its delivery tells the outcome."""
    await _to_change(session, actor, channel_id)
    channel = await channel_by_id(session, channel_id, real_now)
    if not channel.has_credentials:
        raise Refused("channel_without_credentials", "The channel has no credentials yet; enter them first.")
    if channel.state is rules.ChannelState.OFF:
        raise Refused("channel_off", "The channel is paused; switch it on and test it then.")
    if channel.kind is ChannelKind.EMAIL and not await session.scalar(select(Person.email).where(Person.id == actor.id)):
        raise Refused("no_address", "You have no e-mail address that the test could go to; enter one under People.")
    delivery_id = await session.scalar(select(func.channel_test(channel_id, now)))
    if delivery_id is None:
        raise NotFound
    await outbox.add(session, ChannelChanged(channel_id, ["tested"]), now)
    after_commit(session, ring_sender, key=DELIVERIES_CHANNEL)
    return await deliveries.one(session, actor, delivery_id)
