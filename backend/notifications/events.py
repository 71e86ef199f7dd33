"""What notifications tell the rest of the house."""

from dataclasses import dataclass
from typing import ClassVar

from backend.core.outbox import DomainEvent


@dataclass(frozen=True)
class ChannelChanged(DomainEvent):
    """A channel was created, changed or tested; `fields` names what."""

    kind: ClassVar[str] = "channel.changed"
    fields: list[str]
