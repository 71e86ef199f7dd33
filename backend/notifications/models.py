"""Notifications, the live feed of each person, channels and what was delivered through them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, desc, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, Keyed, Moment
from backend.core.locking import Versioned


class Notification(Keyed, Base):
    """One entry under a person's bell; `kind` and `params` become words where it is shown."""

    __tablename__ = "notification"
    __table_args__ = (
        Index("ix_notification_newest", "person_id", desc("created_at"), desc("id")),
        Index("ix_notification_unread", "person_id", desc("created_at"), desc("id"), postgresql_where=text("read_at is null")),
    )
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]
    params: Mapped[dict[str, Any]]
    subject_type: Mapped[str | None]
    subject_id: Mapped[UUID | None]
    is_urgent: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(Moment)
    read_at: Mapped[datetime | None] = mapped_column(Moment)


class LiveEvent(Base):
    """One event for the open screens of a person, or (by the id of a region) of all who claim from its pool; `seq` counts without gaps in the order of the commits."""

    __tablename__ = "live_event"
    __table_args__ = (Index("ix_live_event_at", "at"),)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    kind: Mapped[str]
    payload: Mapped[dict[str, Any]]
    at: Mapped[datetime] = mapped_column(Moment)


class LiveCursor(Base):
    """The last `seq` given to a feed; its row lock makes the order of the commits the order of the sequence."""

    __tablename__ = "live_cursor"
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)


class Channel(Keyed, Versioned, Base):
    """A way out of the house that serves one person, a region and those below it, or the whole company."""

    __tablename__ = "channel"
    __table_args__ = (
        CheckConstraint("kind in ('dingtalk_robot', 'email')", name="kind"),
        CheckConstraint("region_id is null or person_id is null", name="serves_one"),
    )
    kind: Mapped[str]
    name: Mapped[str] = mapped_column(unique=True)
    is_active: Mapped[bool] = mapped_column(default=True)
    config: Mapped[dict[str, Any]] = mapped_column(default=dict)
    region_id: Mapped[UUID | None] = mapped_column(ForeignKey("region.id"), index=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)


class ChannelSecret(Base):
    """The credentials of a robot: only the sender reads them."""

    __tablename__ = "channel_secret"
    channel_id: Mapped[UUID] = mapped_column(ForeignKey("channel.id"), primary_key=True)
    access_token: Mapped[str]
    secret: Mapped[str | None]


class ChannelHealth(Base):
    """What the sender has learnt about a channel; absent while nothing has gone wrong."""

    __tablename__ = "channel_health"
    channel_id: Mapped[UUID] = mapped_column(ForeignKey("channel.id"), primary_key=True)
    failures: Mapped[int] = mapped_column(server_default="0")
    throttles: Mapped[int] = mapped_column(server_default="0")
    blocked_until: Mapped[datetime | None] = mapped_column(Moment)
    broken_at: Mapped[datetime | None] = mapped_column(Moment)
    problem: Mapped[str | None]
    told_at: Mapped[datetime | None] = mapped_column(Moment)


class ChannelMessage(Keyed, Base):
    """One message handed to a channel: the send log that the vendor's limit is counted by."""

    __tablename__ = "channel_message"
    __table_args__ = (
        Index("ix_channel_message_started", "channel_id", "started_at"),
        Index("ix_channel_message_open", "started_at", postgresql_where=text("finished_at is null")),
    )
    channel_id: Mapped[UUID] = mapped_column(ForeignKey("channel.id"))
    deliveries: Mapped[int]
    body: Mapped[dict[str, Any]]
    started_at: Mapped[datetime] = mapped_column(Moment)
    finished_at: Mapped[datetime | None] = mapped_column(Moment)
    outcome: Mapped[str | None]
    answer: Mapped[str | None]


class Delivery(Keyed, Base):
    """One notification on its way through one channel; several may travel in one message."""

    __tablename__ = "delivery"
    __table_args__ = (
        CheckConstraint("state in ('pending', 'sending', 'sent', 'dead')", name="state"),
        Index("ix_delivery_waiting", "channel_id", desc("is_urgent"), "created_at", "id", postgresql_where=text("state = 'pending'")),
        Index("ix_delivery_message", "message_id", postgresql_where=text("message_id is not null")),
        Index("ix_delivery_newest", desc("created_at"), desc("id")),
        Index("ix_delivery_state_newest", "state", desc("created_at"), desc("id")),
    )
    channel_id: Mapped[UUID] = mapped_column(ForeignKey("channel.id"))
    notification_id: Mapped[UUID] = mapped_column(ForeignKey("notification.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]
    is_urgent: Mapped[bool]
    state: Mapped[str] = mapped_column(server_default="pending")
    attempts: Mapped[int] = mapped_column(server_default="0")
    created_at: Mapped[datetime] = mapped_column(Moment)
    next_at: Mapped[datetime | None] = mapped_column(Moment)
    last_error: Mapped[str | None]
    message_id: Mapped[UUID | None] = mapped_column(ForeignKey("channel_message.id"))
    sent_at: Mapped[datetime | None] = mapped_column(Moment)


class Mail(Base):
    """What a notification says by e-mail, as it was written at that moment: every try sends the same."""

    __tablename__ = "mail"
    notification_id: Mapped[UUID] = mapped_column(ForeignKey("notification.id"), primary_key=True)
    subject: Mapped[str]
    text: Mapped[str]
    html: Mapped[str]
    attachments: Mapped[list[dict[str, Any]]]
    """Each with `file_id`, `name` and `media_type`."""


class DeliveryReplay(Keyed, Base):
    """Somebody asked for a dead delivery to be tried again."""

    __tablename__ = "delivery_replay"
    delivery_id: Mapped[UUID] = mapped_column(ForeignKey("delivery.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)
