"""Customers over HTTP and in live events."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, model_validator

from backend.core.schemas import Flag, In, Line, Name, Out, Text
from backend.customers.rules import ContactRole, CustomerAction, CustomerState, RequestState, Verdict
from backend.identity.schemas import PersonRef, RegionRef

Tags = Annotated[list[Name], Field(max_length=30)]


class CustomerRef(Out):
    """A customer by name."""

    id: UUID
    number: str
    name: str


class CustomerCard(Out):
    """A customer as lists, Today and live events show it."""

    id: UUID
    number: str
    name: str
    credit_code: str | None
    province: str | None
    city: str | None
    industry: str | None
    source: str
    is_key: bool
    lacks_backup: bool
    state: CustomerState
    owner: PersonRef
    backup_owner: PersonRef | None
    region: RegionRef | None
    tags: list[str]
    contact: str | None
    phone: str | None
    created_at: datetime
    last_activity_at: datetime
    next_step: str | None
    next_step_at: datetime | None
    version: int


class Industries(Out):
    items: list[str]


class ContactOut(Out):
    id: UUID
    customer_id: UUID
    name: str
    title: str | None
    role: ContactRole
    phone: str | None
    email: str | None
    wechat: str | None
    is_primary: bool
    is_active: bool
    notes: str | None
    version: int


class Change(Out):
    """One field: what it was when the change was asked for, and what it is to be; names where the value is an id."""

    field: str
    old: Any
    new: Any
    old_name: str | None
    new_name: str | None


class ChangeRequestOut(Out):
    """HAND-1: a change that waits for the owner's superior, or what became of it."""

    id: UUID
    customer: CustomerRef | None
    subject_type: Literal["customer", "contact"]
    subject_id: UUID
    subject_name: str | None
    changes: list[Change]
    reason: str
    state: RequestState
    requested_by: PersonRef
    requested_at: datetime
    approver: PersonRef | None
    decided_by: PersonRef | None
    decided_at: datetime | None
    comment: str | None
    moved: list[str]
    """Fields that have changed since: it can no longer be approved as it stands."""
    can_decide: bool
    can_withdraw: bool


class CustomerOut(CustomerCard):
    address: str | None
    website: str | None
    payment_terms: str | None
    notes: str | None
    custom: dict[str, Any]
    created_by: PersonRef | None
    archived_at: datetime | None
    archived_by: PersonRef | None
    archive_reason: str | None
    merged_into_id: UUID | None
    parent: CustomerRef | None
    children: list[CustomerRef]
    contacts: list[ContactOut]
    pending: list[ChangeRequestOut]
    actions: list[CustomerAction]


class ContactFields(In):
    name: Name
    title: Line | None = None
    role: ContactRole
    phone: Line | None = None
    email: Line | None = None
    wechat: Line | None = None
    notes: Text | None = None


class CustomerCreate(In):
    """A new customer of its author; without a region, its place names it, and then the owner's own."""

    name: Name
    credit_code: Line | None = None
    parent_id: UUID | None = None
    region_id: UUID | None = None
    province: Line | None = None
    city: Line | None = None
    address: Line | None = None
    industry: Line | None = None
    website: Line | None = None
    payment_terms: Line | None = None
    source: Name = "manual"
    is_key: Flag = False
    backup_owner_id: UUID | None = None
    tags: Tags = []
    notes: Text | None = None
    contacts: Annotated[list[ContactFields], Field(max_length=20)] = []


class _Patch(In):
    """Only what is sent is changed; what is protected becomes a change request, which needs a reason."""

    reason: Line = ""

    def wanted(self) -> dict[str, Any]:
        return self.model_dump(mode="json", exclude_unset=True, exclude={"reason"})


def _refuse_null(body: _Patch, *fields: str) -> None:
    for field in fields:
        if field in body.model_fields_set and getattr(body, field) is None:
            raise ValueError(f"{field} must not be null; leave it out to keep it")


class CustomerPatch(_Patch):
    """Notes and tags change at once; everything else waits for the owner's superior."""

    name: Name | None = None
    credit_code: Line | None = None
    parent_id: UUID | None = None
    region_id: UUID | None = None
    province: Line | None = None
    city: Line | None = None
    address: Line | None = None
    industry: Line | None = None
    website: Line | None = None
    payment_terms: Line | None = None
    source: Name | None = None
    is_key: Flag | None = None
    owner_id: UUID | None = None
    backup_owner_id: UUID | None = None
    tags: Tags | None = None
    notes: Text | None = None

    @model_validator(mode="after")
    def refuse_null_where_a_value_is_needed(self) -> "CustomerPatch":
        _refuse_null(self, "name", "source", "is_key", "owner_id", "tags")
        return self


class ContactPatch(_Patch):
    """Notes change at once; everything else waits for the superior of the customer's owner."""

    name: Name | None = None
    title: Line | None = None
    role: ContactRole | None = None
    phone: Line | None = None
    email: Line | None = None
    wechat: Line | None = None
    is_primary: Literal[True] | None = None
    is_active: Flag | None = None
    notes: Text | None = None

    @model_validator(mode="after")
    def refuse_null_where_a_value_is_needed(self) -> "ContactPatch":
        _refuse_null(self, "name", "role", "is_primary", "is_active")
        return self


class CustomerChangeOut(Out):
    """The customer as it now stands, and the request for what has to be approved first."""

    customer: CustomerOut
    change_request: ChangeRequestOut | None


class ContactChangeOut(Out):
    contact: ContactOut
    change_request: ChangeRequestOut | None


class Archiving(In):
    reason: Name


class Decision(In):
    """A rejection says why."""

    verdict: Verdict
    comment: Line = ""

    @model_validator(mode="after")
    def say_why_when_rejecting(self) -> "Decision":
        if self.verdict is Verdict.REJECT and not self.comment:
            raise ValueError("a rejection needs a comment: say why")
        return self
