"""What the figures of the funnel mean (VIEW-2)."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.analytics import rules
from backend.analytics.rules import Dwell


def test_months_are_those_of_the_house() -> None:
    last_minute = datetime(2026, 2, 28, 15, 59, tzinfo=UTC)
    assert rules.this_month(last_minute, "Asia/Shanghai") == date(2026, 2, 1)
    assert rules.this_month(datetime(2026, 2, 28, 16, 0, tzinfo=UTC), "Asia/Shanghai") == date(2026, 3, 1)
    assert rules.months_until(date(2026, 2, 1), 3).all() == [date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]
    assert rules.begins(date(2026, 2, 1), "Asia/Shanghai").astimezone(UTC) == datetime(2026, 1, 31, 16, 0, tzinfo=UTC)


def test_lists_of_counts_and_single_counts_add_up_by_stage_and_bucket() -> None:
    one, other = uuid4(), uuid4()
    long = [0] * 60 + [1, 2]
    kept = [(one, [1, 0, 2], None, None), (one, [0, 3], None, None), (one, None, 10, -1), (one, None, 5, -3), (other, long, None, None)]
    assert {(found.stage_id, found.bucket): found.n for found in rules.dwells_of(kept)} == {
        (one, 0): 1, (one, 10): 1, (other, 300): 1, (other, 310): 2,
    }  # fmt: skip
    assert rules.dwell_bucket(Decimal(31) * 86400) == 310


@pytest.mark.parametrize(("days", "bucket"), [
    ("0", 0), ("0.24", 0), ("0.25", 5), ("6.74", 65), ("6.75", 70), ("30", 300), ("30.24", 300), ("30.25", 310), ("31.2", 310), ("45.2", 450),
])  # fmt: skip
def test_a_dwell_time_is_told_in_half_days_and_a_long_one_in_days(days: str, bucket: int) -> None:
    assert rules.dwell_bucket(Decimal(days) * 86400) == bucket


@given(st.lists(st.integers(0, 10**8), min_size=1))
def test_the_median_of_the_rounded_is_the_rounded_median(seconds: list[int]) -> None:
    buckets: dict[int, int] = {}
    for one in seconds:
        bucket = rules.dwell_bucket(Decimal(one))
        buckets[bucket] = buckets.get(bucket, 0) + 1
    middle = sorted(seconds)[(len(seconds) - 1) // 2]
    assert rules.median_days(buckets) == Decimal(rules.dwell_bucket(Decimal(middle))) / 10
    assert rules.median_days({}) is None


def test_the_bottleneck_exceeds_its_standard_the_most_and_by_enough_stays() -> None:
    needs = Dwell("needs", 40, Decimal(9), 7)
    proposal = Dwell("proposal", 40, Decimal("11.3"), 7)
    assert rules.bottleneck([needs, proposal]) == "proposal"
    assert rules.bottleneck([Dwell("proposal", 4, Decimal("11.3"), 7), needs]) == "needs"
    assert rules.bottleneck([Dwell("first", 40, Decimal(7), 7), Dwell("free", 40, Decimal(99), None), Dwell("none", 0, None, 3)]) is None
