"""Timeline entries over HTTP."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from backend.core.schemas import Flag, Ids, In, Line, Name, Out, Text, When
from backend.timeline.rules import MOST_FILES, Direction, FollowUpKind, Outcome

MOST_OTHERS = 20
Minutes = Annotated[int, Field(ge=0, le=1440, strict=True)]


def _no_null(value: str) -> str:
    if "\0" in value:
        raise ValueError("must not contain the character NUL")
    return value


Pasted = Annotated[str, StringConstraints(max_length=20_000), AfterValidator(_no_null)]
"""A text as it came from the clipboard."""


class Actor(Out):
    id: UUID
    name: str


class SubjectRef(Out):
    """The lead, customer or opportunity that an entry belongs to; its name is null where it is out of sight."""

    type: str
    id: UUID
    number: str | None
    name: str | None


class TimelineEntryOut(Out):
    """One thing that happened; `actor` is null where the system or a form did it, `of` where it belongs to the record that was asked for.
    `is_effective` is known of visits, `is_deep` of follow-ups; `corrects` and `corrected_by` are entries of the same record.
    """

    id: UUID
    kind: str
    at: datetime
    recorded_at: datetime
    actor: Actor | None
    outcome: str | None
    is_effective: bool | None
    is_deep: bool | None
    corrects: UUID | None
    corrected_by: UUID | None
    of: SubjectRef | None
    body: dict[str, Any]


class Other(In):
    """Somebody who took part and is no contact of the customer (yet), and whether they have a say in the purchase."""

    name: Name
    is_in_chain: Flag = False


class EntryFile(In):
    """A file that was uploaded, and the kind of document that it becomes."""

    upload_id: UUID
    kind: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


class _WithFiles(In):
    """`files` become documents of the record and are shown with the entry. A correction keeps the files of the entry that it `corrects`, but for
    the documents that `without` names; these stay among the files of the record.
    """

    corrects: UUID | None = None
    files: Annotated[list[EntryFile], Field(max_length=MOST_FILES)] = Field(default_factory=list)
    without: Ids = Field(default_factory=list)


class _FollowUp(_WithFiles):
    """What was done and what came of it. `at` is when, if not now: at most 30 days ago. `contacts` are of the customer; `corrects` is an own
    entry of the same record that this one stands for from now on.
    """

    outcome: Outcome
    note: Text = ""
    at: When | None = None
    contacts: Ids = Field(default_factory=list)
    others: Annotated[list[Other], Field(max_length=MOST_OTHERS)] = Field(default_factory=list)
    next_step: Line | None = None
    next_step_at: When | None = None


class CallLog(_FollowUp):
    kind: Literal[FollowUpKind.CALL]
    direction: Direction | None = None
    duration_minutes: Minutes | None = None


class VisitLog(_FollowUp):
    kind: Literal[FollowUpKind.VISIT]
    place: Line = ""
    duration_minutes: Minutes | None = None


class MeetingLog(_FollowUp):
    """`note` is the text of the minutes."""

    kind: Literal[FollowUpKind.MEETING]
    place: Line = ""
    duration_minutes: Minutes | None = None


class MessageLog(_FollowUp):
    """`chat` is a WeChat conversation as it was pasted; `mine` is the name under which the author speaks in it."""

    kind: Literal[FollowUpKind.MESSAGE]
    chat: Pasted = ""
    mine: Line = ""


class EmailLog(_FollowUp):
    """An e-mail that was written elsewhere."""

    kind: Literal[FollowUpKind.EMAIL]


FollowUpCreate = Annotated[CallLog | VisitLog | MeetingLog | MessageLog | EmailLog, Field(discriminator="kind")]


class NoteCreate(_WithFiles):
    """Something to remember; no follow-up, it moves no clock. `corrects` is an own note of the same record."""

    note: Annotated[Text, Field(min_length=1)]


class ChatPreviewIn(In):
    text: Pasted


class ChatMessage(Out):
    """`who` is null where no speaker was found; `at` where the day is not said, `when` is the moment as it was written."""

    who: str | None
    at: datetime | None
    when: str | None
    text: str


class ChatPreview(Out):
    """How a pasted chat would be kept."""

    messages: list[ChatMessage]
    speakers: list[str]
