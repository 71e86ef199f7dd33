"""What a saved view of the list of opportunities holds."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from backend.core.schemas import Amount, Choices, Days, Ids, In, Line, When, Written
from backend.identity.rules import OwnedScope
from backend.opportunities.finding import Sort
from backend.opportunities.rules import SUBJECT, LossReason, OpportunityState
from backend.saved_views import rules

Column = Literal[
    "name", "customer", "stage", "state", "amount", "close", "owner", "backup", "region", "source", "product_line", "next_step", "age",
    "activity", "closed", "loss_reason",
]  # fmt: skip


class OpportunityFilterSettings(In):
    """The same names as the query parameters of GET /opportunities; `days` keep their meaning as time goes on."""

    q: Line | None = None
    stage: Ids | None = None
    pipeline: Ids | None = None
    state: Annotated[list[OpportunityState], Field(max_length=3)] | None = None
    owner: Ids | None = None
    region: Ids | None = None
    source: Choices | None = None
    product_line: Choices | None = None
    loss_reason: Annotated[list[LossReason], Field(max_length=len(LossReason))] | None = None
    amount_from: Amount | None = None
    amount_to: Amount | None = None
    closes_from: Annotated[date, Written] | None = None
    closes_before: Annotated[date, Written] | None = None
    closed_from: When | None = None
    closed_before: When | None = None
    lead_received_from: When | None = None
    lead_received_before: When | None = None
    created_days: Days | None = None
    entered_days: Days | None = None
    in_stage_days: Days | None = None
    quiet_days: Days | None = None
    needs_review: bool | None = None
    has_backup: bool | None = None
    is_late: bool | None = None
    is_unadvanced: bool | None = None
    is_flagged: bool | None = None


class OpportunityViewSettings(In):
    scope: OwnedScope | None = None
    filter: OpportunityFilterSettings = OpportunityFilterSettings()
    sort: Sort = Sort.ENTERED
    columns: Annotated[list[Column], Field(max_length=rules.MOST_COLUMNS)] | None = None


def check(settings: dict[str, Any]) -> dict[str, Any]:
    return OpportunityViewSettings.model_validate(settings).model_dump(mode="json", exclude_none=True)


rules.register(SUBJECT, check)
