"""Hands outbox rows to their handlers: effect and receipt commit together, one event in flight per subject."""

import asyncio
import random
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import product_now, real_now
from backend.core.db import Lens, transaction
from backend.core.metrics import RELAY_EVENTS
from backend.core.outbox import HANDLERS, OutboxReceipt, OutboxRow
from backend.core.pausepoints import pause

log = structlog.get_logger()

LANES = 3
FALLBACK_SECONDS = 1.0
MAX_ATTEMPTS = 12
MAX_BACKOFF = timedelta(minutes=10)

CLAIM = text("""
select id, kind, subject_id, payload, actor, occurred_at, attempts from outbox o
where done_at is null and dead_at is null and next_at <= :now
  and not exists (select 1 from outbox e where e.subject_id = o.subject_id and e.id < o.id and e.done_at is null and e.dead_at is null)
order by id limit 1 for update of o skip locked
""")
RECEIPTS = text("select handler from outbox_receipt where outbox_id = :id")
DONE = text("update outbox set done_at = :now, attempts = attempts + 1 where id = :id")
FAILED = text("""
update outbox set attempts = attempts + 1, next_at = :next_at, last_error = :error, dead_at = case when attempts + 1 >= :limit then cast(:now as timestamptz) end
where id = :id
""")


def backoff(attempts: int, jitter: float) -> timedelta:
    """Doubles from 1 s to ten minutes; `jitter` in [0, 1) spreads it by up to half."""
    return min(timedelta(seconds=2.0**attempts), MAX_BACKOFF) * (1 + jitter / 2)


async def handle_one(session: AsyncSession, claim_at: datetime, now: datetime) -> bool:
    """Claims one event inside the caller's transaction and runs its handlers; False when there is none."""
    row = (await session.execute(CLAIM, {"now": claim_at})).mappings().first()
    if row is None:
        return False
    event = OutboxRow(**row)
    await pause(f"relay.{event.kind}.claimed")
    failure = await _run_handlers(session, event, now)
    if failure is None:
        await session.execute(DONE, {"id": event.id, "now": claim_at})
    else:
        jitter = random.random()  # noqa: S311
        await session.execute(
            FAILED,
            {
                "id": event.id,
                "now": claim_at,
                "next_at": claim_at + backoff(event.attempts, jitter),
                "error": failure,
                "limit": MAX_ATTEMPTS,
            },
        )
    RELAY_EVENTS.labels(event.kind, "done" if failure is None else "failed").inc()
    await pause(f"relay.{event.kind}.handled")
    return True


async def _run_handlers(session: AsyncSession, event: OutboxRow, now: datetime) -> str | None:
    """Runs what has no receipt yet; returns the first failure as text, keeping what succeeded."""
    handlers = HANDLERS.get(event.kind, {})
    done = set(await session.scalars(RECEIPTS, {"id": event.id})) if event.attempts or len(handlers) > 1 else set()
    failure: str | None = None
    for name, handler in handlers.items():
        if name in done:
            continue
        try:
            async with session.begin_nested():
                await handler(session, event, now)
                await session.execute(insert(OutboxReceipt).values(outbox_id=event.id, handler=name))
        except DBAPIError as error:
            if error.connection_invalidated:
                raise
            failure = failure or _describe(name, error)
        except Exception as error:  # noqa: BLE001 - any failure of a handler is recorded on the event and retried
            failure = failure or _describe(name, error)
    return failure


def _describe(name: str, error: Exception) -> str:
    log.warning("handler_failed", handler=name, error=repr(error), exc_info=error)
    return f"{name}: {error!r}"[:2000].replace("\0", "?").encode(errors="replace").decode()


class Relay:
    """Long-lived: wakes on the doorbell, looks by itself every second."""

    def __init__(self) -> None:
        self._bell = asyncio.Event()

    def ring(self, _: str = "") -> None:
        self._bell.set()

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            for _ in range(LANES):
                group.create_task(self._lane())

    async def _lane(self) -> None:
        while True:
            try:
                busy = await self.step()
            except (SQLAlchemyError, OSError) as error:
                log.warning("relay_waits_for_database", error=str(error))
                await asyncio.sleep(FALLBACK_SECONDS / 2)
                continue
            if not busy:
                await self._rest()

    async def step(self) -> bool:
        """One event in one transaction."""
        async with transaction(Lens.SYSTEM, "system:relay") as session:
            return await handle_one(session, real_now(), product_now())

    async def _rest(self) -> None:
        self._bell.clear()
        try:
            await asyncio.wait_for(self._bell.wait(), FALLBACK_SECONDS)
        except TimeoutError:
            return


async def drain(session: AsyncSession, now: datetime, *, limit: int = 1000) -> int:
    """Handles all open events inside one transaction (tests and one-off commands); returns how many."""
    far = datetime(9999, 1, 1, tzinfo=UTC)
    for handled in range(limit):
        if not await handle_one(session, far, now):
            return handled
    raise RuntimeError(f"more than {limit} events: do two handlers feed each other?")
