"""Contracts over HTTP and in live events; days are those of the company's own clock."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from backend.contracts.rules import MOST_MILESTONES, ContractAction, ContractState, MilestoneState
from backend.core.schemas import Amount, Currency, In, Line, Name, Out, Text, Written
from backend.customers.schemas import CustomerRef
from backend.identity.schemas import PersonRef, RegionRef
from backend.opportunities.schemas import Missing

Day = Annotated[date, Written]


class WonDeal(Out):
    """The opportunity that was won, by name."""

    id: UUID
    number: str
    name: str


class MilestoneOut(Out):
    """A step of the delivery. `delay_days` counts from the day first promised to the one that it was done or will be, today at the earliest."""

    id: UUID
    title: str
    promised_on: date
    due_on: date
    done_on: date | None
    state: MilestoneState
    delay_days: int
    reason: str | None
    """Why it was last put off, taken back or cancelled."""


class ContractCard(Out):
    """A contract as lists, the opportunity's and the customer's page show it; the amount is null for who may not see it."""

    id: UUID
    number: str
    title: str
    reference: str | None
    state: ContractState
    opportunity: WonDeal
    customer: CustomerRef | None
    owner: PersonRef
    backup_owner: PersonRef | None
    region: RegionRef | None
    amount: Decimal | None
    currency: str | None
    opened_at: datetime
    signed_on: date | None
    completed_on: date | None
    milestones: int
    milestones_done: int
    next_milestone: str | None
    next_due_on: date | None
    is_late: bool
    version: int


class ContractOut(ContractCard):
    """With its milestones and what is missing before it is signed or, once it is, completed."""

    note: str | None
    signed_by: PersonRef | None
    delivery: list[MilestoneOut]
    planned: list["PlannedOn"]
    """What would be promised if it were signed today and nothing else is said; empty once it is."""
    missing: list[Missing]
    actions: list[ContractAction]


class PlannedOn(Out):
    title: str
    due_on: date


class OpportunityContract(Out):
    """Null until the deal is won."""

    contract: ContractCard | None


class CustomerContracts(Out):
    """The contracts of a customer that one may see, the newest first; at most 200."""

    items: list[ContractCard]


class ContractPatch(In):
    """What is left out stays; null empties a field. `reference` is the number that the customer or the ERP knows it by."""

    title: Name = ""
    reference: Line | None = None
    note: Text | None = None
    amount: Amount | None = None
    currency: Currency = "CNY"


class MilestoneIn(In):
    title: Name
    due_on: Day


class Signature(In):
    """Signed on that day. Without milestones those of the pipeline are promised, counted from the day of signing."""

    signed_on: Day
    milestones: Annotated[list[MilestoneIn], Field(max_length=MOST_MILESTONES)] | None = None


class MilestonePatch(In):
    """Another title or day, done on a day, or cancelled; what is left out stays. To put off, to take back what was done (`done_on` null) and
    to cancel need a reason.
    """

    title: Name = ""
    due_on: Day | None = None
    done_on: Day | None = None
    is_cancelled: Literal[True] | None = None
    reason: Annotated[Text, Field(max_length=500)] = ""


class Completion(In):
    """Delivered and accepted on that day."""

    completed_on: Day
