"""Closing leads, and one action on many of them, over HTTP."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from backend.core.schemas import In, Line, Name, Out
from backend.leads.rules import DisqualifyReason

MOST_AT_ONCE = 200
BulkIds = Annotated[list[UUID], Field(min_length=1, max_length=MOST_AT_ONCE)]


class Disqualification(In):
    """Why a lead will not become business; the reason `other` needs a note."""

    reason: DisqualifyReason
    note: Line = ""


class Reopening(In):
    note: Name


class BulkAssign(In):
    action: Literal["assign"]
    person_id: UUID
    reason: Name
    ids: BulkIds


class BulkClaim(In):
    action: Literal["claim"]
    ids: BulkIds


class BulkDisqualify(Disqualification):
    action: Literal["disqualify"]
    ids: BulkIds


BulkAction = Annotated[BulkAssign | BulkClaim | BulkDisqualify, Field(discriminator="action")]


class BulkRow(Out):
    """What became of one of the leads; `code` says why it was left alone."""

    id: UUID
    status: int
    code: str | None
    detail: str | None


class BulkResult(Out):
    """One row for each lead that was named, in that order."""

    items: list[BulkRow]
    done: int
    refused: int
