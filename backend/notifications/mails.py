"""A letter from its parts, as text and as HTML of one source. Pure.

HTML as mail programs want it: tables and inline styles, no stylesheet, no picture. Whatever stands in a part is text and is escaped.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

FONT = "-apple-system,BlinkMacSystemFont,'PingFang SC','Microsoft YaHei','Segoe UI',sans-serif"
INK, SOFT, LINE, ACCENT, RED = "#1f2329", "#646a73", "#dee0e3", "#1456f0", "#c9353f"
CELL = f"padding:8px 10px;border-bottom:1px solid {LINE};text-align:left;vertical-align:top;font-size:14px;line-height:1.5"


@dataclass(frozen=True)
class Heading:
    text: str


@dataclass(frozen=True)
class Paragraph:
    text: str
    is_soft: bool = False


@dataclass(frozen=True)
class Link:
    """A button; where there is no address, nothing."""

    text: str
    url: str


@dataclass(frozen=True)
class Cell:
    """What stands in a table: a link where there is an address, red where it is an alarm, a soft second line below."""

    text: str
    url: str = ""
    below: str = ""
    is_alarm: bool = False


@dataclass(frozen=True)
class Table:
    titles: Sequence[str]
    rows: Sequence[Sequence[Cell]]


Part = Heading | Paragraph | Link | Table


@dataclass(frozen=True)
class Said:
    """A finished letter."""

    subject: str
    text: str
    html: str


FOOT = (
    "这封邮件由成单自动发送，请不要直接回复。",
    "Chengdan sent this message by itself; please do not reply to it.",
)


def address(public_url: str, path: str) -> str:
    """Where a screen is; empty where the installation does not know its own address."""
    return f"{public_url.rstrip('/')}{path}" if public_url else ""


def render(subject: str, parts: Sequence[Part], *, is_english: bool) -> Said:
    closing = Paragraph(FOOT[is_english], is_soft=True)
    whole = [*parts, closing]
    text = "\n\n".join(said for part in whole if (said := _text(part)))
    body = "".join(_html(part) for part in whole)
    language = "en" if is_english else "zh-CN"
    return Said(subject, text + "\n", _page(language, subject, body))


def _text(part: Part) -> str:
    if isinstance(part, Link):
        return f"{part.text}: {part.url}" if part.url else ""
    if isinstance(part, Table):
        return "\n\n".join(_row_text(part.titles, row) for row in part.rows)
    return part.text


def _row_text(titles: Sequence[str], row: Sequence[Cell]) -> str:
    """One line a value: tables fall apart in plain text on a phone."""
    lines = []
    for title, cell in zip(titles, row, strict=True):
        said = " · ".join(one for one in (cell.text, cell.below) if one)
        lines += [f"{title}: {said}"] if said else []
        lines += [f"  {cell.url}"] if cell.url else []
    return "\n".join(lines)


def _html(part: Part) -> str:
    if isinstance(part, Heading):
        return f'<h1 style="margin:0 0 12px;font-size:20px;line-height:1.4;color:{INK}">{escape(part.text)}</h1>'
    if isinstance(part, Paragraph):
        look = f"font-size:12px;color:{SOFT}" if part.is_soft else f"font-size:15px;color:{INK}"
        return f'<p style="margin:0 0 16px;line-height:1.6;{look}">{_lines(part.text)}</p>'
    if isinstance(part, Link):
        return _button(part) if part.url else ""
    return _table(part)


def _button(link: Link) -> str:
    inner = f'<a href="{escape(link.url)}" style="display:inline-block;padding:10px 20px;color:#ffffff;text-decoration:none;font-size:15px">{escape(link.text)}</a>'
    return (
        f'<table role="presentation" cellpadding="0" cellspacing="0" style="margin:0 0 20px"><tr>'
        f'<td bgcolor="{ACCENT}" style="border-radius:6px">{inner}</td></tr></table>'
    )


def _table(table: Table) -> str:
    head = "".join(f'<th style="{CELL};color:{SOFT};font-weight:600;white-space:nowrap">{escape(one)}</th>' for one in table.titles)
    rows = "".join(f"<tr>{''.join(_cell(cell) for cell in row)}</tr>" for row in table.rows)
    return (
        f'<table cellpadding="0" cellspacing="0" width="100%" style="width:100%;border-collapse:collapse;margin:0 0 20px">'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _cell(cell: Cell) -> str:
    colour = RED if cell.is_alarm else INK
    said = _lines(cell.text)
    if cell.url:
        said = f'<a href="{escape(cell.url)}" style="color:{ACCENT};text-decoration:none">{said}</a>'
    below = f'<br><span style="font-size:12px;color:{SOFT}">{_lines(cell.below)}</span>' if cell.below else ""
    return f'<td style="{CELL};color:{colour}">{said}{below}</td>'


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _page(language: str, title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><title>{escape(title)}</title></head>'
        f'<body style="margin:0;padding:0;background:#f5f6f7;font-family:{FONT}">'
        f'<table role="presentation" cellpadding="0" cellspacing="0" width="100%" bgcolor="#f5f6f7"><tr><td align="center" style="padding:16px 8px">'
        f'<table role="presentation" cellpadding="0" cellspacing="0" width="100%" bgcolor="#ffffff" style="max-width:860px;border-radius:8px">'
        f'<tr><td style="padding:24px 20px 8px;font-family:{FONT}">{body}</td></tr></table></td></tr></table></body></html>'
    )
