"""What a saved view of the list of leads holds."""

from typing import Annotated, Any, Literal

from pydantic import Field

from backend.core.schemas import Choices, Days, Ids, In, Line, When
from backend.identity.rules import ScopeName
from backend.leads.finding import ListedState, Sort
from backend.leads.rules import SUBJECT
from backend.saved_views import rules

Column = Literal[
    "company", "contact", "phone", "place", "source", "product_line", "state", "owner", "region", "first_contact", "received", "activity",
    "next_step", "amount", "returns",
]  # fmt: skip


class LeadFilterSettings(In):
    """The same names as the query parameters of GET /leads; `days` keep their meaning as time goes on."""

    q: Line | None = None
    state: Annotated[list[ListedState], Field(max_length=5)] | None = None
    source: Choices | None = None
    region: Ids | None = None
    owner: Ids | None = None
    product_line: Choices | None = None
    received_from: When | None = None
    received_before: When | None = None
    received_days: Days | None = None
    quiet_days: Days | None = None
    is_overdue: bool | None = None
    is_escalated: bool | None = None
    has_phone: bool | None = None
    has_owner: bool | None = None


class LeadViewSettings(In):
    scope: ScopeName | None = None
    filter: LeadFilterSettings = LeadFilterSettings()
    sort: Sort = Sort.RECEIVED
    columns: Annotated[list[Column], Field(max_length=rules.MOST_COLUMNS)] | None = None


def check(settings: dict[str, Any]) -> dict[str, Any]:
    return LeadViewSettings.model_validate(settings).model_dump(mode="json", exclude_none=True)


rules.register(SUBJECT, check)
