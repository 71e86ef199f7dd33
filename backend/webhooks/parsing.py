"""Bodies as forms really send them: JSON, form-urlencoded, multipart, text that is JSON; UTF-8 first, then GB18030 (pure)."""

import json
import math
import re
from collections.abc import Iterable
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes

from python_multipart.exceptions import FormParserError

from backend.webhooks.multipart import CHINESE_CHARSETS, UNDECODABLE, Unfinished, read_parts

MAX_DEPTH = 32
MAX_MEMBERS = 1000
LONGEST_NUMBER = 100
BRACKETS = re.compile(r"\[([^\[\]]*)\]")


class Unreadable(ValueError):
    """The body cannot be parsed; `field` names the place where that is known."""

    def __init__(self, detail: str, field: str = "") -> None:
        super().__init__(detail)
        self.field = field


class Flaw(NamedTuple):
    """What is wrong with one member of a body that could be read as a whole."""

    code: str
    field: str


class Parsed(NamedTuple):
    members: dict[str, Any]
    flaws: list[Flaw]


def parse_body(raw: bytes, content_type: str) -> Parsed:
    """The members of a body; a list becomes `{"items": [...]}`. Raises `Unreadable`."""
    kind, _, parameters = content_type.partition(";")
    charset = _charset(parameters)
    match kind.strip().lower():
        case "application/x-www-form-urlencoded":
            return Parsed(_clean_members(parse_form(raw, charset)), [])
        case "multipart/form-data":
            members, flaws = parse_multipart(raw, content_type, charset)
            return Parsed(_clean_members(members), flaws)
    found = _parse_json(decode(raw, charset))
    if isinstance(found, list):
        found = {"items": found}
    if not isinstance(found, dict):
        raise Unreadable("The body must be a JSON object or a form.")
    return Parsed(_clean_members(found), [])


def _charset(parameters: str) -> str:
    found = re.search(r"charset\s*=\s*\"?([A-Za-z0-9_.:-]+)", parameters, re.IGNORECASE)
    return found[1].lower() if found else ""


def decode(raw: bytes, charset: str = "") -> str:
    """UTF-8 (with or without BOM), else GB18030; the sender's word wins where it names a Chinese encoding."""
    order = ("gb18030", "utf-8-sig") if charset in CHINESE_CHARSETS else ("utf-8-sig", "gb18030")
    for encoding in order:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("The body is neither UTF-8 nor GB18030.")


def _parse_json(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_refuse_constant, parse_float=_number, parse_int=_number)
    except RecursionError as error:
        raise Unreadable("The body is nested too deeply.") from error
    except json.JSONDecodeError as error:
        raise Unreadable(f"The body is not JSON: {error.msg} at line {error.lineno}, column {error.colno}.") from error


def _refuse_constant(name: str) -> Any:
    raise Unreadable(f"The body is not JSON: {name} is no JSON number.")


def _number(text: str) -> Any:
    """Numbers that neither Python nor PostgreSQL would keep exactly stay text."""
    if len(text) > LONGEST_NUMBER:
        return text
    if text.lstrip("-").isdigit():
        return int(text)
    value = float(text)
    return value if math.isfinite(value) else text


def _clean_members(members: dict[str, Any]) -> dict[str, Any]:
    return {_clean_text(name): _clean(value, 1, name) for name, value in members.items()}


def _clean(value: Any, depth: int = 0, path: str = "") -> Any:
    """Without what PostgreSQL cannot keep (NUL, lone surrogates); refuses bottomless nesting."""
    if depth > MAX_DEPTH:
        raise Unreadable(f"The body is nested deeper than {MAX_DEPTH} levels.", path)
    if isinstance(value, str):
        return _clean_text(value)
    if isinstance(value, list):
        return [_clean(item, depth + 1, path) for item in value]
    if isinstance(value, dict):
        return {_clean_text(key): _clean(item, depth + 1, path or key) for key, item in value.items()}
    return value


def _clean_text(text: str) -> str:
    if text.isascii():
        return text.replace("\x00", "�")
    return text.replace("\x00", "�").encode("utf-8", "replace").decode()


def parse_form(raw: bytes, charset: str = "") -> dict[str, Any]:
    """`a=1&b[c]=2&d[]=3&e[0][f]=4` as nested members; a repeated name becomes a list."""
    pairs = [part.partition(b"=") for part in raw.replace(b"+", b" ").split(b"&") if part]
    return _members([(unquote_to_bytes(name), unquote_to_bytes(value)) for name, _, value in pairs], charset)


def parse_multipart(raw: bytes, content_type: str, charset: str = "") -> Parsed:
    """The same members from a multipart body; of a file only its name, the rest stays in the kept post."""
    try:
        parts = read_parts(raw, content_type, MAX_MEMBERS)
    except FormParserError as error:
        raise Unreadable("The body is not multipart/form-data as its Content-Type says.") from error
    except Unfinished as error:
        raise Unreadable("The body breaks off before its closing boundary.") from error
    _refuse_too_many(len(parts))
    encoding = _encoding_of([text for part in parts for text in part[:2]], charset) or "utf-8"
    members: dict[str, Any] = {}
    flaws: list[Flaw] = []
    for part in parts:
        name, value = part.name.decode(encoding, "replace"), part.value.decode(encoding, "replace")
        flaw = part.flaw or (UNDECODABLE if "\ufffd" in name + value else "")
        if flaw:
            flaws.append(Flaw(flaw, _clean_text(name)[:200]))
        _put(members, _steps(name), value)
    return Parsed(members, flaws)


def _members(pairs: list[tuple[bytes, bytes]], charset: str) -> dict[str, Any]:
    _refuse_too_many(len(pairs))
    encoding = _encoding_of([text for pair in pairs for text in pair], charset)
    if encoding is None:
        raise Unreadable("The form is neither UTF-8 nor GB18030.")
    members: dict[str, Any] = {}
    for name, value in pairs:
        _put(members, _steps(name.decode(encoding)), value.decode(encoding))
    return members


def _refuse_too_many(count: int) -> None:
    if count > MAX_MEMBERS:
        raise Unreadable(f"The form has more than {MAX_MEMBERS} fields.")


def _encoding_of(texts: list[bytes], charset: str) -> str | None:
    """The one encoding in which all texts can be read: the Chinese one that the sender names, UTF-8, else GB18030."""
    whole = b"\n".join(texts)
    for encoding in (charset,) if charset in CHINESE_CHARSETS else ("utf-8", "gb18030"):
        try:
            whole.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return None


def _steps(name: str) -> list[str]:
    """`fields[name][value]` -> fields, name, value; a name with odd brackets is itself."""
    head, bracket, rest = name.partition("[")
    inner = bracket + rest
    if not head or not inner or BRACKETS.sub("", inner):
        return [name]
    return [head, *BRACKETS.findall(inner)][:MAX_DEPTH]


def _put(members: dict[str, Any], steps: list[str], value: str) -> None:
    current = members
    *way, last = steps
    for step in way[: len(way) if last else len(way) - 1]:
        following = current.setdefault(step, {})
        if not isinstance(following, dict):
            following = current[step] = {"": following}
        current = following
    if not last and way:
        _append(current, way[-1], value)
    elif last in current:
        _append(current, last, value)
    else:
        current[last] = value


def _append(current: dict[str, Any], name: str, value: str) -> None:
    """The second value of a name makes a list of it."""
    if name not in current:
        current[name] = [value]
    elif isinstance(current[name], list):
        current[name].append(value)
    else:
        current[name] = [current[name], value]


def texts(value: Any) -> Iterable[str]:
    """The texts of a value that people could have typed: numbers and booleans as text, lists one by one."""
    if isinstance(value, bool):
        yield "true" if value else "false"
    elif isinstance(value, str | int | float):
        yield str(value)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
