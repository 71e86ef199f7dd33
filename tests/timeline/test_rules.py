"""What counts as a follow-up."""

import pytest

from backend.timeline import rules


@pytest.mark.parametrize(("kind", "outcome", "counts"), [
    ("call", "reached", True), ("visit", "no_answer", True), ("email", None, False), ("lead.received", "reached", False), ("call", "opened", False),
])  # fmt: skip
def test_what_counts_as_follow_up(kind: str, outcome: str | None, counts: bool) -> None:
    assert rules.is_follow_up(kind, outcome) is counts
