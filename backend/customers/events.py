"""What customers tell the rest of the house; the subject is always the customer, so that its events stay in order."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from backend.core.outbox import DomainEvent


@dataclass(frozen=True)
class CustomerCreated(DomainEvent):
    kind: ClassVar[str] = "customer.created"
    owner_id: UUID


@dataclass(frozen=True)
class CustomerChanged(DomainEvent):
    """Fields of the customer or of one of its contacts have new values; `previous_owner_id` when it changed hands, `run_id` when a file
    did it, which tells its people once of all.
    """

    kind: ClassVar[str] = "customer.changed"
    fields: list[str]
    contact_id: UUID | None
    previous_owner_id: UUID | None
    run_id: UUID | None = None


@dataclass(frozen=True)
class CustomerArchived(DomainEvent):
    """Archived, or restored."""

    kind: ClassVar[str] = "customer.archived"
    is_archived: bool
    changed_by: UUID
    reason: str


@dataclass(frozen=True)
class ContactAdded(DomainEvent):
    kind: ClassVar[str] = "contact.added"
    contact_id: UUID


@dataclass(frozen=True)
class CustomerFollowedUp(DomainEvent):
    kind: ClassVar[str] = "customer.followed_up"
    entry_id: UUID


@dataclass(frozen=True)
class ChangeRequested(DomainEvent):
    """Somebody has to decide: a new request, or one that passes to the next superior."""

    kind: ClassVar[str] = "change.requested"
    request_id: UUID
    approver_id: UUID | None


@dataclass(frozen=True)
class ChangeDecided(DomainEvent):
    """Approved, rejected, withdrawn or expired."""

    kind: ClassVar[str] = "change.decided"
    request_id: UUID
    state: str


@dataclass(frozen=True)
class CustomerImported(DomainEvent):
    """A file brought it, with its contacts."""

    kind: ClassVar[str] = "customer.imported"
    subject_id: UUID
    run_id: UUID
    owner_id: UUID


@dataclass(frozen=True)
class ContactImported(DomainEvent):
    """A file brought one more contact of what it had made before."""

    kind: ClassVar[str] = "contact.imported"
    subject_id: UUID
    run_id: UUID
    contact_id: UUID


@dataclass(frozen=True)
class CustomerImportUndone(DomainEvent):
    """An import was taken back: nobody had touched the customer, which is archived."""

    kind: ClassVar[str] = "customer.import_undone"
    subject_id: UUID
    run_id: UUID
