"""The catalogue over HTTP; hours and money are decimals as text, lead times working days."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from backend.catalogue.rules import LONGEST_LEAD_DAYS, MOST_LINES, MOST_OPERATIONS, MOST_UPSERTS, Flag, ReasonCode
from backend.core.schemas import Amount, Currency, In, Line, Name, Out, Written, no_control
from backend.core.schemas import Flag as YesNo
from backend.identity.schemas import PersonRef

Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60), AfterValidator(no_control)]
Unit = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20), AfterValidator(no_control)]
LeadDays = Annotated[int, Field(ge=0, le=LONGEST_LEAD_DAYS, strict=True)]


class FamilyRef(Out):
    id: UUID
    code: str
    name: str


class OperationOut(Out):
    """A step: hours to set the work centre up and for each piece; it may begin before the step before it ends."""

    sequence: int
    work_centre_code: str
    name: str
    set_up_hours: Decimal
    run_hours_per_unit: Decimal
    overlaps_previous: bool


class FamilyCard(Out):
    """`products` counts those in the catalogue."""

    id: UUID
    code: str
    name: str
    standard_lead_days: int
    products: int
    archived_at: datetime | None
    archived_by: PersonRef | None
    archive_reason: str | None
    version: int


class FamilyOut(FamilyCard):
    """With how its products are made that have no routing of their own."""

    routing: list[OperationOut]


class PriceFloor(Out):
    amount: Decimal
    currency: str


class ProductCard(Out):
    """`lead_days` is what counts: its own standard lead time or its family's. The floor is null where none is set, or out of sight."""

    id: UUID
    code: str
    name: str
    family: FamilyRef
    specification: str | None
    unit: str
    standard_lead_days: int | None
    lead_days: int
    price_floor: PriceFloor | None
    drawing_no: str | None
    drawing_revision: str | None
    archived_at: datetime | None
    archived_by: PersonRef | None
    archive_reason: str | None
    version: int


class ProductOut(ProductCard):
    """With how it is made, and whose routing that is."""

    routing: list[OperationOut]
    routing_of: Literal["product", "family"] | None


class FamilyIn(In):
    code: Code
    name: Name
    standard_lead_days: LeadDays


class FamilyPatch(In):
    """What is left out stays."""

    name: Name | None = None
    standard_lead_days: LeadDays | None = None


class FloorIn(In):
    amount: Amount
    currency: Currency = "CNY"


class ProductIn(In):
    code: Code
    name: Name
    family_id: UUID
    specification: Line | None = None
    unit: Unit = "件"
    standard_lead_days: LeadDays | None = None
    price_floor: FloorIn | None = None
    drawing_no: Code | None = None
    drawing_revision: Code | None = None


class ProductPatch(In):
    """What is left out stays; null empties what may be empty. The code stays for good: other systems know the product by it."""

    name: Name | None = None
    family_id: UUID | None = None
    specification: Line | None = None
    unit: Unit | None = None
    standard_lead_days: LeadDays | None = None
    price_floor: FloorIn | None = None
    drawing_no: Code | None = None
    drawing_revision: Code | None = None


class Reasoned(In):
    reason: Name


class OperationIn(In):
    sequence: Annotated[int, Field(ge=1, le=9999, strict=True)]
    work_centre_code: Code
    name: Name
    set_up_hours: Annotated[Decimal, Field(ge=0, max_digits=9, decimal_places=2)]
    run_hours_per_unit: Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=6)]
    overlaps_previous: YesNo = False


Operations = Annotated[list[OperationIn], Field(max_length=MOST_OPERATIONS)]


class RoutingIn(In):
    """All steps, in their order; none leaves it to the family."""

    operations: Operations


class ProductUpsert(In):
    """A product as another system knows it, by its code and by its family's; what is left out stays as it is. A new one needs name and family."""

    code: Code
    name: Name | None = None
    family: Code | None = None
    specification: Line | None = None
    unit: Unit | None = None
    standard_lead_days: LeadDays | None = None
    price_floor: FloorIn | None = None
    drawing_no: Code | None = None
    drawing_revision: Code | None = None
    routing: Operations | None = None


class ProductUpserts(In):
    items: Annotated[list[ProductUpsert], Field(min_length=1, max_length=MOST_UPSERTS)]


class Outcome(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


class RowError(Out):
    """`pointer` is within the row."""

    pointer: str
    code: str
    detail: str


class UpsertedRow(Out):
    """What became of one row; nothing of a refused one was written, and `errors` say why."""

    code: str
    outcome: Outcome
    id: UUID | None
    version: int | None
    errors: list[RowError]


class UpsertedProducts(Out):
    """One row for each that was sent, in that order."""

    items: list[UpsertedRow]
    created: int
    updated: int
    unchanged: int
    refused: int


class LineIn(In):
    """What a customer wants; without a product it is outside the catalogue. A drawing is named where the customer has one."""

    product_id: UUID | None = None
    wanted_on: Annotated[date, Written] | None = None
    drawing_no: Code | None = None
    drawing_revision: Code | None = None


class LinesIn(In):
    lines: Annotated[list[LineIn], Field(min_length=1, max_length=MOST_LINES)]


class ReasonOut(Out):
    """`line` counts from 0; `params` belong to the code: `product`, `drawing`, `revision`, `standard`, `wanted_on`, `earliest_on`, `lead_days`."""

    flag: Flag
    code: ReasonCode
    line: int
    params: dict[str, Any]


class FlagsOut(Out):
    """Whether such lines need a joint review before they are quoted, and why."""

    non_standard: bool
    rush: bool
    reasons: list[ReasonOut]
