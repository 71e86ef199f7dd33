"""The only place that reads the clock; everything else takes `now` as an argument."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Depends

from backend.core.config import get_settings

_UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}


def real_now() -> datetime:
    """Wall-clock time (UTC): for tokens, signatures and measured latencies."""
    return datetime.now(UTC)


def parse_offset(text: str) -> timedelta:
    """`48h`, `-30m`, `2d6h` as a duration; ValueError names the form."""
    text = text.strip()
    sign, body = (-1, text[1:]) if text.startswith("-") else (1, text)
    if not re.fullmatch(r"(\d+[dhms])+", body):
        raise ValueError(f"{text!r} is not a duration; write for example 48h, 2d6h or -30m")
    parts = re.findall(r"(\d+)([dhms])", body)
    try:
        return sign * sum((timedelta(**{_UNITS[unit]: int(number)}) for number, unit in parts), timedelta())
    except OverflowError as error:
        raise ValueError(f"{text!r} is longer than a calendar can hold") from error


def read_offset(path: Path | None) -> timedelta:
    """The developer's shift of the product clock, in seconds, kept in a file that all processes read."""
    if path is None:
        return timedelta()
    try:
        return timedelta(seconds=float(path.read_text()))
    except FileNotFoundError:
        return timedelta()


def write_offset(path: Path, offset: timedelta) -> None:
    """Replaced in one step: a reader never finds half a number."""
    fresh = path.with_suffix(".new")
    fresh.write_text(str(offset.total_seconds()))
    fresh.replace(path)


def product_now() -> datetime:
    """The moment that business rules see: real time plus the developer's shift (demo mode only)."""
    return real_now() + read_offset(get_settings().clock_file)


def company_zone() -> ZoneInfo:
    return ZoneInfo(get_settings().company_zone)


def company_day(moment: datetime) -> date:
    """The day that it is then on the company's own clock."""
    return moment.astimezone(company_zone()).date()


async def product_moment() -> datetime:
    """`product_now` for a request."""
    return product_now()


async def real_moment() -> datetime:
    """`real_now` for a request."""
    return real_now()


Now = Annotated[datetime, Depends(product_moment)]
RealNow = Annotated[datetime, Depends(real_moment)]
