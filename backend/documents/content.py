"""The bytes of a version over HTTP: whole or a range, to be saved or to be shown (RFC 9110)."""

import re
from collections.abc import Mapping
from typing import Protocol
from urllib.parse import quote

from fastapi import Response
from fastapi.responses import StreamingResponse

from backend.core.errors import Problem
from backend.core.storage.base import Store
from backend.documents import rules
from backend.documents.rules import Family
from backend.documents.schemas import Disposition

RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
POLICY = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
"""What is shown may do nothing: no script, no form, no request of its own, in no frame."""
CACHED = "private, no-cache"


class Bytes(Protocol):
    """A file as it lies in the store."""

    @property
    def name(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def sha256(self) -> str: ...
    @property
    def media_type(self) -> str: ...
    @property
    def family(self) -> str: ...


class RangeNotSatisfiable(Problem):
    status, title = 416, "Range not satisfiable"


def wanted_range(header: str | None, size: int) -> tuple[int, int] | None:
    """From where up to before where, or None for the whole file; several ranges at once get the whole. 416 for what the file has not."""
    found = RANGE.fullmatch(header.strip()) if header else None
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:
        start, end = max(0, size - int(found[2])), size
    else:
        start, end = int(found[1]), min(size, int(found[2]) + 1) if found[2] else size
    if found[1] and found[2] and int(found[2]) < int(found[1]):
        return None
    if start >= size or start >= end:
        said = f"The file has {size} bytes."
        raise RangeNotSatisfiable("range_not_satisfiable", said, headers={"Content-Range": f"bytes */{size}"}, size=size)
    return start, end


def answer(store: Store, version: Bytes, disposition: Disposition, headers: Mapping[str, str]) -> Response:
    """With `headers` as asked: If-None-Match, Range, If-Range."""
    tag = f'"{version.sha256}"'
    is_shown = disposition == "inline" and rules.may_be_shown(version.media_type, Family(version.family))
    common = {
        "ETag": tag,
        "Cache-Control": CACHED,
        "Accept-Ranges": "bytes",
        "Content-Security-Policy": POLICY,
        "Content-Disposition": f"{'inline' if is_shown else 'attachment'}; filename*=UTF-8''{quote(version.name, safe='')}",
    }
    if tag in re.split(r"\s*,\s*", headers.get("if-none-match", "")):
        return Response(status_code=304, headers=common)
    asked = headers.get("range") if headers.get("if-range", tag) == tag else None
    part = wanted_range(asked, version.size)
    start, end = part or (0, version.size)
    common["Content-Length"] = str(end - start)
    if part:
        common["Content-Range"] = f"bytes {start}-{end - 1}/{version.size}"
    body = store.read(version.sha256, start, end)
    return StreamingResponse(body, 206 if part else 200, common, media_type=version.media_type)
