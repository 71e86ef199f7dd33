"""Bodies as forms really send them: JSON, form-urlencoded, multipart, text that is JSON; UTF-8 first, then GB18030 (pure)."""

import json
import logging
import math
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote_to_bytes

from python_multipart import FormParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import Field, File, parse_options_header

MAX_DEPTH = 32
MAX_MEMBERS = 1000
LONGEST_NUMBER = 100
BRACKETS = re.compile(r"\[([^\[\]]*)\]")
PART = rb"(--%b\r\n(?:[^\r\n]+\r\n){0,8}?content-disposition:[^\r\n]*?;[ \t]*)filename\*[ \t]*=[ \t]*\"?([\w-]*)'[\w-]*'([^;\s\"]*)\"?"
"""The head of a part up to its name of a file as RFC 5987 writes it; few lines, so that a body of boundaries alone stays cheap."""
UNQUOTABLE = re.compile(rb'[\x00-\x1f"\\]')
CHINESE_CHARSETS = ("gb18030", "gbk", "gb2312", "gb_2312", "x-gbk")

logging.getLogger("python_multipart").setLevel(logging.CRITICAL)
"""What a stranger sent wrongly is answered and kept, and is no fault of ours."""


class Unreadable(ValueError):
    """The body cannot be parsed; `field` names the place where that is known."""

    def __init__(self, detail: str, field: str = "") -> None:
        super().__init__(detail)
        self.field = field


def parse_body(raw: bytes, content_type: str) -> dict[str, Any]:
    """The members of a body; a list becomes `{"items": [...]}`. Raises `Unreadable`."""
    kind, _, parameters = content_type.partition(";")
    charset = _charset(parameters)
    match kind.strip().lower():
        case "application/x-www-form-urlencoded":
            return _clean_members(parse_form(raw, charset))
        case "multipart/form-data":
            return _clean_members(parse_multipart(raw, content_type, charset))
    found = _parse_json(decode(raw, charset))
    if isinstance(found, list):
        found = {"items": found}
    if not isinstance(found, dict):
        raise Unreadable("The body must be a JSON object or a form.")
    return _clean_members(found)


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


def parse_multipart(raw: bytes, content_type: str, charset: str = "") -> dict[str, Any]:
    """The same members from a multipart body; of a file only its name, the rest stays in the kept post."""
    pairs: list[tuple[bytes, bytes]] = []

    def field(found: Field) -> None:
        pairs.append((found.field_name or b"", found.value or b""))

    def file(found: File) -> None:
        pairs.append((found.field_name or b"", found.file_name or b""))

    boundary, ends = parse_options_header(content_type)[1].get(b"boundary", b""), list[bool]()
    try:
        parser = FormParser("multipart/form-data", field, file, lambda: ends.append(True), boundary=boundary)
        parser.write(_with_plain_file_names(raw, boundary))
        parser.finalize()
    except FormParserError as error:
        raise Unreadable("The body is not multipart/form-data as its Content-Type says.") from error
    if not ends:
        raise Unreadable("The body breaks off before its closing boundary.")
    return _members(pairs, charset)


def _with_plain_file_names(raw: bytes, boundary: bytes) -> bytes:
    """`filename*=UTF-8''%E5..` as a plain `filename`: the parser takes a part without one for a field."""

    def plain(found: re.Match[bytes]) -> bytes:
        name = unquote_to_bytes(found[3])
        charset = found[2].decode().lower()
        if charset in CHINESE_CHARSETS or charset == "iso-8859-1":
            name = name.decode(charset, "replace").encode()
        return found[1] + b'filename="' + UNQUOTABLE.sub(b"_", name) + b'"'

    return re.sub(PART % re.escape(boundary), plain, raw, flags=re.IGNORECASE)


def _members(pairs: list[tuple[bytes, bytes]], charset: str) -> dict[str, Any]:
    if len(pairs) > MAX_MEMBERS:
        raise Unreadable(f"The form has more than {MAX_MEMBERS} fields.")
    whole = b"\n".join(part for pair in pairs for part in pair)
    encoding = charset if charset in CHINESE_CHARSETS else _encoding_of(whole)
    members: dict[str, Any] = {}
    for name, value in pairs:
        _put(members, _steps(_text(name, encoding)), _text(value, encoding))
    return members


def _encoding_of(whole: bytes) -> str:
    try:
        whole.decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def _text(part: bytes, encoding: str) -> str:
    try:
        return part.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable("The form is neither UTF-8 nor GB18030.") from error


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
