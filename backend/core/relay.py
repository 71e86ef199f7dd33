"""Hands outbox rows to their handlers: effects and the end of the event commit together, one event in flight per subject.

The first try runs all handlers straight in the transaction: no savepoint, no receipt, six round trips less. What fails
there rolls back whole; later tries run each handler in a savepoint with a receipt, so that one that fails repeats alone.
"""

import asyncio
import contextlib
import random
from datetime import datetime, timedelta

import structlog
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import product_now, real_now
from backend.core.db import Lens, forget_before_commit, run_before_commit, transaction
from backend.core.hot import Hot
from backend.core.metrics import RELAY_EVENTS
from backend.core.outbox import HANDLERS, URGENT, OutboxReceipt, OutboxRow
from backend.core.pausepoints import pause
from backend.core.tasks import carry_on

log = structlog.get_logger()

LANES = 4
FALLBACK_SECONDS = 1.0
ACTOR = "system:relay"
MAX_ATTEMPTS = 12
MAX_BACKOFF = timedelta(minutes=10)

NEXT = """
select id from outbox o where done_at is null and dead_at is null and next_at <= :now {only}
  and not exists (select 1 from outbox e where e.subject_id = o.subject_id and e.id < o.id and e.done_at is null and e.dead_at is null)
order by id limit 1 for update of o skip locked
"""
CLAIM = Hot(f"""
select id, kind, subject_id, payload, actor, occurred_at, attempts from outbox
where id = coalesce(({NEXT.format(only="and kind = any(cast(:urgent as text[]))")}), ({NEXT.format(only="")}))
""")
RECEIPTS = Hot("select handler from outbox_receipt where outbox_id = :id")
DONE = Hot("update outbox set done_at = :now, attempts = attempts + 1 where id = :id")
FAILED = Hot("""
update outbox set attempts = attempts + 1, next_at = :next_at, last_error = :error, dead_at = case when attempts + 1 >= :limit then cast(:now as timestamptz) end
where id = :id and attempts = :attempts and done_at is null
""")


def backoff(attempts: int, jitter: float) -> timedelta:
    """Doubles from 1 s to ten minutes; `jitter` in [0, 1) spreads it by up to half."""
    return min(timedelta(seconds=2.0**attempts), MAX_BACKOFF) * (1 + jitter / 2)


class Failed(Exception):
    """A handler failed on the first try; nothing of it stays."""

    def __init__(self, event: OutboxRow, claimed_at: datetime, error: str) -> None:
        super().__init__(error)
        self.event, self.claimed_at, self.error = event, claimed_at, error


async def claim(session: AsyncSession, at: datetime) -> OutboxRow | None:
    """The oldest urgent event that is due, else the oldest, held by the caller's transaction."""
    row = await CLAIM.row(session, now=at, urgent=list(URGENT))
    if row is None:
        return None
    event = OutboxRow(**vars(row))
    await pause(f"relay.{event.kind}.claimed")
    return event


async def handle(session: AsyncSession, claim_at: datetime, now: datetime) -> bool:
    """One event inside the caller's transaction: straight on its first try, carefully on a later one; False when there is none.

    Raises `Failed` when the first try failed: the caller rolls back and calls `note_failure`.
    """
    event = await claim(session, claim_at)
    if event is None:
        return False
    failure = None
    if event.attempts:
        failure = await _run_carefully(session, event, now)
    else:
        await _run_straight(session, event, claim_at, now)
    await _finish(session, event, claim_at, failure)
    return True


async def _run_straight(session: AsyncSession, event: OutboxRow, claim_at: datetime, now: datetime) -> None:
    running = ""
    try:
        for name, handler in HANDLERS.get(event.kind, {}).items():
            running = name
            await handler(session, event, now)
        await run_before_commit(session)
    except Exception as error:
        forget_before_commit(session)
        if isinstance(error, DBAPIError) and error.connection_invalidated:
            raise
        raise Failed(event, claim_at, _describe(running, error)) from error


async def note_failure(session: AsyncSession, failed: Failed) -> None:
    """Puts off an event whose first try was rolled back, unless another lane has done it since."""
    await _finish(session, failed.event, failed.claimed_at, str(failed))


async def _finish(session: AsyncSession, event: OutboxRow, at: datetime, failure: str | None) -> None:
    """Closes the event, or puts it off."""
    if failure is None:
        await DONE.rows(session, id=event.id, now=at)
    else:
        await _put_off(session, event, at, failure)
    RELAY_EVENTS.labels(event.kind, "done" if failure is None else "failed").inc()
    await pause(f"relay.{event.kind}.handled")


async def _put_off(session: AsyncSession, event: OutboxRow, at: datetime, failure: str) -> None:
    next_at = at + backoff(event.attempts, random.random())  # noqa: S311
    await FAILED.rows(session, id=event.id, attempts=event.attempts, now=at, next_at=next_at, error=failure, limit=MAX_ATTEMPTS)


async def _run_carefully(session: AsyncSession, event: OutboxRow, now: datetime) -> str | None:
    """Runs what has no receipt yet; returns the first failure as text, keeping what succeeded."""
    done = {row.handler for row in await RECEIPTS.rows(session, id=event.id)}
    failure: str | None = None
    for name, handler in HANDLERS.get(event.kind, {}).items():
        if name in done:
            continue
        try:
            async with session.begin_nested():
                await handler(session, event, now)
                await run_before_commit(session)
                await session.execute(insert(OutboxReceipt).values(outbox_id=event.id, handler=name))
        except Exception as error:
            forget_before_commit(session)
            if isinstance(error, DBAPIError) and error.connection_invalidated:
                raise
            failure = failure or _describe(name, error)
    return failure


def _describe(name: str, error: Exception) -> str:
    log.warning("handler_failed", handler=name, error=repr(error), exc_info=error)
    return f"{name}: {error!r}"[:2000].replace("\0", "?").encode(errors="replace").decode()


class Relay:
    """Long-lived: wakes on the doorbell, looks by itself every second."""

    def __init__(self) -> None:
        self._rings: asyncio.Queue[None] = asyncio.Queue(LANES)

    def ring(self, _: str = "") -> None:
        """Wakes one resting lane; a lane at work looks again by itself."""
        if not self._rings.full():
            self._rings.put_nowait(None)

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            for _ in range(LANES):
                group.create_task(self._lane())

    async def _lane(self) -> None:
        while True:
            try:
                busy = await self.step()
            except Exception as error:  # noqa: BLE001 - whatever it is, a lane must not fall silent
                await carry_on("relay", error, FALLBACK_SECONDS / 2)
                continue
            if not busy:
                await self._rest()

    async def step(self) -> bool:
        """One event in one transaction; what failed is put off in another."""
        try:
            async with transaction(Lens.SYSTEM, ACTOR) as session:
                return await handle(session, real_now(), product_now())
        except Failed as failed:
            async with transaction(Lens.SYSTEM, ACTOR) as session:
                await note_failure(session, failed)
            return True

    async def _rest(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(FALLBACK_SECONDS):
                await self._rings.get()
