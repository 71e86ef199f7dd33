"""When a robot may speak and how often it is tried: pure."""

from datetime import datetime, timedelta
from enum import StrEnum

MESSAGES_A_MINUTE = 20
WINDOW = timedelta(seconds=62)  # the vendor's minute, and two seconds for the clocks of several hosts
SINGLES_A_MINUTE = 10
DIGEST_GAP = timedelta(seconds=5)
DIGEST_MOST = 100
LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 12
MAIL_ATTEMPTS = 30
"""About a day: a mail server that is away, or lets strangers wait, is normal."""
MAIL_LEASE = timedelta(minutes=5)
FIRST_RETRY = timedelta(seconds=2)
LONGEST_RETRY = timedelta(hours=1)
FIRST_BLOCK = timedelta(minutes=1)
LONGEST_BLOCK = timedelta(minutes=10)
KEEP_LIVE_EVENTS = timedelta(days=7)


class ChannelKind(StrEnum):
    DINGTALK_ROBOT = "dingtalk_robot"
    EMAIL = "email"


class DeliveryState(StrEnum):
    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    DEAD = "dead"


class ChannelState(StrEnum):
    """What an administrator reads about a channel."""

    OFF = "off"
    READY = "ready"
    WAITING = "waiting"
    BROKEN = "broken"


def batch_size(waiting: int, used: int, last_started_at: datetime | None, now: datetime) -> int:
    """How many deliveries the next message carries; 0: the robot must stay silent for now.

    `used` counts the messages of the last minute. The first ones go out singly; then digests collect what comes in between.
    """
    if waiting == 0 or used >= MESSAGES_A_MINUTE:
        return 0
    if used < SINGLES_A_MINUTE:
        return 1
    if last_started_at is not None and now < last_started_at + DIGEST_GAP:
        return 0
    return min(waiting, DIGEST_MOST)


def max_attempts(kind: ChannelKind) -> int:
    return MAIL_ATTEMPTS if kind is ChannelKind.EMAIL else MAX_ATTEMPTS


def lease(kind: ChannelKind) -> timedelta:
    """How long a claimed message is its sender's alone: a letter with a file takes longer than a robot's call."""
    return MAIL_LEASE if kind is ChannelKind.EMAIL else LEASE


def retry_after(failures: int, jitter: float) -> timedelta:
    """Doubles from 2 s to an hour (twelve tries take about two hours); `jitter` in [0, 1) adds up to half."""
    return min(FIRST_RETRY * 2.0 ** min(failures - 1, 12), LONGEST_RETRY) * (1 + jitter / 2)


def block_for(throttles: int, asked_seconds: int) -> timedelta:
    """How long a throttled robot stays silent: at least a minute, doubling to the ten that the vendor may take."""
    doubled = min(FIRST_BLOCK * 2.0 ** min(throttles - 1, 4), LONGEST_BLOCK)
    return max(doubled, timedelta(seconds=min(asked_seconds, 3600)))


def channel_state(is_active: bool, is_broken: bool, blocked_until: datetime | None, now: datetime) -> ChannelState:
    if not is_active:
        return ChannelState.OFF
    if is_broken:
        return ChannelState.BROKEN
    return ChannelState.WAITING if blocked_until is not None and blocked_until > now else ChannelState.READY
