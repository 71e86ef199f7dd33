"""E-mail over HTTP."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from backend.core.schemas import In, Line, Out, Text, no_control
from backend.correspondence.rules import MOST_FILES, MOST_RECIPIENTS, EmailAction, EmailDirection, EmailReason, EmailState
from backend.documents.rules import OTHER, Family
from backend.documents.schemas import KindKey, Subject
from backend.duplicates.keys import email_key
from backend.identity.schemas import PersonRef
from backend.integrations.smtp.wire import is_address


def _one_line(value: str) -> str:
    if any(ord(character) < 32 or ord(character) == 127 for character in value):
        raise ValueError("must be one line without control characters")
    return value


def _address(value: str) -> str:
    if email_key(value) is None or not value.isascii() or not is_address(value):
        raise ValueError("must be an e-mail address")
    return value


MailSubject = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300), AfterValidator(_one_line)]
MailName = Annotated[Line, AfterValidator(_one_line)]
MailAddressIn = Annotated[str, StringConstraints(strip_whitespace=True, max_length=254), AfterValidator(_address)]
MailText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50_000), AfterValidator(no_control)]
DiscardReason = Annotated[Text, Field(min_length=1, max_length=500)]


class MailRecipient(In):
    """Somebody whom a letter is for."""

    address: MailAddressIn
    name: MailName = ""


class EmailFileIn(In):
    """A version of a document that belongs to the record's page, or an upload of one's own, which becomes a document of the record."""

    version_id: UUID | None = None
    upload_id: UUID | None = None
    kind: KindKey = OTHER

    @model_validator(mode="after")
    def _one(self) -> "EmailFileIn":
        if (self.version_id is None) == (self.upload_id is None):
            raise ValueError("name either a version of a document or an upload")
        return self


class EmailCreate(In):
    """A letter to people of a record. `reply_to` is a letter on the record's page that this one answers."""

    subject_type: Subject
    subject_id: UUID
    to: Annotated[list[MailRecipient], Field(min_length=1, max_length=MOST_RECIPIENTS)]
    cc: Annotated[list[MailRecipient], Field(max_length=MOST_RECIPIENTS)] = Field(default_factory=list)
    subject: MailSubject
    text: MailText
    attachments: Annotated[list[EmailFileIn], Field(max_length=MOST_FILES)] = Field(default_factory=list)
    reply_to: UUID | None = None


class EmailFiling(In):
    """The record that an e-mail belongs to; all of its thread that lie in the tray follow."""

    subject_type: Subject
    subject_id: UUID


class EmailDiscard(In):
    reason: DiscardReason


class DropboxRenewal(In):
    """The record that gets a new address; the one before no longer counts."""

    subject_type: Subject
    subject_id: UUID


class MailPerson(Out):
    address: str
    name: str


class EmailFileOut(Out):
    """A file of a letter; `is_inline` is a picture inside the text, `refused` says why nobody should open it, `document_id` is its document;
    `may_be_shown` where a browser shows or plays it.
    """

    id: UUID
    name: str
    media_type: str
    family: Family
    size: int
    is_inline: bool
    refused: str | None
    document_id: UUID | None
    may_be_shown: bool


class EmailCard(Out):
    """A letter as lists show it. `at` is when it came in or was written here; `person` wrote it here, or had it sent to their own address;
    `contact` is the contact on the other side, where it is known; `of` names the record that it lies with where a page shows another one.
    """

    id: UUID
    thread_id: UUID
    direction: EmailDirection
    state: EmailState
    reason: EmailReason | None
    detail: str | None
    sender: MailPerson
    to: list[MailPerson]
    cc: list[MailPerson]
    subject: str
    excerpt: str
    files: int
    at: datetime
    person: PersonRef | None
    contact: PersonRef | None
    subject_type: str | None
    subject_id: UUID | None
    of: str | None
    version: int


class EmailDeliveryOut(Out):
    """How far a letter of ours is: tries so far, when the next one is, and what the last one was told."""

    attempts: int
    next_at: datetime | None
    last_error: str | None


class EmailOut(EmailCard):
    """A letter with its whole text (plain; HTML is turned into it; `is_cut` where it was longer than we keep), and what one may do with it.
    `answer_to` is whom an answer is for where that is not the sender: who else is named for it, or wrote what a colleague passed on.
    """

    message_id: str
    answer_to: list[MailPerson]
    text: str
    is_cut: bool
    sent_at: datetime | None
    received_at: datetime | None
    filed_by: PersonRef | None
    filed_at: datetime | None
    has_source: bool
    delivery: EmailDeliveryOut | None
    attachments: list[EmailFileOut]
    actions: list[EmailAction]


class EmailThread(Out):
    """The letters of a conversation that one may see, the oldest first."""

    thread_id: UUID
    items: list[EmailOut]


class TraySummary(Out):
    """How many wait in the sorting tray, counted up to 1000."""

    sorting: int


class DropboxOut(Out):
    """Where letters can be sent to be filed; null while nobody has asked for an address, or the installation has no drop-box."""

    address: str | None
    created_at: datetime | None
    is_configured: bool


class Mailing(Out):
    """What e-mail can do here, and for whom: the address that letters come from, and how many one may still send today."""

    can_send: bool
    can_receive: bool
    from_address: str | None
    left_today: int
    most_attached_bytes: int
    may_sort: bool
