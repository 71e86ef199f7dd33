"""E-mails in and out, their files, the addresses by which they come, and how far a mailbox has been read."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, Keyed, Moment
from backend.core.locking import Versioned
from backend.correspondence.rules import EmailDirection, EmailState
from backend.documents.rules import Family, may_be_shown

NEWEST = (text("at desc"), text("id desc"))


def _one_of(column: str, values: type[EmailState | EmailDirection]) -> str:
    return f"{column} in ({', '.join(repr(value.value) for value in values)})"


class EmailMessage(Keyed, Versioned, Base):
    """One letter. What was written never changes (a trigger holds to it); where it lies and what became of it does.

    `answer_to` is whom an answer is for where that is not who sent it. `at` is when it came in or was written here; `person_id` is who wrote it here, or by whose own drop-box address it came.
    """

    __tablename__ = "email_message"
    __table_args__ = (
        CheckConstraint(_one_of("direction", EmailDirection), name="direction"),
        CheckConstraint(_one_of("state", EmailState), name="state"),
        CheckConstraint(
            "state not in ('pending', 'sent', 'failed') or (direction = 'out' and person_id is not null)", name="ours_has_sender"
        ),
        CheckConstraint("state not in ('pending', 'sent', 'failed', 'filed') or subject_id is not null", name="filed_has_record"),
        CheckConstraint("state not in ('sorting', 'discarded') or subject_id is null", name="tray_has_no_record"),
        CheckConstraint("(subject_id is null) = (subject_type is null)", name="record_has_type"),
        Index("ix_email_message_subject", "subject_id", *NEWEST, postgresql_where=text("subject_id is not null")),
        Index("ix_email_message_thread", "thread_id", "at", "id"),
        Index("ix_email_message_tray", "state", *NEWEST, postgresql_where=text("subject_id is null")),
        Index(
            "ix_email_message_own_tray",
            "person_id",
            "state",
            *NEWEST,
            postgresql_where=text("subject_id is null and person_id is not null"),
        ),
        Index("ix_email_message_references", "references_ids", postgresql_using="gin"),
        Index("ix_email_message_sender", "from_address", "at", postgresql_where=text("received_at is not null")),
        Index("ix_email_message_written", "person_id", "at", postgresql_where=text("received_at is null")),
        Index("ix_email_message_raw", "raw_sha256", postgresql_where=text("raw_sha256 is not null")),
    )
    direction: Mapped[str]
    state: Mapped[str]
    reason: Mapped[str | None]
    detail: Mapped[str | None]
    message_id: Mapped[str] = mapped_column(unique=True)
    thread_id: Mapped[UUID]
    in_reply_to: Mapped[str | None]
    references_ids: Mapped[list[str]] = mapped_column(ARRAY(String))
    from_address: Mapped[str]
    from_name: Mapped[str]
    to_people: Mapped[list[dict[str, Any]]]
    cc_people: Mapped[list[dict[str, Any]]]
    answer_to: Mapped[list[dict[str, Any]]] = mapped_column(server_default=text("'[]'"))
    subject: Mapped[str]
    excerpt: Mapped[str]
    text: Mapped[str]
    is_cut: Mapped[bool]
    files: Mapped[int]
    raw_sha256: Mapped[str | None]
    raw_size: Mapped[int | None] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    received_at: Mapped[datetime | None] = mapped_column(Moment)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    contact_id: Mapped[UUID | None] = mapped_column(ForeignKey("contact.id"))
    subject_type: Mapped[str | None]
    subject_id: Mapped[UUID | None]
    filed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    filed_at: Mapped[datetime | None] = mapped_column(Moment)


class EmailFile(Keyed, Base):
    """A file that came or goes with a letter; `document_id` where it is also a document of the record, `refused` where nobody should open it."""

    __tablename__ = "email_file"
    __table_args__ = (
        Index("ix_email_file_email", "email_id", "place"),
        Index("ix_email_file_sha256", "sha256"),
    )
    email_id: Mapped[UUID] = mapped_column(ForeignKey("email_message.id"))
    place: Mapped[int]
    name: Mapped[str]
    media_type: Mapped[str]
    family: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str]
    is_inline: Mapped[bool]
    refused: Mapped[str | None]
    document_id: Mapped[UUID | None] = mapped_column(ForeignKey("document.id"))

    @property
    def may_be_shown(self) -> bool:
        return may_be_shown(self.media_type, Family(self.family))


class EmailDelivery(Base):
    """How far a letter of ours is on its way, in real time; without a `next_at` it goes at once. `taken` are the recipients whom the server has accepted already."""

    __tablename__ = "email_delivery"
    __table_args__ = (Index("ix_email_delivery_due", "next_at", postgresql_where=text("is_open")),)
    email_id: Mapped[UUID] = mapped_column(ForeignKey("email_message.id"), primary_key=True)
    is_open: Mapped[bool] = mapped_column(server_default=text("true"))
    attempts: Mapped[int] = mapped_column(server_default="0")
    next_at: Mapped[datetime | None] = mapped_column(Moment)
    leased_until: Mapped[datetime | None] = mapped_column(Moment)
    last_error: Mapped[str | None]
    taken: Mapped[list[str]] = mapped_column(ARRAY(String), server_default=text("'{}'"))


class DropboxAddress(Keyed, Base):
    """A token of the drop-box: of one person, or of one record. A new one ends the one before."""

    __tablename__ = "dropbox_address"
    __table_args__ = (
        CheckConstraint("(person_id is null) <> (subject_id is null)", name="of_one"),
        CheckConstraint("(subject_id is null) = (subject_type is null)", name="record_has_type"),
        Index("uq_dropbox_address_person", "person_id", unique=True, postgresql_where=text("revoked_at is null and person_id is not null")),
        Index(
            "uq_dropbox_address_subject", "subject_id", unique=True, postgresql_where=text("revoked_at is null and subject_id is not null")
        ),
    )
    token: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    subject_type: Mapped[str | None]
    subject_id: Mapped[UUID | None]
    created_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)


class Mailbox(Base):
    """How far a folder of a mail server has been read; its numbers mean nothing under another `uid_validity`."""

    __tablename__ = "mailbox"
    name: Mapped[str] = mapped_column(primary_key=True)
    uid_validity: Mapped[int] = mapped_column(BigInteger)
    last_uid: Mapped[int] = mapped_column(BigInteger)
    looked_at: Mapped[datetime] = mapped_column(Moment)
