"""What contracts tell the rest of the house; the subject is always the contract."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from backend.core.outbox import DomainEvent


@dataclass(frozen=True)
class ContractOpened(DomainEvent):
    """A deal was won: there is something to sign. Also when it is won once more."""

    kind: ClassVar[str] = "contract.opened"
    opportunity_id: UUID


@dataclass(frozen=True)
class ContractChanged(DomainEvent):
    """Facts or milestones have new values."""

    kind: ClassVar[str] = "contract.changed"
    changed_by: UUID | None


@dataclass(frozen=True)
class ContractSigned(DomainEvent):
    kind: ClassVar[str] = "contract.signed"
    opportunity_id: UUID
    signed_on: date
    signed_by: UUID


@dataclass(frozen=True)
class ContractCompleted(DomainEvent):
    """All that was promised has been delivered and accepted."""

    kind: ClassVar[str] = "contract.completed"
    opportunity_id: UUID
    completed_on: date
    completed_by: UUID
