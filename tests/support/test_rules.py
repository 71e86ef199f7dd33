"""FLOW-9: whom a request goes to, what is late, who may do what (pure)."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from backend.core.calendar import WorkingCalendar
from backend.deadlines.rules import DEFAULT_LADDERS, SUPPORT, due_at
from backend.support.rules import (
    DUE_RUNG,
    Chosen,
    Engineer,
    Standing,
    SupportAction,
    SupportState,
    actions_for,
    choose,
    hit_rate,
    is_late,
    late_by,
)

ONE, TWO, THREE, DEPUTY = (UUID(int=number) for number in range(1, 5))
CALENDAR = WorkingCalendar({})
MAY = frozenset({"support.ask", "support.answer"})


def engineer(key: UUID, *, waits: int = 0, present: bool = True, last: datetime | None = None, deputy: bool = False) -> Engineer:
    return Engineer(key, str(key.int), present, DEPUTY if deputy else None, "替" if deputy else None, waits, last)


def test_the_least_loaded_present_engineer_is_asked() -> None:
    earlier, later = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC)
    some = [
        engineer(ONE, waits=2),
        engineer(TWO, waits=1, last=later),
        engineer(THREE, waits=1, last=earlier),
        engineer(DEPUTY, present=False),
    ]
    found = choose(some, None)
    assert found is not None
    assert (found.id, found.chosen) == (THREE, Chosen.LEAST_LOAD)
    assert choose([], None) is None


def test_a_choice_counts_and_the_deputy_of_who_is_away_is_asked() -> None:
    some = [engineer(ONE, waits=9), engineer(TWO, present=False, deputy=True), engineer(THREE, present=False)]
    found = [choose(some, wanted) for wanted in (ONE, TWO, THREE)]
    assert [(one.id, one.chosen, one.instead_of) for one in found if one] == [
        (ONE, Chosen.BY_NAME, None), (DEPUTY, Chosen.DEPUTY, "2"), (THREE, Chosen.BY_NAME, None),
    ]  # fmt: skip
    assert choose(some, DEPUTY) is None
    nobody_here = choose([engineer(TWO, present=False, deputy=True, waits=1), engineer(THREE, present=False, waits=3)], None)
    assert nobody_here is not None
    assert (nobody_here.id, nobody_here.chosen) == (DEPUTY, Chosen.DEPUTY)


def test_the_promise_is_the_close_of_the_second_working_day_and_the_reminder_comes_a_day_before() -> None:
    ladder = DEFAULT_LADDERS[SUPPORT]
    promise = ladder.rung(DUE_RUNG)
    reminder = ladder.rung("ahead")
    assert promise is not None
    assert reminder is not None
    thursday = datetime(2026, 3, 5, 2, 0, tzinfo=UTC)
    assert due_at(promise, thursday, CALENDAR) == datetime(2026, 3, 9, 9, 30, tzinfo=UTC), "over the weekend"
    assert due_at(reminder, thursday, CALENDAR) == datetime(2026, 3, 6, 9, 30, tzinfo=UTC)


def test_late_is_counted_in_working_time_and_the_very_close_is_in_time() -> None:
    due = datetime(2026, 3, 6, 9, 30, tzinfo=UTC)
    assert (is_late(due, due), is_late(due, due + timedelta(seconds=1)), is_late(None, due)) == (False, True, False)
    monday = datetime(2026, 3, 9, 2, 30, tzinfo=UTC)
    assert late_by(due, monday, CALENDAR) == timedelta(hours=2), "Friday's close to Monday 10:30"
    assert (hit_rate(3, 1), hit_rate(0, 0)) == (0.75, None)


@pytest.mark.parametrize(("standing", "state", "actions"), [
    (Standing(MAY, is_engineer=True), SupportState.ASKED, [SupportAction.ANSWER, SupportAction.HAND_OVER]),
    (Standing(MAY, is_engineer=True, works_with_record=True), SupportState.ANSWERED, []),
    (Standing(frozenset(), supervises_engineer=True), SupportState.ASKED, [SupportAction.HAND_OVER]),
    (Standing(MAY, is_asker=True), SupportState.ASKED, [SupportAction.WITHDRAW]),
    (Standing(MAY, works_with_record=True), SupportState.ANSWERED, [SupportAction.ACCEPT, SupportAction.ASK_AGAIN, SupportAction.WITHDRAW]),
    (Standing(frozenset(), is_asker=True), SupportState.ANSWERED, []),
    (Standing(MAY, is_asker=True), SupportState.ACCEPTED, []),
    (Standing(MAY), SupportState.ASKED, []),
])  # fmt: skip
def test_only_the_engineer_answers_and_only_who_asked_accepts(
    standing: Standing, state: SupportState, actions: list[SupportAction]
) -> None:
    assert actions_for(standing, state) == actions
