"""Leads over HTTP and in live events."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from backend.core.schemas import Amount, Currency, Flag, In, Line, Name, Out, Text
from backend.customers.rules import ContactRole
from backend.customers.schemas import CustomerRef
from backend.identity.schemas import PersonRef, RegionRef
from backend.leads.rules import Action, LeadState


class LeadCard(Out):
    """A lead as lists, Today and live events show it."""

    id: UUID
    number: str
    company: str
    contact_name: str
    phone: str | None
    province: str | None
    city: str | None
    source: str
    product_line: str | None
    is_test: bool
    state: LeadState
    owner: PersonRef | None
    region: RegionRef | None
    received_at: datetime
    assigned_at: datetime | None
    first_follow_up_at: datetime | None
    follow_up_due_at: datetime | None
    returns_to_pool_at: datetime | None
    escalation_level: int
    last_activity_at: datetime
    next_step: str | None
    next_step_at: datetime | None
    expected_amount: Decimal | None
    currency: str
    version: int


class Reason(Out):
    """Why somebody got the lead; `code` is stable, `params` fill the sentence."""

    code: str
    params: dict[str, Any]


class Assignment(Out):
    reason: Reason
    latency_ms: int | None
    assigned_at: datetime


class ScriptOut(Out):
    """首次联系话术, filled in for this lead."""

    id: UUID
    title: str
    body: str


class FormRef(Out):
    """The form that a lead came from, by its name at that time."""

    id: UUID
    name: str


class LeadOut(LeadCard):
    email: str | None
    wechat: str | None
    campaign: str | None
    language: str | None
    need: str | None
    custom: dict[str, Any]
    backup_owner: PersonRef | None
    escalated_to: PersonRef | None
    last_follow_up_at: datetime | None
    reclaimed_at: datetime | None
    protected_at: datetime | None
    protected_reason: str | None
    disqualified_at: datetime | None
    disqualified_reason: str | None
    assignment: Assignment | None
    script: ScriptOut | None
    actions: list[Action]
    form: FormRef | None
    created_by: PersonRef | None
    merged_into_id: UUID | None
    customer: CustomerRef | None


class Conversion(In):
    """The customer that the lead belongs to (`customer_id`), or what a new one is called; what is left out the lead says itself."""

    customer_id: UUID | None = None
    name: Line = ""
    credit_code: Line | None = None
    industry: Line | None = None
    contact_name: Line = ""
    contact_title: Line | None = None
    contact_role: ContactRole = ContactRole.PURCHASER


class CustomerLeads(Out):
    """The leads that belong to a customer, newest first."""

    items: list[LeadCard]


class LeadCreate(In):
    """Manual quick entry; at least one of phone, email and wechat, and one of company and contact_name."""

    company: Line = ""
    contact_name: Line = ""
    phone: Line | None = None
    email: Line | None = None
    wechat: Line | None = None
    province: Line | None = None
    city: Line | None = None
    source: Name = "manual"
    campaign: Line | None = None
    product_line: Line | None = None
    language: Line | None = None
    need: Text | None = None
    expected_amount: Amount | None = None
    currency: Currency = "CNY"
    assign_to_me: Flag = False


class TakeOver(In):
    reason: Line = ""


class Reassignment(In):
    person_id: UUID
    reason: Name


class CandidateOut(Out):
    """Somebody who could get the lead."""

    person: PersonRef
    region: RegionRef | None
    open_leads: int
    is_present: bool


class Candidates(Out):
    items: list[CandidateOut]


Template = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000)]


class ScriptFields(In):
    """A script; an empty source or product line fits all."""

    title: Name
    body: Template
    source: Line | None = None
    product_line: Line | None = None
    is_active: Flag = True


class ScriptPatch(In):
    """Only the fields that are sent."""

    title: Name | None = None
    body: Template | None = None
    source: Line | None = None
    product_line: Line | None = None
    is_active: Flag | None = None

    @model_validator(mode="after")
    def refuse_null_where_a_value_is_needed(self) -> "ScriptPatch":
        for field in ("title", "body", "is_active"):
            if field in self.model_fields_set and getattr(self, field) is None:
                raise ValueError(f"{field} must not be null; leave it out to keep it")
        return self


class ScriptTemplateOut(Out):
    id: UUID
    title: str
    body: str
    source: str | None
    product_line: str | None
    is_active: bool
    sort: int
    version: int


class ScriptTemplates(Out):
    """In their order; `variables` may stand in a body as `{company}`."""

    items: list[ScriptTemplateOut]
    variables: list[str]


class ScriptOrder(In):
    ids: Annotated[list[UUID], Field(max_length=500)]


class ScriptTrial(In):
    body: Template
    lead_id: UUID


class ScriptPreview(Out):
    """The text for the lead; `unknown` variables stay as they are written."""

    body: str
    unknown: list[str]
