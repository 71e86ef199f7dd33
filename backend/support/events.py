"""What technical support tells the rest of the house; the subject is always the request, so that its events stay in order."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from backend.core.outbox import DomainEvent


@dataclass(frozen=True)
class SupportAsked(DomainEvent):
    """An engineer is asked, in round 1 or again."""

    kind: ClassVar[str] = "support.asked"
    round: int


@dataclass(frozen=True)
class SupportAnswered(DomainEvent):
    """The initial proposal of this round is there."""

    kind: ClassVar[str] = "support.answered"
    round: int
    engineer_id: UUID
    promised_by: UUID
    """Who held it when the promise passed: the one who answered, or whoever handed it over too late."""
    asked_at: datetime
    due_at: datetime | None
    answered_at: datetime


@dataclass(frozen=True)
class SupportMissed(DomainEvent):
    """The promise of this round was not kept."""

    kind: ClassVar[str] = "support.missed"
    round: int


@dataclass(frozen=True)
class SupportClosed(DomainEvent):
    """Accepted or withdrawn."""

    kind: ClassVar[str] = "support.closed"
    state: str
    closed_by: UUID


@dataclass(frozen=True)
class SupportHandedOver(DomainEvent):
    """Another engineer is asked; the promise stays."""

    kind: ClassVar[str] = "support.handed_over"
    from_id: UUID
    to_id: UUID
    handed_by: UUID
