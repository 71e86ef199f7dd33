"""One action on many records: each succeeds or is refused by itself, and the answer says which."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.errors import Problem
from backend.core.schemas import Out

MOST_AT_ONCE = 200
BulkIds = Annotated[list[UUID], Field(min_length=1, max_length=MOST_AT_ONCE)]


class BulkRow(Out):
    """What became of one of the records (200 done, 202 waits for an approval); `code` says why it was left alone."""

    id: UUID
    status: int
    code: str | None
    detail: str | None


class BulkResult(Out):
    """One row for each record that was named, in that order."""

    items: list[BulkRow]
    done: int
    refused: int


def always_done(_: Any) -> int:
    return 200


async def apply(
    session: AsyncSession,
    ids: Sequence[UUID],
    step: Callable[[UUID], Awaitable[Any]],
    status_of: Callable[[Any], int] = always_done,
) -> BulkResult:
    """Each in a savepoint of its own, in the order of their ids so that two such requests do not wait for each other in a circle."""
    rows = {record_id: await _tried(session, step, status_of, record_id) for record_id in sorted(set(ids))}
    items = [rows[record_id] for record_id in dict.fromkeys(ids)]
    done = sum(row.code is None for row in items)
    return BulkResult(items=items, done=done, refused=len(items) - done)


async def _tried(
    session: AsyncSession, step: Callable[[UUID], Awaitable[Any]], status_of: Callable[[Any], int], record_id: UUID
) -> BulkRow:
    try:
        async with session.begin_nested():
            status = status_of(await step(record_id))
    except Problem as problem:
        return BulkRow(id=record_id, status=problem.status, code=problem.code, detail=problem.detail)
    return BulkRow(id=record_id, status=status, code=None, detail=None)
