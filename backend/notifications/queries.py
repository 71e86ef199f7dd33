"""SELECTs of the bell, the channels and the deliveries."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, text, tuple_

from backend.identity.models import Person, PersonRole, RolePermission
from backend.identity.queries import has_access
from backend.notifications import rules
from backend.notifications.models import (
    Channel,
    ChannelHealth,
    ChannelMessage,
    ChannelSecret,
    Delivery,
    LiveCursor,
    Notification,
)
from backend.notifications.rules import ChannelKind, DeliveryState

MOST_COUNTED = 1000
Place = tuple[datetime, UUID]


def notifications(person_id: UUID, unread_only: bool, after: Place | None, limit: int) -> Select[Notification]:
    """Newest first; one row more than the page."""
    query = select(Notification).where(Notification.person_id == person_id)
    if unread_only:
        query = query.where(Notification.read_at.is_(None))
    if after is not None:
        query = query.where(tuple_(Notification.created_at, Notification.id) < after)
    return query.order_by(Notification.created_at.desc(), Notification.id.desc()).limit(limit + 1)


def unread_count(person_id: UUID) -> Select[int]:
    """Stops counting at a thousand."""
    unread = select(Notification.id).where(Notification.person_id == person_id, Notification.read_at.is_(None)).limit(MOST_COUNTED)
    return select(func.count()).select_from(unread.subquery())


def told(person_id: UUID, subject_type: str, subject_id: UUID, param: str, since: datetime) -> Select[bool]:
    """Entries about a subject that carry this param."""
    entry = Notification
    about = and_(entry.subject_type == subject_type, entry.subject_id == subject_id)
    return select(exists().where(entry.person_id == person_id, entry.created_at >= since, about, entry.params.has_key(param)))


POOL_FEEDS = text("""
select feed, coalesce(c.seq, 0) as seq from unnest(app_pool_regions()) feed left join live_cursor c on c.person_id = feed
""")


def last_seq(person_id: UUID) -> Select[int]:
    return select(LiveCursor.seq).where(LiveCursor.person_id == person_id)


def channels() -> Select[Any]:
    """By name, with health, the person it serves, and whether it has credentials (row security hides those themselves)."""
    return (
        select(Channel, ChannelHealth, Person, func.channel_has_secret(Channel.id).label("has_credentials"))
        .outerjoin(ChannelHealth, ChannelHealth.channel_id == Channel.id)
        .outerjoin(Person, Person.id == Channel.person_id)
        .order_by(Channel.name)
        .limit(500)
    )


def deliveries(state: DeliveryState | None, after: Place | None, limit: int) -> Select[Delivery, str, str]:
    """Newest first with the names of channel and person; one row more than the page."""
    query = _deliveries()
    if state is not None:
        query = query.where(Delivery.state == state)
    if after is not None:
        query = query.where(tuple_(Delivery.created_at, Delivery.id) < after)
    return query.order_by(Delivery.created_at.desc(), Delivery.id.desc()).limit(limit + 1)


def delivery(delivery_id: UUID) -> Select[Delivery, str, str]:
    return _deliveries().where(Delivery.id == delivery_id)


def _deliveries() -> Select[Delivery, str, str]:
    return (
        select(Delivery, Channel.name, Person.name)
        .join(Channel, Channel.id == Delivery.channel_id)
        .join(Person, Person.id == Delivery.person_id)
    )


def is_due(now: datetime) -> ColumnElement[bool]:
    """Waiting, and its next try has come."""
    return and_(Delivery.state == DeliveryState.PENDING, or_(Delivery.next_at.is_(None), Delivery.next_at <= now))


def is_open(now: datetime) -> ColumnElement[bool]:
    """The channel is on, in order and not waiting out a block."""
    return and_(
        Channel.is_active,
        ChannelHealth.broken_at.is_(None),
        or_(ChannelHealth.blocked_until.is_(None), ChannelHealth.blocked_until <= now),
    )


def channels_with_work(now: datetime) -> Select[UUID]:
    """Open channels that something waits for."""
    return (
        select(Channel.id)
        .outerjoin(ChannelHealth, ChannelHealth.channel_id == Channel.id)
        .where(is_open(now), exists().where(Delivery.channel_id == Channel.id, is_due(now)))
    )


def open_channel(channel_id: UUID, now: datetime) -> Select[Channel, ChannelSecret | None]:
    """The channel, held against other senders; none when somebody else holds it, it is not open, or a robot has no credentials."""
    return (
        select(Channel, ChannelSecret)
        .outerjoin(ChannelSecret, ChannelSecret.channel_id == Channel.id)
        .outerjoin(ChannelHealth, ChannelHealth.channel_id == Channel.id)
        .where(Channel.id == channel_id, is_open(now), or_(Channel.kind == ChannelKind.EMAIL, ChannelSecret.channel_id.is_not(None)))
        .with_for_update(of=Channel, key_share=True, skip_locked=True)
    )


def abandoned(now: datetime) -> Select[UUID, datetime, str]:
    """Messages whose sender never came back, with the kind of their channel; locked."""
    kind: Any = Channel.kind
    ended = or_(*(and_(kind == one.value, ChannelMessage.started_at <= now - rules.lease(one)) for one in ChannelKind))
    return (
        select(ChannelMessage.id, ChannelMessage.started_at, kind)
        .join(Channel, Channel.id == ChannelMessage.channel_id)
        .where(ChannelMessage.finished_at.is_(None), ChannelMessage.started_at <= now - rules.LEASE, ended)
        .limit(100)
        .with_for_update(of=ChannelMessage, skip_locked=True)
    )


def recent_messages(channel_id: UUID, now: datetime) -> Select[int, datetime | None]:
    """How many messages may still count in the vendor's minute, and when the last one began.

    A message arrived at the latest when its answer came (or its lease ended), so the window reaches back from there.
    """
    message = ChannelMessage
    counted = or_(message.finished_at.is_(None), message.finished_at > now - rules.WINDOW)
    return select(func.count(), func.max(message.started_at)).where(
        message.channel_id == channel_id, message.started_at > now - rules.WINDOW - rules.LEASE, counted
    )


def waiting(channel_id: UUID, now: datetime, limit: int) -> Select[Any]:
    """What goes next, urgent first, with what its message needs; locked."""
    return (
        select(Delivery, Notification.params, Notification.subject_id, Person.name, Person.dingtalk_mobile, Person.email, Person.locale)
        .join(Notification, Notification.id == Delivery.notification_id)
        .join(Person, Person.id == Delivery.person_id)
        .where(Delivery.channel_id == channel_id, is_due(now))
        .order_by(Delivery.is_urgent.desc(), Delivery.created_at, Delivery.id)
        .limit(limit)
        .with_for_update(of=Delivery, skip_locked=True)
    )


def holders_of(permission: str, now: datetime) -> Select[UUID]:
    """People with access whose roles carry a permission."""
    return (
        select(Person.id)
        .where(
            has_access(Person, now),
            exists().where(
                PersonRole.person_id == Person.id,
                PersonRole.is_active,
                RolePermission.role_code == PersonRole.role_code,
                RolePermission.permission == permission,
                RolePermission.is_active,
            ),
        )
        .order_by(Person.id)
    )
