"""One action on many customers over HTTP."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from backend.core.bulk import BulkIds
from backend.core.schemas import In, Name


class CustomersAssign(In):
    """Who is to look after them, or stand in; each waits for the superior of its owner."""

    action: Literal["assign_owner", "assign_backup"]
    person_id: UUID
    reason: Name
    ids: BulkIds


class CustomersArchive(In):
    action: Literal["archive"]
    reason: Name
    ids: BulkIds


CustomersChange = Annotated[CustomersAssign | CustomersArchive, Field(discriminator="action")]
