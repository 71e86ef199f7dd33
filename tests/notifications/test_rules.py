"""When a robot may speak."""

from datetime import timedelta

import pytest

from backend.notifications import rules
from backend.notifications.rules import ChannelState
from tests.conftest import NOW


@pytest.mark.parametrize(
    ("waiting", "used", "last_seconds_ago", "wanted"),
    [
        (0, 0, None, 0),
        (200, 0, None, 1),
        (200, 9, 0, 1),
        (200, 10, 4, 0),
        (200, 10, 5, 100),
        (7, 19, 5, 7),
        (200, 20, 30, 0),
    ],
)
def test_batch_size(waiting: int, used: int, last_seconds_ago: int | None, wanted: int) -> None:
    last = None if last_seconds_ago is None else NOW - timedelta(seconds=last_seconds_ago)
    assert rules.batch_size(waiting, used, last, NOW) == wanted


def test_retries_double_from_two_seconds_to_an_hour_and_last_about_two_hours() -> None:
    waits = [rules.retry_after(failures, 0).total_seconds() for failures in range(1, 13)]
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 3600]
    assert rules.retry_after(1, 0.999) < timedelta(seconds=3)
    assert rules.retry_after(10_000, 0) == timedelta(hours=1)


def test_a_block_lasts_at_least_a_minute_and_grows_to_ten() -> None:
    assert [rules.block_for(n, 5).total_seconds() for n in range(1, 7)] == [60, 120, 240, 480, 600, 600]
    assert rules.block_for(1, 90) == timedelta(seconds=90)
    assert rules.block_for(1, 10**9) == timedelta(hours=1)


@pytest.mark.parametrize(
    ("is_active", "is_broken", "blocked_for", "wanted"),
    [
        (False, True, 60, ChannelState.OFF),
        (True, True, 60, ChannelState.BROKEN),
        (True, False, 60, ChannelState.WAITING),
        (True, False, 0, ChannelState.READY),
        (True, False, None, ChannelState.READY),
    ],
)
def test_channel_state(is_active: bool, is_broken: bool, blocked_for: int | None, wanted: ChannelState) -> None:
    blocked_until = None if blocked_for is None else NOW + timedelta(seconds=blocked_for)
    assert rules.channel_state(is_active, is_broken, blocked_until, NOW) is wanted
