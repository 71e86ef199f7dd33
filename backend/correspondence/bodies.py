"""The text of a letter: HTML as plain text, and its first lines without what it quotes (pure)."""

import re
from html import unescape

EXCERPT = 300
LONGEST_TEXT = 100_000
LONGEST_LINE = 400
"""Of a line that may begin a quotation."""
SKIPPED = frozenset({"script", "style", "head", "title", "template", "noscript", "object", "svg"})
BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4",
    "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table", "tr", "ul",
})  # fmt: skip
CELLS = frozenset({"td", "th"})
BLANKS = re.compile(r"[ \t\u00a0\u200b\ufeff]+")
EMPTY_LINES = re.compile(r"\n{3,}")
HEADER_LINE = re.compile(r"^\s*\**(?:发件人|寄件者|From|Von|De)\**\s*[:：]", re.IGNORECASE)
HEADER_NEXT = re.compile(
    r"^\s*\**(?:发送时间|发送日期|日期|时间|收件人|抄送|主题|寄件日期|Sent|Date|To|Cc|Subject)\**\s*[:：]", re.IGNORECASE
)
QUOTE_MARKS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"^\s*[-_—=]{2,}\s*(?:原始邮件|原邮件|回复的原邮件|转发的邮件|转发邮件信息|轉寄的郵件|Original Message|Forwarded message|Original)\s*[-_—=]{2,}",
        r"^\s*_{20,}\s*$",
        r"^.{0,100}(?:<[^<>@\s]+@[^<>\s]+>|@\S+).{0,60}(?:写道|寫道)\s*[:：]?\s*$",
        r"^.{1,100}[于於]\s*\d{4}.{1,150}(?:写道|寫道)\s*[:：]\s*$",
    )
)
"""Lines after which mail programs repeat everything that was written before; the screens know the same (`quoted.ts`)."""
QUOTE_SENTENCES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"^\s*(?:On|Le|Am)\b.{5,200}(?:wrote|a écrit|schrieb)\s*[:：]\s*$",
        r"^\s*(?:在|于)?\s*\d{4}\s*[-年/.].{3,150}(?:写道|寫道)\s*[:：]?\s*$",
    )
)
"""The same, also over two lines."""
SIGNATURE = re.compile(r"^--\s?$")
ADDRESS = re.compile(r"[A-Za-z0-9._%+'\-]{1,64}@[A-Za-z0-9.\-]{1,190}\.[A-Za-z]{2,24}")


TAG = re.compile(r"<(/?)([A-Za-z][^\s<>/]*)[^<>]*>")
DECLARATION = re.compile(r"<[!?][^<>]*>")


def from_html(html: str) -> str:
    """What somebody would read of it: lines where blocks end, nothing of scripts, styles or pictures. In one pass, whatever is left open."""
    pieces: list[str] = []
    skipping, at = 0, 0
    source = DECLARATION.sub("", _without_comments(html))
    for tag in TAG.finditer(source):
        if not skipping:
            pieces.append(_words(source[at : tag.start()]))
        at = tag.end()
        is_end, name = tag[1] == "/", tag[2].lower()
        if name in SKIPPED:
            skipping = max(0, skipping - 1) if is_end else skipping + (not tag[0].endswith("/>"))
        elif name in BLOCKS and not (is_end and name == "br"):
            pieces.append("\n")
        elif name in CELLS and not is_end:
            pieces.append(" ")
    if not skipping:
        pieces.append(_words(source[at:]))
    return tidy("".join(pieces))


def _without_comments(html: str) -> str:
    """What stands behind a comment that never ends is part of it."""
    kept, at = [], 0
    while (begins := html.find("<!--", at)) >= 0:
        kept.append(html[at:begins])
        ends = html.find("-->", begins + 4)
        if ends < 0:
            return "".join(kept)
        at = ends + 3
    return "".join((*kept, html[at:]))


def _words(text: str) -> str:
    """Entities as what they stand for; a number with thousands of digits stands for nothing."""
    plain = text.replace("\r", " ").replace("\n", " ")
    try:
        return unescape(plain)
    except ValueError:
        return plain


def tidy(text: str) -> str:
    """Lines without blanks at their ends, at most one empty line between two."""
    lines = (BLANKS.sub(" ", line).strip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip()


def own_part(text: str) -> str:
    """What the sender wrote, without quoted letters below it and without a signature; all of it where nothing else is left."""
    lines = text.splitlines()
    end = next((place for place in range(len(lines)) if _begins_quote(lines, place)), len(lines))
    kept = [line for line in lines[:end] if not line.lstrip().startswith(">")]
    own = "\n".join(kept).strip()
    return own or text.strip()


def _begins_quote(lines: list[str], place: int) -> bool:
    line, following = lines[place][:LONGEST_LINE], [one[:LONGEST_LINE] for one in lines[place + 1 : place + 4]]
    if SIGNATURE.match(line) or _says_so(line):
        return True
    if following and not _says_so(following[0]) and any(pattern.match(f"{line} {following[0]}") for pattern in QUOTE_SENTENCES):
        return True
    below = next((one for one in following if one.strip()), "")
    return bool(HEADER_LINE.match(line) and HEADER_NEXT.match(below))


def _says_so(line: str) -> bool:
    return any(pattern.match(line) for pattern in (*QUOTE_MARKS, *QUOTE_SENTENCES))


def excerpt(text: str) -> str:
    """The first lines of what the sender wrote, as one."""
    first = " ".join(own_part(text).split())
    return first if len(first) <= EXCERPT else first[: EXCERPT - 1] + "…"


def forwarded_from(text: str) -> list[str]:
    """Addresses in the `From:` lines of letters that are forwarded in this text, the outermost first."""
    found = []
    for place, line in enumerate(text.splitlines()[:400]):
        if HEADER_LINE.match(line) and place < 400:
            found += ADDRESS.findall(line)
    return list(dict.fromkeys(address.lower() for address in found))


def cut(text: str) -> tuple[str, bool]:
    """As much as we keep, and whether there was more."""
    return (text, False) if len(text) <= LONGEST_TEXT else (text[:LONGEST_TEXT], True)
