"""What documents tell the rest of the house; the subject is the record that a document hangs on, so that its events stay in order."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID, uuid5

from backend.core.outbox import DomainEvent


@dataclass(frozen=True)
class DocumentAdded(DomainEvent):
    """Somebody filed a document with a record."""

    kind: ClassVar[str] = "document.added"
    subject_type: str
    document_id: UUID
    version_id: UUID
    document_kind: str
    added_by: UUID | None


@dataclass(frozen=True)
class DocumentVersionAdded(DomainEvent):
    kind: ClassVar[str] = "document.version_added"
    subject_type: str
    document_id: UUID
    version_id: UUID
    added_by: UUID | None


@dataclass(frozen=True)
class DocumentChanged(DomainEvent):
    """Its title or kind is another one."""

    kind: ClassVar[str] = "document.changed"
    subject_type: str
    document_id: UUID


@dataclass(frozen=True)
class DocumentWithdrawn(DomainEvent):
    kind: ClassVar[str] = "document.withdrawn"
    subject_type: str
    document_id: UUID


KINDS = UUID("5d0c2f6a-3d5e-5b0e-8a57-0f4b2f6f9c31")


@dataclass(frozen=True)
class DocumentKindChanged(DomainEvent):
    """A sort of document is new, called otherwise, larger, in or out of use, or in another place."""

    kind: ClassVar[str] = "document_kind.changed"
    key: str

    @classmethod
    def of(cls, key: str) -> "DocumentKindChanged":
        return cls(uuid5(KINDS, key), key)
