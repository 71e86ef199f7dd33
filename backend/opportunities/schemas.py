"""Opportunities over HTTP and in live events."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from backend.core.schemas import Amount, Currency, In, Line, Name, Out, Text, When, Written
from backend.customers.schemas import CustomerRef
from backend.identity.schemas import PersonRef, RegionRef
from backend.leads.schemas import Conversion
from backend.opportunities.rules import LossReason, OpportunityAction, OpportunityState
from backend.pipelines.conditions import Condition
from backend.pipelines.rules import Move
from backend.pipelines.schemas import StageRef

Day = Annotated[date, Written]


class OpportunityCard(Out):
    """An opportunity as board, lists, Today and live events show it; amounts are in `currency`."""

    id: UUID
    number: str
    name: str
    customer: CustomerRef | None
    pipeline_id: UUID
    stage_id: UUID
    state: OpportunityState
    owner: PersonRef
    backup_owner: PersonRef | None
    region: RegionRef | None
    expected_amount: Decimal | None
    currency: str
    expected_close_on: date | None
    product_line: str | None
    source: str
    next_step: str | None
    next_step_at: datetime | None
    stage_entered_at: datetime
    last_activity_at: datetime
    advanced_at: datetime
    is_flagged: bool
    is_unadvanced: bool
    loss_reason: LossReason | None
    closed_at: datetime | None
    version: int


class Missing(Out):
    """A condition that is not met: whether the stage that is left or the one that is entered asks for it."""

    side: Literal["exit", "entry"]
    stage: StageRef
    condition: Condition


class WayOut(Out):
    """A stage that can be reached from here, and what stands between; `missing` is empty where the way is free."""

    stage: StageRef
    move: Move
    needs_reason: bool
    missing: list[Missing]


class StageStayOut(Out):
    """From when to when it stood in a stage, and how it came there."""

    id: UUID
    stage: StageRef
    move: Move
    reason: str | None
    entered_at: datetime
    entered_by: PersonRef | None
    left_at: datetime | None


class StayRow(Out):
    """A stay of an opportunity in a stage, as the list of stays shows it: how it began, when and how it ended."""

    id: UUID
    opportunity: OpportunityCard
    stage: StageRef
    move: Move
    entered_at: datetime
    left_at: datetime | None
    left_move: Move | None


class ContactRef(Out):
    id: UUID
    name: str
    phone: str | None


class OpportunityOut(OpportunityCard):
    contact: ContactRef | None
    lead_id: UUID | None
    need: str | None
    needs_review: bool
    review_approved_at: datetime | None
    closing_note: str | None
    custom: dict[str, Any]
    created_by: PersonRef | None
    created_at: datetime
    contract_signed_at: datetime | None
    """From then on the deal is not taken up again."""
    stays: list[StageStayOut]
    ways: list[WayOut]
    actions: list[OpportunityAction]


class OpportunityFields(In):
    """What a new opportunity says of itself; `expected_close_on` is a day."""

    name: Name
    contact_id: UUID | None = None
    expected_amount: Amount | None = None
    currency: Currency = "CNY"
    expected_close_on: Day | None = None
    product_line: Line | None = None
    need: Text | None = None


class OpportunityCreate(OpportunityFields):
    """A deal with a customer that the author works with; it belongs to the customer's owner and begins in the first stage."""

    customer_id: UUID
    pipeline_id: UUID | None = None
    source: Name = "manual"


class OpportunityOfLead(In):
    """The opportunity that a lead opens; what is left out the lead says itself."""

    name: Line = ""
    pipeline_id: UUID | None = None
    expected_amount: Amount | None = None
    currency: Currency | None = None
    expected_close_on: Day | None = None
    product_line: Line | None = None
    need: Text | None = None


class LeadConversion(Conversion):
    """The customer that the lead becomes or joins, and the opportunity that it opens, if there is one."""

    opportunity: OpportunityOfLead | None = None


class OpportunityPatch(In):
    """What is left out stays; null empties a field."""

    name: Name = ""
    contact_id: UUID | None = None
    expected_amount: Amount | None = None
    currency: Currency = "CNY"
    expected_close_on: Day | None = None
    product_line: Line | None = None
    need: Text | None = None
    next_step: Line | None = None
    next_step_at: When | None = None


class MoveTo(In):
    """Another stage of the board, by its key. Into the closed stage with an `outcome`, and a `loss_reason` where it is lost; a return, a
    skip and a reopening say why (`reason`).
    """

    stage: Line
    outcome: Literal["won", "lost"] | None = None
    loss_reason: LossReason | None = None
    reason: Annotated[Text, Field(max_length=500)] = ""


class CustomerOpportunities(Out):
    """The opportunities of a customer that one may see: open ones first, then the newest; at most 200."""

    items: list[OpportunityCard]


class Sums(Out):
    """How many there are in one currency; `weighted` counts each amount by the win rate of its stage."""

    currency: str
    count: int
    amount: Decimal
    weighted: Decimal


class BoardColumn(Out):
    """A stage with its first cards; `next_cursor` continues them by GET /opportunities with this stage. One out of use takes no more of them."""

    stage: StageRef
    is_active: bool
    count: int
    sums: list[Sums]
    cards: list[OpportunityCard]
    next_cursor: str | None


class Board(Out):
    """项目进度看板: the columns of one pipeline in their order; the closed one shows what was closed in the last 30 days."""

    pipeline_id: UUID
    generated_at: datetime
    columns: list[BoardColumn]
