"""What identifies a firm, and when a merge may be made and undone."""

from datetime import timedelta
from uuid import UUID

import pytest

from backend.duplicates.rules import changed_since, exact_keys, may_undo, merge_refusal
from tests.conftest import NOW

ONE, TWO = UUID(int=1), UUID(int=2)


def test_exact_keys_are_of_one_firm_only() -> None:
    found = exact_keys(
        phones=("138 1234 5678", "0512-66778899", "66778899", None, "no"), emails=(" A@B.cn ", ""), credit_code=" 91320500ma1abcde0x "
    )
    assert found == [("credit_code", "91320500MA1ABCDE0X"), ("email", "a@b.cn"), ("phone", "+8613812345678"), ("phone", "+8651266778899")]


def test_undo_ends_after_30_days() -> None:
    assert may_undo(NOW - timedelta(days=30), NOW)
    assert not may_undo(NOW - timedelta(days=30, seconds=1), NOW)


def test_what_has_changed_since() -> None:
    assert changed_since({"phone": "1", "city": None}, {"phone": "2", "city": None, "more": 1}) == [
        {"field": "phone", "then": "1", "now": "2"}
    ]
    assert changed_since({"phone": "1"}, {"phone": "1"}) == []


@pytest.mark.parametrize(("loser", "merged", "owners", "refusal"), [
    (TWO, [], (ONE, TWO), None), (ONE, [], (ONE, ONE), "same_record"), (TWO, [TWO], (ONE, TWO), "already_merged"), (TWO, [ONE], (ONE, TWO), "already_merged"),
    (TWO, [], (None, TWO), "survivor_has_no_owner"), (TWO, [], (None, None), None), (TWO, [], (ONE, None), None),
])  # fmt: skip
def test_refusals(loser: UUID, merged: list[UUID], owners: tuple[UUID | None, UUID | None], refusal: str | None) -> None:
    survivor_owner, loser_owner = owners
    found = merge_refusal(survivor_id=ONE, loser_id=loser, merged=merged, survivor_owner=survivor_owner, loser_owner=loser_owner)
    assert found == refusal
