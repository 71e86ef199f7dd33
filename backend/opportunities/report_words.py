"""What the exception report says, as a letter and as a table, in the reader's language. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.notifications import mails
from backend.notifications.mails import Cell, Heading, Link, Paragraph, Part, Said, Table
from backend.opportunities.rules import opportunity_number

MOST_IN_LETTER = 50
LONGEST_WORD = 160
BOARD = "/board?late=yes&scope=region"


@dataclass(frozen=True)
class Line:
    """One deal that has not advanced; days are whole ones. `last_word` is what somebody last said of it."""

    id: UUID
    number: int
    name: str
    customer: str
    owner: str
    stage_zh: str
    stage_en: str
    amount: Decimal | None
    currency: str
    days_unadvanced: int
    days_quiet: int
    last_word: str
    last_word_at: datetime | None
    last_word_by: str
    is_new: bool

    def stage(self, is_english: bool) -> str:
        return self.stage_en if is_english else self.stage_zh

    @property
    def money(self) -> str:
        return "" if self.amount is None else f"{self.currency} {self.amount:,.2f}"


@dataclass(frozen=True)
class Words:
    title: str
    subject: str
    intro: str
    fresh: str
    more: str
    open: str
    columns: tuple[str, ...]
    new: str
    days: str
    quiet: str
    silence: str
    sheet: tuple[str, ...]


CHINESE = Words(
    title="商机异常报告",
    subject="商机异常报告 {day}：{count} 个商机长期未推进",
    intro="下面 {count} 个商机长期没有进入后面的阶段，停得最久的在前。请和负责人一起推进，或者了结它。",
    fresh="其中 {fresh} 个是上次报告之后新增的。",
    more="邮件里只列前 {shown} 个，全部 {count} 个在附件里。",
    open="打开看板",
    columns=("商机", "未推进"),
    new="新增",
    days="{days} 天",
    quiet="{days} 天未更新",
    silence="没有记录",
    sheet=(
        "编号",
        "商机",
        "客户",
        "负责人",
        "阶段",
        "金额",
        "币种",
        "未推进（天）",
        "未更新（天）",
        "新增",
        "最后一句话",
        "说的人",
        "时间",
        "链接",
    ),
)
ENGLISH = Words(
    title="Deal exceptions",
    subject="Deal exceptions {day}: {count} not advanced for too long",
    intro="{count} deals below have not come into a later stage for too long, the longest first. Move them on with their owners, or close them.",
    fresh="{fresh} of them are new since the last report.",
    more="The message lists the first {shown}; all {count} are in the attached file.",
    open="Open the board",
    columns=("Deal", "Not advanced"),
    new="new",
    days="{days} days",
    quiet="no update for {days} days",
    silence="nothing logged",
    sheet=(
        "Number", "Deal", "Customer", "Owner", "Stage", "Amount", "Currency", "Days not advanced", "Days without update", "New", "Last word",
        "Said by", "When", "Link",
    ),
)  # fmt: skip
WIDTHS = [14, 28, 28, 12, 14, 16, 8, 14, 14, 8, 50, 12, 18, 50]


def words(is_english: bool) -> Words:
    return ENGLISH if is_english else CHINESE


def letter(lines: Sequence[Line], day: date, public_url: str, *, is_english: bool) -> Said:
    said, count, shown = words(is_english), len(lines), lines[:MOST_IN_LETTER]
    fresh = sum(line.is_new for line in lines)
    intro = [said.intro.format(count=count)]
    intro += [said.fresh.format(fresh=fresh)] if 0 < fresh < count else []
    intro += [said.more.format(shown=len(shown), count=count)] if len(shown) < count else []
    parts: list[Part] = [
        Heading(said.title),
        Paragraph("\n".join(intro)),
        Table(said.columns, [_row(line, said, public_url, is_english) for line in shown]),
        Link(said.open, mails.address(public_url, BOARD)),
    ]
    return mails.render(said.subject.format(day=day.isoformat(), count=count), parts, is_english=is_english)


def _row(line: Line, said: Words, public_url: str, is_english: bool) -> list[Cell]:
    """Two columns, so that it reads on a phone: the deal with all about it, and how long."""
    url = mails.address(public_url, f"/opportunities/{line.id}")
    about = [line.name if line.customer else "", line.owner, line.stage(is_english), line.money]
    spoken = [_short(line.last_word) or said.silence, line.last_word_by, f"{line.last_word_at:%Y-%m-%d}" if line.last_word_at else ""]
    new = f" · {said.new}" if line.is_new else ""
    return [
        Cell(line.customer or line.name, url, below="\n".join(" · ".join(one for one in part if one) for part in (about, spoken))),
        Cell(said.days.format(days=line.days_unadvanced) + new, below=said.quiet.format(days=line.days_quiet), is_alarm=True),
    ]


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= LONGEST_WORD else f"{plain[:LONGEST_WORD]}…"


def table(lines: Sequence[Line], public_url: str, zone: str, *, is_english: bool) -> tuple[str, list[int], list[list[Any]]]:
    """Title, widths, and rows with their heading: figures as figures, moments on the company's clock."""
    said, company = words(is_english), ZoneInfo(zone)
    rows: list[list[Any]] = [list(said.sheet)]
    for line in lines:
        at = line.last_word_at.astimezone(company).replace(tzinfo=None, microsecond=0) if line.last_word_at else None
        rows.append(
            [
                opportunity_number(line.number), line.name, line.customer, line.owner, line.stage(is_english),
                None if line.amount is None else float(line.amount), line.currency, line.days_unadvanced, line.days_quiet,
                said.new if line.is_new else "", line.last_word, line.last_word_by, at, mails.address(public_url, f"/opportunities/{line.id}"),
            ]
        )  # fmt: skip
    return said.title, WIDTHS, rows
