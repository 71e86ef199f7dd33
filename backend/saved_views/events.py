"""What saved views tell the rest of the house."""

from dataclasses import dataclass
from typing import ClassVar

from backend.core.outbox import DomainEvent


@dataclass(frozen=True)
class ViewChanged(DomainEvent):
    """A view was made, changed or removed."""

    kind: ClassVar[str] = "saved_view.changed"
