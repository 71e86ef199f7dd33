"""A chat as WeChat puts it on the clipboard: who said what when (pure).

Its clients write it in several ways. On the PC a line with name and moment stands above each message; the Mac writes the name and a colon; an
e-mailed history has lines with the day between messages; the phone copies `name: text`. What fits none of them stays as text, nothing is lost.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

LONGEST_NAME = 40

CLOCK = r"(?:(?P<half>上午|下午|凌晨|早上|中午|晚上|AM|PM)\s*)?(?P<hour>\d{1,2})[:：](?P<minute>\d{2})(?:[:：](?P<second>\d{2}))?\s*(?P<half_after>AM|PM)?"
DAY = (
    r"(?:(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*日?"
    r"|(?P<month_only>\d{1,2})\s*月\s*(?P<day_only>\d{1,2})\s*日"
    r"|(?P<us_month>\d{1,2})/(?P<us_day>\d{1,2})/(?P<us_year>\d{2,4})"
    r"|(?P<month_name>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\s+(?P<named_day>\d{1,2})(?:,?\s+(?P<named_year>\d{4}))?"
    r"|(?P<word>今天|昨天|前天|Today|Yesterday)"
    r"|(?P<weekday>星期[一二三四五六日天]|周[一二三四五六日天]|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|Mon|Tue|Wed|Thu|Fri|Sat|Sun))"
)
MOMENT = rf"(?:{DAY}[\s,，]*)?{CLOCK}"
SPACES = r"[ \t　]"
NAME = rf"(?P<who>[^\s:：\[【（(][^\n]{{0,{LONGEST_NAME - 1}}}?)"
FLAGS = re.IGNORECASE
DATED = tuple(
    re.compile(form, FLAGS)
    for form in (
        rf"^{NAME}{SPACES}+{MOMENT}$",
        rf"^{NAME}{SPACES}*[(（]{MOMENT}[)）][:：]?$",
        rf"^{DAY}[\s,，]*{CLOCK}{SPACES}+{NAME}[:：]?$",
        rf"^[\[【]{MOMENT}[\]】]{SPACES}*{NAME}[:：]{SPACES}*(?P<text>.*)$",
    )
)
"""Headings with a moment: `name moment`, `name (moment)`, `moment name`, `[moment] name: text`."""
NAME_ALONE = re.compile(rf"^{NAME}[:：]$")
INLINE = re.compile(rf"^(?P<who>[^\s:：/][^:：/\n]{{0,{LONGEST_NAME // 2 - 1}}})[:：]{SPACES}*(?P<text>\S.*)$")
DAY_LINE = re.compile(rf"^[—–\-=_·•\s]*{DAY}[—–\-=_·•\s]*$", FLAGS)
MOMENT_LINE = re.compile(rf"^{MOMENT}$", FLAGS)
WORDS = {"今天": 0, "today": 0, "昨天": 1, "yesterday": 1, "前天": 2}
WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6} | {
    name: place for place, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
AFTERNOON = ("下午", "晚上", "中午", "pm")
NOON = 12


@dataclass(frozen=True)
class Said:
    """One message; without `who` it is text that no speaker could be found for. `at` is known where the day is."""

    who: str | None
    at: datetime | None
    when: str | None
    text: str


class Heading(NamedTuple):
    """A line that begins a message: by whom, when, as it stood there, and what of the message stands in the line itself."""

    who: str
    fields: dict[str, str]
    text: str


Reader = Callable[[str], Heading | None]


def parse(raw: str, now: datetime, zone: ZoneInfo) -> list[Said]:
    """The messages in their order; `now` is when it was pasted: all of it lies before."""
    lines = [line.strip(" \t\r　") for line in raw.split("\n")]
    there = now.astimezone(zone)
    dated = max((_known(_read(pattern), lines) for pattern in DATED), key=lambda way: sum(way(line) is not None for line in lines))
    messages = list(_messages(lines, dated, there, has_moments=True))
    if any(one.who is not None and one.text for one in messages):
        return messages
    talk = next((way for way in map(_read, (NAME_ALONE, INLINE)) if _is_talk(way, lines)), _nobody)
    return list(_messages(lines, talk, there, has_moments=False))


def speakers(messages: Iterable[Said]) -> list[str]:
    """Who says something, in the order of their first word."""
    return list(dict.fromkeys(one.who for one in messages if one.who is not None))


def _nobody(line: str) -> None:
    del line


def _read(pattern: re.Pattern[str]) -> Reader:
    def heading(line: str) -> Heading | None:
        found = pattern.match(line)
        if found is None or MOMENT_LINE.match(line):
            return None
        fields = _given(found)
        who, text = fields.pop("who").strip(), fields.pop("text", "")
        return None if DAY_LINE.match(who) else Heading(who, fields, text)

    return heading


def _known(way: Reader, lines: Sequence[str]) -> Reader:
    """A message may end with a moment as well: a line is a heading where a message can begin, or of somebody who has begun one elsewhere.

    Of a text in which no message stands apart, two or more headings are all taken for what they seem.
    """
    found = [(before, heading) for before, line in pairwise((None, *lines)) if line is not None and (heading := way(line)) is not None]
    seen = Counter(heading.who for _, heading in found)
    is_apart = any(before == "" or DAY_LINE.match(before or "") for before, _ in found[1:])
    firm = {one.who for before, one in found if not before or DAY_LINE.match(before) or "second" in one.fields or one.text}
    known = firm | {who for who, many in seen.items() if many > 1} if is_apart or len(found) == 1 else seen.keys()
    return lambda line: heading if (heading := way(line)) is not None and heading.who in known else None


def _is_talk(way: Reader, lines: Sequence[str]) -> bool:
    """Names without a moment make a talk when most lines go by them and somebody speaks again; else they are a list of facts."""
    filled = [line for line in lines if line]
    names = [heading.who for line in filled if (heading := way(line)) is not None]
    return len(names) * 2 >= len(filled) and len(set(names)) < len(names)


def _messages(lines: Sequence[str], read: Reader, now: datetime, *, has_moments: bool) -> Iterator[Said]:
    said, text = Said(None, None, None, ""), list[str]()
    day: date | None = None
    clock: dict[str, str] = {}
    for line in lines:
        heading = read(line)
        if heading is not None:
            yield from _closed(said, text)
            said = Said(heading.who, _moment(heading.fields or clock, day, now), _as_written(heading, line), "")
            text = [heading.text] if heading.text else []
        elif marked := DAY_LINE.match(line):
            day = _day(_given(marked), now)
        elif not has_moments and (marked := MOMENT_LINE.match(line)):
            clock = _given(marked)
        else:
            text.append(line)
    yield from _closed(said, text)


def _given(found: re.Match[str]) -> dict[str, str]:
    return {name: value for name, value in found.groupdict().items() if value is not None}


def _closed(said: Said, text: Sequence[str]) -> Iterator[Said]:
    whole = "\n".join(text).strip("\n")
    if whole or said.who is not None:
        yield replace(said, text=whole)


def _as_written(heading: Heading, line: str) -> str | None:
    """The moment as it stood in the heading."""
    if not heading.fields:
        return None
    return line.removesuffix(heading.text).replace(heading.who, "", 1).strip(" \t　:：[]【】()（）")


def _moment(fields: dict[str, str], day: date | None, now: datetime) -> datetime | None:
    """In the company's zone; None where the day is not said, or there is no such moment."""
    on = _day(fields, now) or day
    if on is None or "hour" not in fields:
        return None
    hour = int(fields["hour"])
    half = (fields.get("half") or fields.get("half_after") or "").lower()
    if half in AFTERNOON and hour < NOON and not (half == "中午" and hour > NOON - 2):
        hour += NOON
    elif half in ("am", "上午", "凌晨") and hour == NOON:
        hour = 0
    try:
        return datetime.combine(on, time(hour, int(fields["minute"]), int(fields.get("second", 0))), now.tzinfo)
    except ValueError:
        return None


def _day(fields: dict[str, str], now: datetime) -> date | None:
    """The latest such day that is not ahead; None where there is none."""
    today = now.date()
    if "word" in fields:
        return today - timedelta(days=WORDS[fields["word"].lower()])
    if "weekday" in fields:
        name = fields["weekday"].lower()
        wanted = WEEKDAYS[name[:3]] if name.isascii() else WEEKDAYS[name[-1]]
        return today - timedelta(days=(today.weekday() - wanted) % 7)
    return _written_day(fields, today)


def _written_day(fields: dict[str, str], today: date) -> date | None:
    get = fields.get
    month, day = get("month") or get("month_only") or get("us_month"), get("day") or get("day_only") or get("us_day") or get("named_day")
    if get("month_name"):
        month = str(MONTHS.index(fields["month_name"].lower()[:3]) + 1)
    year = get("year") or get("us_year") or get("named_year")
    if month is None or day is None:
        return None
    try:
        if year is not None:
            return date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
        this_year = date(today.year, int(month), int(day))
        return this_year if this_year <= today else date(today.year - 1, int(month), int(day))
    except ValueError:
        return None
