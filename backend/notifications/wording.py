"""What a channel says, in Chinese: modules register the words of their kinds; messages are built from them. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from backend.integrations.dingtalk import wire

LONGEST_VALUE = 80
NEUTRAL = str.maketrans(
    {"[": "［", "]": "］", "<": "＜", ">": "＞", "#": "＃", "*": "＊", "_": "＿", "`": "'", "@": "＠", "|": "｜", "~": "～"}
)


@dataclass(frozen=True)
class Wording:
    """Format strings over the params of one kind; `path` is where the screen of the subject is, with `{subject_id}` where it has one, and
    with params where one kind speaks of several sorts of subjects.
    """

    title: str
    line: str
    path: str = ""


@dataclass(frozen=True)
class Item:
    """One notification and whom to mention."""

    kind: str
    params: Mapping[str, Any]
    subject_id: UUID | None
    person_name: str
    mobile: str | None


@dataclass(frozen=True)
class Style:
    """What a channel needs: the address of the screens, and a keyword that the robot's security demands."""

    public_url: str = ""
    keyword: str = ""


WORDINGS: dict[str, Wording] = {}


def register(kind: str, wording: Wording) -> None:
    WORDINGS[kind] = wording


def _plain(value: Any) -> str:
    """One line without markup: names come from strangers and must not become links or mentions."""
    if isinstance(value, list):
        value = "、".join(map(str, value))
    return " ".join(str("" if value is None else value).translate(NEUTRAL).split())[:LONGEST_VALUE]


def _is_deep(value: Any) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and not all(isinstance(one, str) for one in value))


def words(item: Item) -> tuple[str, str, str]:
    """Title, line and path; a kind without registered words shows its params, so that nothing is nameless."""
    values = {name: _plain(value) for name, value in item.params.items() if not _is_deep(value)}
    wording = WORDINGS.get(item.kind)
    if wording is None:
        return "提醒", " · ".join(value for value in values.values() if value) or _plain(item.kind), ""
    title, line = (_tidy(form.format_map(defaultdict(str, values))) for form in (wording.title, wording.line))
    has_place = item.subject_id is not None or "{" not in wording.path
    path = wording.path.format_map(defaultdict(str, values) | {"subject_id": item.subject_id}) if has_place else ""
    return title, line, path


def _tidy(text: str) -> str:
    """Separators around values that were not given disappear."""
    return " · ".join(part.strip() for part in text.split(" · ") if part.strip())


def _link(style: Style, path: str) -> str:
    return f" [查看]({style.public_url.rstrip('/')}{path})" if path and style.public_url else ""


def _with_keyword(title: str, style: Style) -> str:
    return title if not style.keyword or style.keyword in title else f"{style.keyword} {title}"


def single(item: Item, style: Style) -> wire.Body:
    """A message about one thing, with a real mention of its person."""
    title, line, path = words(item)
    heading = _with_keyword(title, style)
    mobiles = [item.mobile] if item.mobile else []
    ending = f"\n\n{_plain(item.person_name)}{_link(style, path)}"
    return wire.cut_to_fit(lambda text: wire.markdown_body(heading, f"#### {heading}\n> {text}{ending}", mobiles), line)


def digest(items: Sequence[Item], style: Style) -> wire.Body:
    """A message about many things: one line each, everybody mentioned once."""
    heading = _with_keyword(f"{len(items)} 条提醒", style)
    lines = []
    for item in items:
        title, line, path = words(item)
        lines.append(f"- {title}：{line} → {_plain(item.person_name)}{_link(style, path)}")
    mobiles = list(dict.fromkeys(item.mobile for item in items if item.mobile))
    return wire.markdown_body(heading, "\n".join([f"#### {heading}", *lines, ""]), mobiles)


def compose(items: Sequence[Item], style: Style) -> tuple[int, wire.Body]:
    """How many of the items the next message names, and its body: as many as fit, at least one."""
    count = len(items)
    while count > 1:
        body = digest(items[:count], style)
        if wire.fits(body):
            return count, body
        count = max(1, min(count - 1, count * wire.MAX_BODY_BYTES // len(wire.encode(body))))
    return 1, single(items[0], style)


register("channel.failing", Wording("通道故障", "{channel} · {problem}"))
register("channel.test", Wording("测试消息", "{channel} · {by} 正在测试这个通道，收到即表示畅通"))
register("delivery.dead", Wording("消息未送达", "{channel} · {problem}"))
