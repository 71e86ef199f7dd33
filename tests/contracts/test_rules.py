"""Milestones: when they are late, and by how many days."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from backend.contracts import rules
from backend.contracts.rules import ContractAction, ContractState, Milestone, MilestoneState

DUE = date(2026, 3, 20)


@pytest.mark.parametrize(("milestone", "day", "state", "delay"), [
    (Milestone(DUE, DUE, None), date(2026, 3, 19), MilestoneState.OPEN, 0),
    (Milestone(DUE, DUE, None), DUE, MilestoneState.OPEN, 0),
    (Milestone(DUE, DUE, None), date(2026, 3, 21), MilestoneState.LATE, 1),
    (Milestone(DUE, date(2026, 3, 27), None), date(2026, 3, 21), MilestoneState.OPEN, 7),
    (Milestone(DUE, date(2026, 3, 27), None), date(2026, 3, 30), MilestoneState.LATE, 10),
    (Milestone(DUE, DUE, date(2026, 3, 18)), date(2026, 4, 30), MilestoneState.DONE, 0),
    (Milestone(DUE, DUE, date(2026, 3, 25)), date(2026, 4, 30), MilestoneState.DONE, 5),
    (Milestone(DUE, date(2026, 3, 18), None), date(2026, 3, 10), MilestoneState.OPEN, 0),
    (Milestone(DUE, DUE, None, is_cancelled=True), date(2026, 4, 30), MilestoneState.CANCELLED, 0),
])  # fmt: skip
def test_state_and_delay(milestone: Milestone, day: date, state: MilestoneState, delay: int) -> None:
    assert (rules.milestone_state(milestone, day), rules.delay_days(milestone, day)) == (state, delay)


def test_a_day_ends_on_the_company_s_clock() -> None:
    assert rules.falls_due(DUE, ZoneInfo("Asia/Shanghai")).astimezone(UTC) == datetime(2026, 3, 20, 15, 59, 59, 999999, tzinfo=UTC)


def test_nothing_is_left_when_all_is_done_or_cancelled() -> None:
    done, dropped, due = Milestone(DUE, DUE, DUE), Milestone(DUE, DUE, None, is_cancelled=True), Milestone(DUE, DUE, None)
    assert rules.is_finished([done, dropped])
    assert rules.is_finished([])
    assert not rules.is_finished([done, due])


@pytest.mark.parametrize(("state", "actions"), [
    (ContractState.SIGNING, [ContractAction.CHANGE, ContractAction.SIGN]),
    (ContractState.DELIVERING, [ContractAction.PLAN, ContractAction.COMPLETE]),
    (ContractState.COMPLETED, []),
    (ContractState.VOID, []),
])  # fmt: skip
def test_what_may_be_done_with_it(state: ContractState, actions: list[ContractAction]) -> None:
    assert rules.actions_for(may_change=True, works_with=True, state=state) == actions
    assert rules.actions_for(may_change=False, works_with=True, state=state) == []
    assert rules.actions_for(may_change=True, works_with=False, state=state) == []
