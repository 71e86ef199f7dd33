"""Duplicates and merges over HTTP."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from backend.core.schemas import In, Line, Name, Out
from backend.identity.schemas import PersonRef

SubjectType = Literal["customer", "lead"]
Match = Literal["credit_code", "phone", "email", "name"]


class RecordRef(Out):
    """A record that the asker may open."""

    id: UUID
    number: str
    name: str
    contact_name: str
    state: str


class DuplicateHit(Out):
    """A record of what is probably the same firm. `record` is null where the asker may not see it: then `owner` says whom to ask, and no more is told."""

    subject_type: SubjectType
    rating: int
    matches: list[Match]
    owner: PersonRef | None
    record: RecordRef | None


class DuplicateHits(Out):
    items: list[DuplicateHit]


class DuplicateCheck(In):
    """What is known of a firm so far; `except_id` is the record that is being edited."""

    company: Line = ""
    phone: Line | None = None
    email: Line | None = None
    credit_code: Line | None = None
    except_id: UUID | None = None


class MergeCreate(In):
    """The record `loser_id` becomes part of this one; `take` names the fields whose values come from it."""

    loser_id: UUID
    take: Annotated[list[Name], Field(max_length=40)] = []
    reason: Name


class MergeOut(Out):
    """A merge as each of its two records shows it; `can_undo` within 30 days, for those who may merge."""

    id: UUID
    survivor: RecordRef
    loser: RecordRef
    reason: str
    taken: list[str]
    merged_at: datetime
    merged_by: PersonRef
    undone_at: datetime | None
    can_undo: bool


class Merges(Out):
    items: list[MergeOut]
