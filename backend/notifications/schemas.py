"""Notifications, channels and deliveries over HTTP."""

from datetime import datetime
from typing import Any
from uuid import UUID

from backend.core.schemas import Out
from backend.identity.schemas import PersonRef
from backend.notifications.rules import ChannelKind, ChannelState, DeliveryState


class Notification(Out):
    """One entry under the bell."""

    id: UUID
    kind: str
    params: dict[str, Any]
    subject_type: str | None
    subject_id: UUID | None
    is_urgent: bool
    created_at: datetime
    read_at: datetime | None


class NotificationSummary(Out):
    """How many are unread, counted up to 1000."""

    unread: int


class Channel(Out):
    """A channel without its credentials; `problem` says what keeps it from working."""

    id: UUID
    kind: ChannelKind
    name: str
    is_active: bool
    region_id: UUID | None
    state: ChannelState
    blocked_until: datetime | None
    problem: str | None


class ChannelList(Out):
    items: list[Channel]


class ChannelRef(Out):
    """A channel by name."""

    id: UUID
    name: str


class Delivery(Out):
    """One notification on its way through one channel."""

    id: UUID
    channel: ChannelRef
    person: PersonRef
    kind: str
    state: DeliveryState
    attempts: int
    created_at: datetime
    next_at: datetime | None
    last_error: str | None
    sent_at: datetime | None
