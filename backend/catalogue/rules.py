"""What the catalogue offers, how a product is made, and which lines need a review before they are quoted (REVIEW-1; pure)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from backend.core.calendar import WorkingCalendar

MOST_OPERATIONS = 60
MOST_UPSERTS = 1000
MOST_LINES = 200
LONGEST_LEAD_DAYS = 1000


class Flag(StrEnum):
    """非标 and 紧急插单: each asks for a joint review."""

    NON_STANDARD = "non_standard"
    RUSH = "rush"


class ReasonCode(StrEnum):
    """Why; the screens have words for each."""

    NOT_IN_CATALOGUE = "not_in_catalogue"
    PRODUCT_ARCHIVED = "product_archived"
    OWN_DRAWING = "own_drawing"
    OTHER_REVISION = "other_revision"
    BEFORE_LEAD_TIME = "before_lead_time"


FLAG_OF = dict.fromkeys(ReasonCode, Flag.NON_STANDARD) | {ReasonCode.BEFORE_LEAD_TIME: Flag.RUSH}


@dataclass(frozen=True)
class Offer:
    """What decides about a product of the catalogue; `lead_days` are working days, its own or its family's."""

    code: str
    lead_days: int
    drawing_no: str | None = None
    drawing_revision: str | None = None
    is_archived: bool = False


@dataclass(frozen=True)
class Line:
    """What a customer wants: a product or none, on which drawing, by which day."""

    product_id: UUID | None
    wanted_on: date | None = None
    drawing_no: str | None = None
    drawing_revision: str | None = None


@dataclass(frozen=True)
class Reason:
    """One finding about one line, counted from 0; `params` hold only texts and numbers, days as ISO 8601."""

    code: ReasonCode
    line: int
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def flag(self) -> Flag:
        return FLAG_OF[self.code]


def earliest_day(today: date, days: int, calendar: WorkingCalendar) -> date:
    """The day that the standard lead time reaches: so many working days after today; without any, today."""
    return calendar.working_day_after(today, days) if days else today


def flags(lines: Sequence[Line], catalogue: Mapping[UUID, Offer], today: date, calendar: WorkingCalendar) -> list[Reason]:
    """Every reason for a review, in the order of the lines. A product that the catalogue does not hold has no standard lead time to
    be measured against; one that is archived still has.
    """
    return [reason for place, line in enumerate(lines) for reason in _of_line(place, line, catalogue, today, calendar)]


def _of_line(place: int, line: Line, catalogue: Mapping[UUID, Offer], today: date, calendar: WorkingCalendar) -> Iterable[Reason]:
    offer = None if line.product_id is None else catalogue.get(line.product_id)
    if offer is None:
        yield Reason(ReasonCode.NOT_IN_CATALOGUE, place)
    elif offer.is_archived:
        yield Reason(ReasonCode.PRODUCT_ARCHIVED, place, {"product": offer.code})
    if line.drawing_no is not None and (offer is None or line.drawing_no != offer.drawing_no):
        yield Reason(ReasonCode.OWN_DRAWING, place, {"drawing": line.drawing_no})
    elif line.drawing_no is not None and offer is not None and line.drawing_revision not in {None, offer.drawing_revision}:
        params = {"drawing": line.drawing_no, "revision": line.drawing_revision, "standard": offer.drawing_revision or ""}
        yield Reason(ReasonCode.OTHER_REVISION, place, params)
    if offer is not None and line.wanted_on is not None:
        earliest = earliest_day(today, offer.lead_days, calendar)
        if line.wanted_on < earliest:
            days = {"wanted_on": line.wanted_on.isoformat(), "earliest_on": earliest.isoformat(), "lead_days": offer.lead_days}
            yield Reason(ReasonCode.BEFORE_LEAD_TIME, place, {"product": offer.code, **days})


@dataclass(frozen=True)
class Operation:
    """A step of how something is made: hours to set the work centre up, and hours for each piece; it may begin before the step before ends."""

    sequence: int
    work_centre_code: str
    name: str
    set_up_hours: Decimal
    run_hours_per_unit: Decimal
    overlaps_previous: bool


@dataclass(frozen=True)
class Fault:
    """Something that a routing cannot be; `place` counts from 0."""

    place: int
    name: str
    code: str
    detail: str


def routing_faults(operations: Sequence[Operation]) -> list[Fault]:
    """Steps stand in the order of their numbers, each number once, and the first has none before it to overlap."""
    found = [
        Fault(place, "sequence", "out_of_order", "Number the operations upwards, each number once.")
        for place in range(1, len(operations))
        if operations[place].sequence <= operations[place - 1].sequence
    ]
    if operations and operations[0].overlaps_previous:
        found.append(Fault(0, "overlaps_previous", "unexpected", "The first operation has none before it."))
    return found
