"""What e-mail tells the rest of the house; the subject is the letter, so that its events stay in order."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from backend.core.outbox import DomainEvent


@dataclass(frozen=True)
class EmailWritten(DomainEvent):
    """Somebody wrote a letter, or has it tried again; it waits for the mail server."""

    kind: ClassVar[str] = "email.written"
    subject_type: str
    record_id: UUID


@dataclass(frozen=True)
class EmailSent(DomainEvent):
    """The mail server took it, for all or some of its recipients."""

    kind: ClassVar[str] = "email.sent"
    subject_type: str
    record_id: UUID
    sent_at: datetime


@dataclass(frozen=True)
class EmailFailed(DomainEvent):
    """It was refused, given up, or came back."""

    kind: ClassVar[str] = "email.failed"
    subject_type: str
    record_id: UUID
    reason: str
    detail: str


@dataclass(frozen=True)
class EmailReceived(DomainEvent):
    """A letter came in and nobody knows yet where it belongs, or a machine wrote it."""

    kind: ClassVar[str] = "email.received"
    state: str


@dataclass(frozen=True)
class EmailFiled(DomainEvent):
    """A letter belongs to a record now; `by` is the person who said so, `former_id` the record that it lay with before."""

    kind: ClassVar[str] = "email.filed"
    subject_type: str
    record_id: UUID
    by: UUID | None
    former_type: str | None
    former_id: UUID | None


@dataclass(frozen=True)
class EmailTakenOut(DomainEvent):
    """A letter lay with the wrong record; it waits in the tray again."""

    kind: ClassVar[str] = "email.taken_out"
    former_type: str
    former_id: UUID
    by: UUID


@dataclass(frozen=True)
class EmailSorted(DomainEvent):
    """Somebody put a letter aside, or took it back into the tray."""

    kind: ClassVar[str] = "email.sorted"
    state: str
    by: UUID


@dataclass(frozen=True)
class DropboxRenewed(DomainEvent):
    """A person or a record has a new drop-box address."""

    kind: ClassVar[str] = "dropbox.renewed"


@dataclass(frozen=True)
class RecordCorresponded(DomainEvent):
    """A letter of or to the people of a record went or came; the subject is the record."""

    kind: ClassVar[str] = "record.corresponded"
    subject_type: str
    message_id: UUID
    direction: str
