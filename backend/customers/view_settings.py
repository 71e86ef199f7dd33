"""What a saved view of the list of customers holds."""

from typing import Annotated, Any, Literal

from pydantic import Field

from backend.core.schemas import Choices, Days, Ids, In, Line, When
from backend.customers.finding import Sort
from backend.customers.rules import SUBJECT, CustomerState
from backend.identity.rules import OwnedScope
from backend.saved_views import rules

Column = Literal[
    "name", "contact", "place", "industry", "owner", "backup", "region", "state", "source", "tags", "credit_code", "activity", "next_step",
    "created",
]  # fmt: skip


class CustomerFilterSettings(In):
    """The same names as the query parameters of GET /customers; `days` keep their meaning as time goes on."""

    q: Line | None = None
    state: Annotated[list[CustomerState], Field(max_length=2)] | None = None
    owner: Ids | None = None
    region: Ids | None = None
    industry: Choices | None = None
    source: Choices | None = None
    tag: Choices | None = None
    created_from: When | None = None
    created_before: When | None = None
    created_days: Days | None = None
    active_days: Days | None = None
    quiet_days: Days | None = None
    is_key: bool | None = None
    has_backup: bool | None = None
    lacks_backup: bool | None = None


class CustomerViewSettings(In):
    scope: OwnedScope | None = None
    filter: CustomerFilterSettings = CustomerFilterSettings()
    sort: Sort = Sort.ACTIVITY
    columns: Annotated[list[Column], Field(max_length=rules.MOST_COLUMNS)] | None = None


def check(settings: dict[str, Any]) -> dict[str, Any]:
    return CustomerViewSettings.model_validate(settings).model_dump(mode="json", exclude_none=True)


rules.register(SUBJECT, check)
