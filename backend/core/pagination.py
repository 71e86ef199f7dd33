"""Keyset paging: an opaque cursor holds the sort values of the last row and the filter it belongs to."""

import base64
import binascii
import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel

from backend.core.errors import BadRequest
from backend.core.schemas import MOST_CHOICES

T = TypeVar("T")
MAX_LIMIT = 200

Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="Rows on a page")]
Several = Query(max_length=MOST_CHOICES, description="Several values are alternatives")
Cursor = Annotated[str | None, Query(max_length=500, description="`next_cursor` of the page before")]


class Page(BaseModel, Generic[T]):
    """A bounded page; `next_cursor` is null on the last one."""

    items: list[T]
    next_cursor: str | None


class ListCount(BaseModel):
    """How many a filter finds; `is_more` when there are more than this bound."""

    count: int
    is_more: bool


def _tag(shape: Sequence[Any]) -> str:
    return hashlib.sha256(json.dumps(shape, default=str).encode()).hexdigest()[:8]


def encode_cursor(values: Sequence[Any], shape: Sequence[Any] = ()) -> str:
    """`shape` is what the page depends on (filters, sort): a cursor of another shape is refused."""
    texts = [value.isoformat() if isinstance(value, datetime) else str(value) for value in values]
    return base64.urlsafe_b64encode(json.dumps([_tag(shape), *texts]).encode()).decode().rstrip("=")


def decode_cursor(cursor: str | None, kinds: Sequence[type], shape: Sequence[Any] = ()) -> tuple[Any, ...] | None:
    """The values behind a cursor, each read as its kind (datetime, date as text, UUID, int, Decimal, str); 400 when it is not ours."""
    if cursor is None:
        return None
    try:
        tag, *texts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if tag != _tag(shape) or len(texts) != len(kinds):
            raise ValueError("the cursor belongs to another list")
        return tuple(_read(text, kind) for text, kind in zip(texts, kinds, strict=True))
    except (ValueError, TypeError, AttributeError, binascii.Error, ArithmeticError) as error:
        raise BadRequest("bad_cursor", "The cursor is not one that this list gave out; start again without it.") from error


def _read(text: str, kind: type) -> Any:
    if "\0" in text:
        raise ValueError("no text that a database can hold")
    text.encode()
    if kind is datetime:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise ValueError("no zone")
        return moment.astimezone(UTC)
    if kind is date:
        return text if text == "infinity" else date.fromisoformat(text).isoformat()
    if kind is int:
        number = int(text)
        if abs(number) >= 2**63:
            raise ValueError("too large")
        return number
    if kind is Decimal:
        amount = Decimal(text)
        if not amount.is_finite() or abs(amount) >= 10**18:
            raise ValueError("no amount")
        return amount
    return UUID(text) if kind is UUID else text


def page_of(rows: Sequence[T], limit: int, key: Any, shape: Sequence[Any] = ()) -> tuple[list[T], str | None]:
    """Cuts `limit + 1` fetched rows to a page; `key(row)` gives the sort values of a row."""
    items = list(rows[:limit])
    return items, encode_cursor(key(items[-1]), shape) if len(rows) > limit else None
