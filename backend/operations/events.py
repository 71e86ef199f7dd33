"""What is told about looking after the installation."""

from dataclasses import dataclass
from typing import ClassVar

from backend.core.outbox import DomainEvent


@dataclass(frozen=True)
class EventsReplayed(DomainEvent):
    """A person had one dead event, or all of them, tried again."""

    kind: ClassVar[str] = "events.replayed"
    event_id: int | None
    count: int
