"""FLOW-6: effective visits, deep contacts, and when something may have happened."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from backend.timeline.rules import (
    LOGGED_LATE,
    SKEW,
    FollowUpKind,
    Outcome,
    Visit,
    VisitPart,
    WrongMoment,
    is_deep,
    is_effective,
    missing_parts,
    wrong_moment,
)
from tests.conftest import NOW

VISITS = json.loads((Path(__file__).parent / "visits.json").read_text("utf-8"))
"""Read by the test of the form's checklist too: the screen and the rule say the same."""


@pytest.mark.parametrize("case", VISITS)
def test_an_effective_visit_has_every_part(case: dict[str, Any]) -> None:
    said = case["visit"]
    visit = Visit(said["place"], NOW, said["chainContacts"], said["said"], said["nextStep"])
    assert missing_parts(visit) == case["missing"]
    assert is_effective(visit) == (not case["missing"])


def test_a_visit_without_a_date_lacks_it() -> None:
    assert missing_parts(Visit("苏州", None, 1, "谈了", "报价")) == [VisitPart.DATE]


@pytest.mark.parametrize(("kind", "outcome", "minutes", "is_effective_visit", "deep"), [
    (FollowUpKind.CALL, Outcome.REACHED, 15, False, True),
    (FollowUpKind.CALL, Outcome.REACHED, 14, False, False),
    (FollowUpKind.CALL, Outcome.NO_ANSWER, 20, False, False),
    (FollowUpKind.CALL, Outcome.CALLBACK, None, False, False),
    (FollowUpKind.MEETING, Outcome.NOT_INTERESTED, 90, False, True),
    (FollowUpKind.MESSAGE, Outcome.INTERESTED, 60, False, False),
    (FollowUpKind.VISIT, Outcome.INTERESTED, 90, False, False),
    (FollowUpKind.VISIT, Outcome.INTERESTED, None, True, True),
])  # fmt: skip
def test_a_deep_contact_is_an_effective_visit_or_a_quarter_of_an_hour(
    kind: FollowUpKind, outcome: Outcome, minutes: int | None, is_effective_visit: bool, deep: bool
) -> None:
    assert is_deep(kind, outcome, minutes, is_effective_visit=is_effective_visit) is deep


def test_what_is_logged_has_happened_within_thirty_days() -> None:
    moments = (NOW + SKEW, NOW - LOGGED_LATE, NOW + SKEW + timedelta(seconds=1), NOW - LOGGED_LATE - timedelta(seconds=1))
    assert [wrong_moment(at, NOW) for at in moments] == [None, None, WrongMoment.AHEAD, WrongMoment.TOO_LONG_AGO]
