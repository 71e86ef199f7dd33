"""REVIEW-1: which lines are non-standard work or a rush order, and what a routing can be (pure)."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from backend.catalogue import rules
from backend.catalogue.rules import Flag, Line, Offer, Operation, ReasonCode
from backend.core.calendar import WorkingCalendar

TODAY = date(2026, 3, 10)  # a Tuesday
CALENDAR = WorkingCalendar({date(2026, 3, 13): False, date(2026, 3, 14): True})
"""Friday is off, Saturday is worked for it."""
BRACKET, PIN, OLD, STOCK, STRANGE = (UUID(int=number) for number in range(1, 6))
CATALOGUE = {
    BRACKET: Offer("ZJ-100", 5, "HY-2101", "B"),
    PIN: Offer("XD-08", 3),
    OLD: Offer("ZJ-090", 5, is_archived=True),
    STOCK: Offer("DQ-28", 0),
}


def found(*lines: Line, today: date = TODAY) -> list[tuple[int, str]]:
    return [(reason.line, reason.code.value) for reason in rules.flags(lines, CATALOGUE, today, CALENDAR)]


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        (Line(BRACKET), []),
        (Line(None), ["not_in_catalogue"]),
        (Line(STRANGE), ["not_in_catalogue"]),
        (Line(OLD), ["product_archived"]),
        (Line(BRACKET, drawing_no="HY-2101"), []),
        (Line(BRACKET, drawing_no="HY-2101", drawing_revision="B"), []),
        (Line(BRACKET, drawing_no="HY-2101", drawing_revision="C"), ["other_revision"]),
        (Line(BRACKET, drawing_no="KH-7"), ["own_drawing"]),
        (Line(BRACKET, drawing_no="KH-7", drawing_revision="B"), ["own_drawing"]),
        (Line(PIN, drawing_no="KH-7"), ["own_drawing"]),
        (Line(None, drawing_no="KH-7"), ["not_in_catalogue", "own_drawing"]),
        (Line(OLD, drawing_no="KH-7", drawing_revision="A"), ["product_archived", "own_drawing"]),
    ],
)
def test_what_is_outside_the_catalogue_or_has_its_own_drawing_is_non_standard(line: Line, codes: list[str]) -> None:
    assert found(line) == [(0, code) for code in codes]
    assert {reason.flag for reason in rules.flags([line], CATALOGUE, TODAY, CALENDAR)} <= {Flag.NON_STANDARD}


@pytest.mark.parametrize(
    ("product", "wanted_on", "is_rush"),
    [
        # Wednesday 11, Thursday 12, Saturday 14, Monday 16, Tuesday 17: the fifth working day after Tuesday 10
        (BRACKET, date(2026, 3, 16), True),
        (BRACKET, date(2026, 3, 17), False),
        (BRACKET, date(2026, 4, 30), False),
        (BRACKET, None, False),
        (PIN, date(2026, 3, 13), True),
        (PIN, date(2026, 3, 14), False),
        (STOCK, date(2026, 3, 9), True),
        (STOCK, date(2026, 3, 10), False),
        (OLD, date(2026, 3, 16), True),
        (None, date(2026, 3, 11), False),
        (STRANGE, date(2026, 3, 11), False),
    ],
)
def test_what_is_wanted_before_the_standard_lead_time_is_a_rush(product: UUID | None, wanted_on: date | None, is_rush: bool) -> None:
    raised = {reason.flag for reason in rules.flags([Line(product, wanted_on)], CATALOGUE, TODAY, CALENDAR)}
    assert (Flag.RUSH in raised) is is_rush


def test_a_day_off_counts_from_the_next_working_day() -> None:
    friday_off = date(2026, 3, 13)
    assert rules.earliest_day(friday_off, 1, CALENDAR) == date(2026, 3, 14)
    assert rules.earliest_day(friday_off, 0, CALENDAR) == friday_off


def test_each_reason_says_what_it_speaks_of() -> None:
    lines = [Line(BRACKET), Line(BRACKET, date(2026, 3, 12), "HY-2101", "C"), Line(OLD, None, "KH-7")]
    reasons = rules.flags(lines, CATALOGUE, TODAY, CALENDAR)
    assert [(one.line, one.flag, one.code, one.params) for one in reasons] == [
        (1, Flag.NON_STANDARD, ReasonCode.OTHER_REVISION, {"drawing": "HY-2101", "revision": "C", "standard": "B"}),
        (
            1,
            Flag.RUSH,
            ReasonCode.BEFORE_LEAD_TIME,
            {"product": "ZJ-100", "wanted_on": "2026-03-12", "earliest_on": "2026-03-17", "lead_days": 5},
        ),
        (2, Flag.NON_STANDARD, ReasonCode.PRODUCT_ARCHIVED, {"product": "ZJ-090"}),
        (2, Flag.NON_STANDARD, ReasonCode.OWN_DRAWING, {"drawing": "KH-7"}),
    ]


def step(sequence: int, *, overlaps: bool = False) -> Operation:
    return Operation(sequence, "CY-160", "冲压", Decimal(1), Decimal("0.002"), overlaps)


@pytest.mark.parametrize(
    ("steps", "faults"),
    [
        ([], []),
        ([step(10), step(20, overlaps=True)], []),
        ([step(10), step(10)], [(1, "sequence", "out_of_order")]),
        ([step(20), step(10), step(30)], [(1, "sequence", "out_of_order")]),
        ([step(10, overlaps=True)], [(0, "overlaps_previous", "unexpected")]),
    ],
)
def test_steps_are_numbered_upwards_and_the_first_overlaps_nothing(steps: list[Operation], faults: list[tuple[int, str, str]]) -> None:
    assert [(one.place, one.name, one.code) for one in rules.routing_faults(steps)] == faults
