"""What people write into cells, as the product stores it; raises `Wrong` with a stable code where it cannot be (pure)."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from zoneinfo import ZoneInfo

from backend.core.texts import half_width
from backend.duplicates.keys import MOBILE, email_key, phone_key

Cell = str | int | float | bool | None

EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - Excel counts days without a zone
SERIALS = (20_000, 80_000)
"""1954 to 2119: an integer outside is no date that anybody means."""
DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
COMPACT_DAY = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
CLOCK = re.compile(r"[T\s]*(上午|下午|am|pm)?\s*(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2})秒?)?分?(?:\.\d+)?\s*(am|pm)?", re.IGNORECASE)
WEEKDAY = re.compile(r"(星期|周)[一二三四五六日天]")
SCIENTIFIC = re.compile(r"(\d)(?:\.(\d+))?E\+?(\d{1,2})", re.IGNORECASE)
AMOUNT_UNITS = {"万元": 10_000, "万": 10_000, "w": 10_000, "亿": 100_000_000, "千": 1000, "k": 1000}
AMOUNT_DECORATION = re.compile(r"[,\s¥￥$€]|元|人民币|rmb|cny|约", re.IGNORECASE)
GUARDED = re.compile(r"'[=+\-@]")
"""An apostrophe that keeps a spreadsheet from reading text as a formula, as our own exports write it."""
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
NOTHING = {"", "-", "--", "—", "/", "无", "n/a", "na", "null", "none", "#n/a", "nan"}
LONGEST_NOTHING = max(map(len, NOTHING))
MAX_AMOUNT = Decimal(10) ** 16


class Wrong(Exception):
    """A cell that cannot be stored; `code` names the reason."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def text(value: Cell) -> str:
    """As a person reads the cell: whole numbers without a fraction, no control characters; what means nothing is empty."""
    if value is None or isinstance(value, bool):
        return "" if value is None else ("是" if value else "否")
    if isinstance(value, float):
        plain = format(Decimal(repr(value)), "f")
        return plain.rstrip("0").rstrip(".") if "." in plain else plain
    plain = str(value)
    if not plain.isprintable():
        plain = CONTROL.sub("", plain).replace("\r\n", "\n").replace("\r", "\n")
    plain = plain.strip()
    if GUARDED.match(plain):
        plain = plain[1:]
    return "" if len(plain) <= LONGEST_NOTHING and plain.casefold() in NOTHING else plain


def line(value: Cell, limit: int = 200) -> str | None:
    """One line without surplus blanks."""
    plain = " ".join(text(value).split())
    if len(plain) > limit:
        raise Wrong("too_long", limit=str(limit))
    return plain or None


def paragraph(value: Cell, limit: int = 5000) -> str | None:
    plain = text(value)
    if len(plain) > limit:
        raise Wrong("too_long", limit=str(limit))
    return plain or None


def phone(value: Cell) -> str | None:
    """The number as written, with what spreadsheets hide or drop brought back (digits, the zero before an area code); several in one cell:
    the first.
    """
    plain = half_width(text(value)).strip().lstrip("'")
    if not plain:
        return None
    if MOBILE.fullmatch(plain):
        return plain
    plain = _without_exponent(plain)
    if re.fullmatch(r"\d+\.0+", plain):
        plain = plain.partition(".")[0]
    found = next((part.strip() for part in re.split(r"[;,、；，\n]|\s/\s|或", plain) if phone_key(part)), None)
    if found is None:
        found = next((part for part in plain.replace("/", " ").split() if phone_key(part)), None)
    if found is None and phone_key(f"0{plain}"):
        found = f"0{plain}"
    if found is None:
        raise Wrong("not_a_phone")
    return found


def _without_exponent(plain: str) -> str:
    """1.3812345678E10 is a number with all its digits; 1.38E+10 has lost them for good."""
    found = SCIENTIFIC.fullmatch(plain)
    if found is None:
        return plain
    digits, exponent = found[1] + (found[2] or ""), int(found[3])
    if len(digits) - 1 < exponent:
        stripped = digits.rstrip("0")
        if len(stripped) < 8:
            raise Wrong("phone_digits_lost")
    return digits[: exponent + 1].ljust(exponent + 1, "0")


def email(value: Cell) -> str | None:
    plain = half_width(text(value)).strip().removeprefix("mailto:")
    if not plain:
        return None
    found = next((part for part in re.split(r"[;,、\s]+", plain) if email_key(part)), None)
    if found is None:
        raise Wrong("not_an_email")
    return found


def amount(value: Cell) -> Decimal | None:
    """`¥12,000.50`, `3.5万`, 120000 as a decimal with cents."""
    plain = AMOUNT_DECORATION.sub("", half_width(text(value)).casefold())
    unit = "" if plain.isdecimal() else next((unit for unit in AMOUNT_UNITS if plain.endswith(unit)), "")
    plain = plain.removesuffix(unit)
    if not plain and not unit:
        return None
    try:
        number = Decimal(plain) * AMOUNT_UNITS.get(unit, 1)
    except InvalidOperation as error:
        raise Wrong("not_an_amount") from error
    if not number.is_finite() or not 0 <= number < MAX_AMOUNT:
        raise Wrong("not_an_amount")
    return number.quantize(Decimal("0.01"))


def moment(value: Cell, zone: ZoneInfo, now: datetime) -> datetime | None:
    """`2026/3/1`, `2026年3月1日 9:30`, `20260301`, an Excel day number: in the company's zone, as UTC; the future is a slip of the pen."""
    plain = text(value)
    at = _moment(plain, zone) if plain else None
    if at is None:
        return None
    if at > now + timedelta(days=1):
        raise Wrong("date_in_future")
    return min(at, now)


@lru_cache(maxsize=1000)
def _moment(written: str, zone: ZoneInfo) -> datetime | None:
    """A file names the same few days again and again."""
    plain = WEEKDAY.sub("", half_width(written)).strip()
    if not plain:
        return None
    try:
        found = _day_number(plain) or _written_day(plain)
    except (ValueError, OverflowError) as error:
        raise Wrong("not_a_date") from error
    if found is None:
        raise Wrong("not_a_date")
    return found.replace(tzinfo=zone).astimezone(UTC)


def _day_number(plain: str) -> datetime | None:
    if not re.fullmatch(r"\d{5}(\.\d+)?", plain) or not SERIALS[0] <= float(plain) < SERIALS[1]:
        return None
    return (EXCEL_EPOCH + timedelta(days=float(plain))).replace(microsecond=0)


def _written_day(plain: str) -> datetime | None:
    """A day, with the time of day where one follows."""
    found = DAY.match(plain) or COMPACT_DAY.match(plain)
    if found is None:
        return None
    day = datetime(int(found[1]), int(found[2]), int(found[3]))  # noqa: DTZ001 - the caller adds the company's zone
    rest = plain[found.end() :].strip()
    if not rest:
        return day
    clock = CLOCK.fullmatch(rest)
    if clock is None:
        return None
    hour, half = int(clock[2]), (clock[1] or clock[5] or "").lower()
    if half in {"下午", "pm"} and hour < 12:
        hour += 12
    return day.replace(hour=hour, minute=int(clock[3]), second=int(clock[4] or 0))
