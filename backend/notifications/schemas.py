"""Notifications, channels and deliveries over HTTP."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import StringConstraints

from backend.core.schemas import Flag, In, Line, Name, Out
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


class ChannelFields(In):
    """A robot that serves a region and those below it, one person, or (with neither) the whole company."""

    name: Name
    region_id: UUID | None = None
    person_id: UUID | None = None
    keyword: Line = ""
    is_active: Flag = True


class ChannelPatch(In):
    """Only the fields that are sent."""

    name: Name | None = None
    region_id: UUID | None = None
    person_id: UUID | None = None
    keyword: Line | None = None
    is_active: Flag | None = None


class Credentials(In):
    """The token in the robot's address, and its signing secret where it demands signatures; never shown again."""

    access_token: Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z0-9_-]{8,200}$")]
    secret: Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[!-~]{8,200}$")] | None = None


class Channel(Out):
    """A channel without its credentials; `problem` says what keeps it from working."""

    id: UUID
    kind: ChannelKind
    name: str
    is_active: bool
    region_id: UUID | None
    person: PersonRef | None
    keyword: str
    has_credentials: bool
    version: int
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
