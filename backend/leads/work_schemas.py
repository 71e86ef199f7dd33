"""Closing leads, and one action on many of them, over HTTP."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from backend.core.bulk import BulkIds
from backend.core.schemas import In, Line, Name
from backend.leads.rules import DisqualifyReason


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
