"""What happens with each of the 300 demo leads: a few placed so that every section of Today is filled, the rest by dice that always fall alike."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from backend.demo.company import FASTENERS, MACHINING, MOULDS, PRODUCT_LINES, STAMPING
from backend.leads.rules import ReasonCode

LEADS = 300
ZONE = ZoneInfo("Asia/Shanghai")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
REGIONS = ("east",) * 9 + ("south",) * 6 + ("north",) * 3 + ("southwest",) * 2
SOURCES = ("website",) * 9 + ("exhibition",) * 4 + ("1688",) * 3 + ("referral",) * 2 + ("phone", "wechat", "partner")
OLDEST_DAYS = 100
WON_OVER = {"referral": 0.6, "partner": 0.5, "phone": 0.5, "wechat": 0.4, "exhibition": 0.4, "website": 0.3, "1688": 0.2}
"""Of the leads that came to an end, the share that became a customer."""
DICE = 20260330


@dataclass(frozen=True)
class Change:
    """A lead changes hands, so long after its first assignment."""

    code: ReasonCode
    by: str
    to: str
    after: timedelta


@dataclass(frozen=True)
class Story:
    """One lead from receipt to now; spans count from the assignment."""

    received_at: datetime
    region: str
    product_line: str
    source: str = "website"
    contact_after: timedelta | None = None
    later: int = 0
    next_step_in: timedelta | None = None
    is_closed: bool = False
    is_won_over: bool = False
    """It ends as a customer."""
    change: Change | None = None
    language: str | None = None
    kept_by: str | None = field(default=None)


def stories(now: datetime, dice: Random) -> list[Story]:
    """All of them, oldest first."""
    placed = list(_placed(now))
    found = placed + [_diced(now, dice) for _ in range(LEADS - len(placed))]
    return _with_customers(sorted(found, key=lambda story: story.received_at))


def _with_customers(found: list[Story]) -> list[Story]:
    dice = Random(DICE)  # noqa: S311 - its own, so that the stories stay as they are
    return [replace(story, is_won_over=story.is_closed and dice.random() < WON_OVER[story.source]) for story in found]


def _placed(now: datetime) -> Iterator[Story]:
    """Only 张磊 knows stamping in the east, 李婷 machining and 孙晓东 moulds, so the product line decides who gets a lead."""

    def one(region: str, product: str, hours: float, **more: Any) -> Story:
        return Story(now - hours * HOUR, region, product, **more)

    for hours in (0.3, 2.5, 9, 40, 46, 51, 75):
        yield one("east", STAMPING, hours)
    for days, step in ((6, -3 * HOUR), (11, HOUR), (3, -26 * HOUR), (5, 2 * DAY)):
        yield one("east", STAMPING, days * 24, contact_after=HOUR, later=1, next_step_in=step)
    yield one("east", STAMPING, 60, change=Change(ReasonCode.TAKEN_OVER, "wanghaiyan", "wanghaiyan", 54 * HOUR))
    yield one("east", MOULDS, 80, change=Change(ReasonCode.MANUAL, "liuweimin", "wanghaiyan", 30 * HOUR))
    more = Change(ReasonCode.TAKEN_OVER, "wanghaiyan", "wanghaiyan", 50 * HOUR)
    yield one("east", STAMPING, 8 * 24, change=more, contact_after=51 * HOUR, next_step_in=HOUR)
    for hours in (4, 47, 101):
        yield one("east", MACHINING, hours)
    for hours in (1.2, 49.5):
        yield one("east", MOULDS, hours)
    for hours in (0.8, 30, 55):
        yield one("south", MOULDS, hours)
    for hours in (6, 44):
        yield one("north", FASTENERS, hours)
    for hours in (2, 20):
        yield one("southwest", FASTENERS, hours)
    yield one("southwest", STAMPING, 7 * 24, contact_after=2 * HOUR, next_step_in=-5 * HOUR)
    for hours in (5, 26, 75):
        yield one("", STAMPING, hours)
    yield one("east", FASTENERS, 26, source="exhibition", kept_by="zhanglei", contact_after=HOUR / 2, next_step_in=DAY)


def _diced(now: datetime, dice: Random) -> Story:
    """An ordinary lead: contacted in time most often, closed when it is old and came to nothing."""
    age = DAY + timedelta(days=OLDEST_DAYS * dice.random() ** 1.3)
    region = dice.choice(REGIONS)
    is_closed = dice.random() < min(0.6, age / (70 * DAY))
    return Story(
        received_at=daytime(now - age, dice),
        region=region,
        product_line=dice.choice(PRODUCT_LINES if region != "east" or dice.random() < 0.4 else PRODUCT_LINES[1:]),
        source=dice.choice(SOURCES),
        contact_after=_delay(dice, is_recent=age < 5 * DAY),
        later=0 if age < 3 * DAY else dice.choice((0, 1, 1, 2, 2, 3, 4)),
        next_step_in=dice.uniform(1, 12) * DAY if not is_closed and dice.random() < 0.6 else None,
        is_closed=is_closed,
        language="en" if dice.random() < 0.06 else None,
    )


def _delay(dice: Random, *, is_recent: bool) -> timedelta:
    """Until the first contact: mostly within the hour, one in twenty-five only after the superior was asked."""
    fate = dice.random()
    if fate < 0.62 or is_recent:
        return timedelta(minutes=dice.uniform(4, 75))
    if fate < 0.86:
        return dice.uniform(2, 9) * HOUR
    return dice.uniform(18, 30) * HOUR if fate < 0.96 else dice.uniform(52, 70) * HOUR


def daytime(moment: datetime, dice: Random) -> datetime:
    """The moment itself between 8 and 20 o'clock, else in the morning that follows."""
    local = moment.astimezone(ZONE)
    if 8 <= local.hour < 20:
        return moment
    morning = (local + (DAY if local.hour >= 20 else timedelta())).replace(hour=8, minute=30, second=0, microsecond=0)
    return morning.astimezone(moment.tzinfo) + timedelta(minutes=dice.uniform(1, 90))
