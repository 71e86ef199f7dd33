"""What is pruned, what stays, and that a batch never grows beyond its bound."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import delete, event, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.db import Lens, bind
from backend.core.idempotency import IdempotencyKey
from backend.core.jobs import prune_idempotency_keys, prune_outbox
from backend.core.outbox import Outbox, OutboxReceipt
from backend.worker import cron_table
from tests.conftest import NOW

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backend.core.jobs.real_now", lambda: NOW)
    monkeypatch.setattr("backend.core.pruning.BATCH", 2)


@pytest.fixture
def deletions(session: AsyncSession) -> list[int]:
    """How many rows each DELETE took."""
    took: list[int] = []

    def note(_: Any, cursor: Any, statement: str, *__: Any) -> None:
        if statement.lstrip().startswith("DELETE"):
            took.append(cursor.rowcount)

    event.listen(session.get_bind().engine, "after_cursor_execute", note)
    return took


def key(age: timedelta) -> IdempotencyKey:
    return IdempotencyKey(
        actor="someone", route="POST /x", key=str(uuid4()), fingerprint="", status=201, body={"age": str(age)}, created_at=NOW - age
    )


def happened(**fields: Any) -> Outbox:
    return Outbox(kind="lead.received", subject_id=uuid4(), payload={}, actor="", occurred_at=datetime(2025, 1, 1, tzinfo=UTC), **fields)


async def test_idempotency_keys_are_kept_for_48_hours(session: AsyncSession) -> None:
    session.add_all([key(2 * DAY - SECOND), key(2 * DAY), *(key(2 * DAY + SECOND) for _ in range(5))])
    await session.flush()
    assert await prune_idempotency_keys({}) == 5
    assert {row.created_at for row in await session.scalars(select(IdempotencyKey))} == {NOW - 2 * DAY, NOW - 2 * DAY + SECOND}
    assert await prune_idempotency_keys({}) == 0


async def test_done_events_and_their_receipts_are_kept_for_30_days_and_others_for_ever(session: AsyncSession) -> None:
    old = [happened(done_at=NOW - 30 * DAY - SECOND) for _ in range(5)]
    kept = [
        happened(done_at=NOW - 30 * DAY),
        happened(done_at=NOW),
        happened(dead_at=NOW - 400 * DAY),
        happened(),
    ]
    session.add_all([*old, *kept])
    await session.flush()
    session.add_all(OutboxReceipt(outbox_id=row.id, handler=name) for row in (*old, *kept) for name in ("a", "b"))
    await session.flush()
    assert await prune_outbox({}) == 5
    assert set(await session.scalars(select(Outbox.id))) == {row.id for row in kept}
    assert sorted(await session.scalars(select(OutboxReceipt.outbox_id))) == sorted(row.id for row in kept for _ in range(2))


async def test_a_batch_has_its_bound(session: AsyncSession, deletions: list[int]) -> None:
    session.add_all(key(3 * DAY) for _ in range(5))
    await session.flush()
    assert await prune_idempotency_keys({}) == 5
    assert deletions == [2, 2, 1]


async def test_not_even_the_system_deletes_an_event_that_is_not_done(session: AsyncSession) -> None:
    session.add_all([happened(), happened(dead_at=NOW)])
    await session.flush()
    await bind(session, Lens.SYSTEM, "system:test")
    assert (await session.execute(delete(Outbox).returning(Outbox.id))).all() == []


@pytest.mark.parametrize("lens", [Lens.PERSON, Lens.AUTH, Lens.MACHINE, Lens.COMPANY])
async def test_nobody_else_prunes(session: AsyncSession, lens: Lens) -> None:
    await bind(session, lens, "")
    with pytest.raises(DBAPIError, match="permission denied"):
        await session.execute(delete(Outbox))


def test_every_pruning_runs_once_a_day() -> None:
    nightly = {entry.coroutine.__name__: (entry.hour, entry.minute) for entry in cron_table() if entry.hour is not None}
    assert nightly == dict.fromkeys(("prune_live_events", "prune_idempotency_keys", "prune_outbox", "prune_unknown_logins"), (19, 23))
