"""Handing deliveries to channels: claim (one transaction), send (none), record (another). The database is the only truth.

A sender that dies in between leaves a lease; when it ends, its deliveries wait again and may show twice.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.config import get_settings
from backend.core.ids import new_id
from backend.integrations.answers import Answer, Outcome
from backend.integrations.dingtalk.client import Robot
from backend.integrations.smtp.settings import mail_server
from backend.notifications import letters, queries, rules, wording
from backend.notifications.models import Channel, ChannelHealth, ChannelMessage, Delivery
from backend.notifications.rules import ChannelKind, DeliveryState
from backend.notifications.service import Notice, notify
from backend.notifications.ways import Parcel, RobotMessage


@dataclass(frozen=True)
class Outgoing:
    """A claimed message: nobody else sends it until its lease ends. `attempts` counts this one."""

    message_id: UUID
    channel_id: UUID
    kind: ChannelKind
    parcel: Parcel
    attempts: int


async def channels_with_work(session: AsyncSession, now: datetime) -> list[UUID]:
    """Channels to look at, after giving back what dead senders left."""
    await release_abandoned(session, now)
    return list(await session.scalars(queries.channels_with_work(now)))


async def release_abandoned(session: AsyncSession, now: datetime) -> int:
    """Deliveries of senders that never came back wait again; returns how many messages that were."""
    abandoned = (await session.execute(queries.abandoned(now))).all()
    for message_id, started_at, kind in abandoned:
        await session.execute(
            update(ChannelMessage)
            .where(ChannelMessage.id == message_id)
            .values(finished_at=started_at + rules.lease(ChannelKind(kind)), outcome="unknown")
            .execution_options(synchronize_session=False)
        )
    if abandoned:
        await session.execute(
            update(Delivery)
            .where(Delivery.message_id.in_([row[0] for row in abandoned]), Delivery.state == DeliveryState.SENDING)
            .values(state=DeliveryState.PENDING, last_error="the sender stopped before the answer came")
            .execution_options(synchronize_session=False)
        )
    return len(abandoned)


async def claim(session: AsyncSession, channel_id: UUID, now: datetime) -> Outgoing | None:
    """Takes the next message of a channel within its limit; None: nothing to send, no room, or somebody else is at it."""
    held = (await session.execute(queries.open_channel(channel_id, now))).first()
    if held is None:
        return None
    channel, secret = held
    kind = ChannelKind(channel.kind)
    most = await _most(session, channel_id, kind, now)
    rows = (await session.execute(queries.waiting(channel_id, now, most))).all() if most else []
    if not rows:
        return None
    if kind is ChannelKind.EMAIL and not rows[0].email:
        await _give_up(session, rows[0][0].id, "the person has no e-mail address")
        return None
    count, parcel, body = await _pack(session, channel, secret, rows)
    message_id = new_id()
    await session.execute(
        insert(ChannelMessage).values(id=message_id, channel_id=channel_id, deliveries=count, body=body, started_at=now).inline()
    )
    await session.execute(
        update(Delivery)
        .where(Delivery.id.in_([row[0].id for row in rows[:count]]))
        .values(state=DeliveryState.SENDING, message_id=message_id, attempts=Delivery.attempts + 1)
        .execution_options(synchronize_session=False)
    )
    return Outgoing(message_id, channel_id, kind, parcel, 1 + max(row[0].attempts for row in rows[:count]))


async def _most(session: AsyncSession, channel_id: UUID, kind: ChannelKind, now: datetime) -> int:
    """How many deliveries the next message may carry: a letter is one person's, a robot keeps the vendor's limit."""
    if kind is ChannelKind.EMAIL:
        return 1 if mail_server(get_settings()) else 0
    used, last_started_at = (await session.execute(queries.recent_messages(channel_id, now))).one()
    return rules.batch_size(rules.DIGEST_MOST, used, last_started_at, now)


async def _pack(session: AsyncSession, channel: Channel, secret: Any, rows: Sequence[Any]) -> tuple[int, Parcel, dict[str, Any]]:
    """How many of the rows travel, as what, and what the log says of it."""
    if channel.kind == ChannelKind.EMAIL:
        letter = await letters.write(session, rows[0])
        return 1, letter, {"to": list(letter.to), "subject": letter.subject, "message_id": letter.message_id}
    style = wording.Style(get_settings().public_url, str(channel.config.get("keyword", "")))
    count, body = wording.compose([_item(row) for row in rows], style)
    return count, RobotMessage(Robot(secret.access_token, secret.secret), body), body


async def _give_up(session: AsyncSession, delivery_id: UUID, why: str) -> None:
    gone = {"state": DeliveryState.DEAD, "next_at": None, "last_error": why}
    await session.execute(update(Delivery).where(Delivery.id == delivery_id).values(gone).execution_options(synchronize_session=False))


def _item(row: Any) -> wording.Item:
    return wording.Item(row[0].kind, row.params, row.subject_id, row.name, row.dingtalk_mobile)


async def record(session: AsyncSession, sent: Outgoing, answer: Answer, finished_at: datetime, now: datetime) -> None:
    """Writes down what became of a message; `finished_at` is real time, `now` the product's. An answer after the lease still counts."""
    await session.execute(select(Channel.id).where(Channel.id == sent.channel_id).with_for_update(key_share=True))
    await session.execute(
        update(ChannelMessage)
        .where(ChannelMessage.id == sent.message_id)
        .values(
            finished_at=func.coalesce(ChannelMessage.finished_at, finished_at),
            outcome=answer.outcome,
            answer=_describe(answer),
        )
        .execution_options(synchronize_session=False)
    )
    if answer.outcome is Outcome.OK:
        await _succeeded(session, sent, finished_at)
    elif answer.outcome is Outcome.THROTTLED:
        await _throttled(session, sent, answer, finished_at)
    else:
        await _failed(session, sent, answer, finished_at, now)


def _describe(answer: Answer) -> str:
    return answer.message if answer.code is None else f"{answer.code} {answer.message}"


def _update_deliveries(sent: Outgoing) -> Any:
    """Those that this message carried and that no later message has taken over."""
    return (
        update(Delivery)
        .where(Delivery.message_id == sent.message_id, Delivery.state.in_([DeliveryState.SENDING, DeliveryState.PENDING]))
        .execution_options(synchronize_session=False)
    )


async def _health(session: AsyncSession, channel_id: UUID) -> ChannelHealth:
    """The channel's health, made when it has none; the caller holds the channel."""
    query = upsert(ChannelHealth).values(channel_id=channel_id).on_conflict_do_nothing(index_elements=[ChannelHealth.channel_id])
    await session.execute(query)
    return await session.get_one(ChannelHealth, channel_id, populate_existing=True)


async def _succeeded(session: AsyncSession, sent: Outgoing, at: datetime) -> None:
    await session.execute(_update_deliveries(sent).values(state=DeliveryState.SENT, sent_at=at, next_at=None, last_error=None))
    await session.execute(
        update(ChannelHealth)
        .where(ChannelHealth.channel_id == sent.channel_id)
        .values(failures=0, throttles=0, blocked_until=None, broken_at=None, problem=None, told_at=None)
        .execution_options(synchronize_session=False)
    )


async def _throttled(session: AsyncSession, sent: Outgoing, answer: Answer, at: datetime) -> None:
    """Nothing is wrong with the deliveries: they wait, and the try does not count."""
    await session.execute(
        _update_deliveries(sent).values(state=DeliveryState.PENDING, attempts=Delivery.attempts - 1, last_error=_describe(answer))
    )
    health = await _health(session, sent.channel_id)
    health.throttles += 1
    health.blocked_until = at + rules.block_for(health.throttles, answer.wait_seconds)
    health.problem = _describe(answer)


async def _failed(session: AsyncSession, sent: Outgoing, answer: Answer, at: datetime, now: datetime) -> None:
    """Waits longer each time; what cannot pass is dead, and a way out that must be repaired stops. Where only this message was not taken,
    the others go on.
    """
    health = await _health(session, sent.channel_id)
    health.failures += 0 if answer.is_about_message else 1
    health.problem = _describe(answer)
    is_final = answer.outcome is Outcome.PERMANENT
    tries = sent.attempts if answer.is_about_message else health.failures
    wait = rules.retry_after(tries, random.random())  # noqa: S311 - jitter, not a secret
    if answer.is_configuration:
        health.broken_at = at
    elif not is_final and not answer.is_about_message:
        health.blocked_until = at + wait
    is_dead = Delivery.attempts >= (0 if is_final else rules.max_attempts(sent.kind))
    states = await session.scalars(
        _update_deliveries(sent)
        .values(
            state=case((is_dead, DeliveryState.DEAD), else_=DeliveryState.PENDING),
            next_at=case((is_dead, None), else_=at + wait),
            last_error=_describe(answer),
        )
        .returning(Delivery.state)
    )
    has_dead = DeliveryState.DEAD in set(states)
    if health.told_at is None and (has_dead or health.broken_at is not None):
        health.told_at = at
        await _tell_administrators(session, sent.channel_id, health, now)


async def _tell_administrators(session: AsyncSession, channel_id: UUID, health: ChannelHealth, now: datetime) -> None:
    """Once, until the channel works again; under the bell only, for the channel itself is in trouble."""
    channel = await session.get_one(Channel, channel_id)
    kind = "delivery.dead" if health.broken_at is None else "channel.failing"
    people = list(await session.scalars(queries.holders_of("channels.manage", now)))
    params = {"channel": channel.name, "problem": health.problem}
    await notify(session, Notice(people, kind, params, "channel", channel_id, is_urgent=True, through_channels=False), now=now)
