"""VIEW-2: what the figures of the funnel mean (pure)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from itertools import zip_longest
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

DAY_SECONDS = 86400
TENTH = Decimal("0.1")
HALVES_UP_TO = 60
FEWEST_STAYS = 5
"""Fewer finished stays than this accuse no stage of being the bottleneck."""
USUAL_MONTHS, MOST_MONTHS = 12, 36


@dataclass(frozen=True)
class Months:
    """A period of whole months of the house, from the first day of the first to the first day of the last."""

    first: date
    last: date

    def all(self) -> list[date]:
        found = [self.first]
        while found[-1] < self.last:
            found.append(shift(found[-1], 1))
        return found


def shift(month: date, by: int) -> date:
    """The first day of the month so many months later."""
    place = month.year * 12 + month.month - 1 + by
    return date(place // 12, place % 12 + 1, 1)


def months_until(last: date, count: int) -> Months:
    return Months(shift(last, 1 - count), last)


def this_month(now: datetime, zone: str) -> date:
    return now.astimezone(ZoneInfo(zone)).date().replace(day=1)


def begins(month: date, zone: str) -> datetime:
    """The moment at which a month begins for the house."""
    return datetime(month.year, month.month, 1, tzinfo=ZoneInfo(zone))


def dwell_bucket(seconds: Decimal) -> int:
    """A dwell time to half a day up to thirty days, to a whole day beyond; in tenths of days (SQL twin: `opportunities.funnel.bucket`)."""
    halves = int((seconds / (DAY_SECONDS // 2)).quantize(Decimal(1), ROUND_HALF_UP))
    return halves * 5 if halves <= HALVES_UP_TO else int((Decimal(halves) / 2).quantize(Decimal(1), ROUND_HALF_UP)) * 10


class DwellCount(NamedTuple):
    """So many stays in a stage ended after a dwell time of this bucket."""

    kind: str
    stage_id: UUID
    bucket: int
    n: int


def dwells_of(kept: Iterable[tuple[UUID, Sequence[int] | None, int | None, int | None]]) -> list[DwellCount]:
    """By stage and bucket, of lists of counts (a stage and its list) and of single counts (a stage, None, a bucket and how many)."""
    lists: dict[UUID, list[Sequence[int]]] = defaultdict(list)
    found: Counter[tuple[UUID, int]] = Counter()
    for stage, counts, bucket, n in kept:
        if counts is not None:
            lists[stage].append(counts)
        elif bucket is not None and n is not None:
            found[stage, bucket] += n
    for stage, several in lists.items():
        for place, column in enumerate(zip_longest(*several, fillvalue=0)):
            found[stage, _bucket_at(place)] += sum(column)
    return [DwellCount("dwell", stage, bucket, n) for (stage, bucket), n in found.items() if n]


def _bucket_at(place: int) -> int:
    """Which bucket a list of counts has in this place (SQL twin: `opportunities.funnel.place`, the other way round)."""
    return place * 5 if place <= HALVES_UP_TO else place * 10 - 5 * HALVES_UP_TO


def in_days(seconds: Decimal, count: int) -> Decimal | None:
    """The mean, to a tenth of a day."""
    return (Decimal(seconds) / count / DAY_SECONDS).quantize(TENTH, ROUND_HALF_UP) if count else None


def median_days(buckets: Mapping[int, int]) -> Decimal | None:
    """The shortest dwell time that at least half of the stays do not exceed; as exact as `dwell_bucket`."""
    half, seen = sum(buckets.values()), 0
    for bucket in sorted(buckets):
        seen += buckets[bucket]
        if 2 * seen >= half and seen:
            return Decimal(bucket) / 10
    return None


@dataclass(frozen=True)
class Dwell:
    """How long the finished stays in a stage took, and how long they should (days)."""

    key: str
    finished: int
    average: Decimal | None
    longest: int | None


def bottleneck(stages: Iterable[Dwell]) -> str | None:
    """The stage whose stays exceed its standard by the largest factor; none where all keep to it."""
    over = [
        (stage.average / max(stage.longest, 1), stage.key)
        for stage in stages
        if stage.longest is not None and stage.average is not None and stage.finished >= FEWEST_STAYS and stage.average > stage.longest
    ]
    return max(over, default=(None, None))[1]
