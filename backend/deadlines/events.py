"""What deadlines tell the rest of the house."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID, uuid5

from backend.core.outbox import DomainEvent

SETTINGS = UUID("0f6f5b0c-6f0e-5a53-9d0b-3c2f1b7c5e10")


@dataclass(frozen=True)
class DeadlineFired(DomainEvent):
    """A rung of `ladder` fell due for a subject; `who` is to be asked now."""

    kind: ClassVar[str] = "deadline.fired"
    subject_type: str
    ladder: str
    rung: str
    base_at: datetime
    due_at: datetime
    who: str
    is_urgent: bool


@dataclass(frozen=True)
class CalendarChanged(DomainEvent):
    """Working days or hours changed: due dates in working time move."""

    kind: ClassVar[str] = "calendar.changed"
    subject_id: UUID = SETTINGS


@dataclass(frozen=True)
class LadderChanged(DomainEvent):
    """The rungs of a ladder changed: its pending due dates move."""

    kind: ClassVar[str] = "ladder.changed"
    ladder: str

    @classmethod
    def of(cls, ladder: str) -> "LadderChanged":
        return cls(uuid5(SETTINGS, ladder), ladder)


@dataclass(frozen=True)
class DailyChanged(DomainEvent):
    """What goes out on each working day does so at another hour, or not at all."""

    kind: ClassVar[str] = "daily.changed"
    daily: str

    @classmethod
    def of(cls, daily: str) -> "DailyChanged":
        return cls(uuid5(SETTINGS, daily), daily)
