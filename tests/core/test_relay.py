"""The relay: effect and receipt together, one event of a subject at a time, failures back off alone."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession
from structlog.testing import capture_logs

from backend.core import outbox, relay
from backend.core.db import Lens, bind, get_database, transaction
from backend.core.outbox import DomainEvent, Outbox, OutboxReceipt, OutboxRow
from backend.core.rowsecurity import APP_ROLES
from backend.identity.models import Region
from tests import relaying
from tests.conftest import NOW, Committed, as_owner

pytestmark = pytest.mark.plants_writes
REAL = datetime(2030, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Rung(DomainEvent):
    kind: ClassVar[str] = "test.rung"
    note: str


@dataclass(frozen=True)
class Urgent(DomainEvent):
    kind: ClassVar[str] = "test.urgent"


@pytest.fixture
def handlers(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, outbox.Handler]]:
    found: dict[str, outbox.Handler] = {}
    monkeypatch.setitem(outbox.HANDLERS, "test.rung", found)
    yield found


async def mark(session: AsyncSession, name: str) -> None:
    """An effect that a second run would betray: the name is unique."""
    session.add(Region(name=name, code=name, sort_key=name))
    await session.flush()


async def write_mark(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
    await mark(session, event.payload["note"])


async def ring(session: AsyncSession, *notes: str, subject: UUID | None = None) -> UUID:
    subject = subject or uuid4()
    for note in notes:
        await outbox.add(session, Rung(subject, note), NOW)
    return subject


async def step(session: AsyncSession, at: datetime = REAL) -> bool:
    """One event, as the worker would handle it."""
    await bind(session, Lens.SYSTEM, "system:relay")
    busy = await relaying.step(session, NOW, at)
    await as_owner(session)
    return busy


async def rows(session: AsyncSession) -> list[Outbox]:
    return list(await session.scalars(select(Outbox).order_by(Outbox.id).execution_options(populate_existing=True)))


async def test_an_event_runs_every_handler_once_in_one_transaction(session: AsyncSession, handlers: dict[str, outbox.Handler]) -> None:
    seen: list[tuple[str, OutboxRow, datetime]] = []

    async def first(_: AsyncSession, event: OutboxRow, now: datetime) -> None:
        seen.append(("first", event, now))

    async def second(_: AsyncSession, event: OutboxRow, now: datetime) -> None:
        seen.append(("second", event, now))

    handlers |= {"first": first, "second": second}
    subject = await ring(session, "a")
    assert await step(session)
    assert not await step(session)
    assert [(name, event.subject_id, event.payload["note"], now) for name, event, now in seen] == [
        ("first", subject, "a", NOW),
        ("second", subject, "a", NOW),
    ]
    assert (await session.scalars(select(OutboxReceipt))).all() == [], "what succeeds at once needs none"
    (row,) = await rows(session)
    assert (row.done_at, row.attempts, row.actor, row.occurred_at) == (REAL, 1, "test", NOW)


async def test_an_event_that_nobody_hears_is_born_done(session: AsyncSession) -> None:
    await ring(session, "a")
    assert (await rows(session))[0].done_at == NOW
    assert not await step(session)


async def test_a_failing_handler_repeats_alone_after_a_pause(session: AsyncSession, handlers: dict[str, outbox.Handler]) -> None:
    async def fails(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
        await mark(session, "half done")
        raise LookupError("the vendor is away")

    handlers |= {"fails": fails, "good": write_mark}
    await ring(session, "a")
    assert await step(session)
    (row,) = await rows(session)
    assert (row.done_at, row.dead_at, row.attempts) == (None, None, 1)
    assert row.last_error == "fails: LookupError('the vendor is away')"
    assert REAL + timedelta(seconds=1) <= row.next_at <= REAL + timedelta(seconds=1.5)
    assert (await session.scalars(select(Region.name))).all() == [], "the first try is one transaction"
    assert not await step(session, REAL + timedelta(seconds=0.9)), "not before its pause is over"
    assert await step(session, row.next_at)
    (row,) = await rows(session)
    assert (row.done_at, row.attempts) == (None, 2)
    assert (await session.scalars(select(Region.name))).all() == ["a"], "what the failing handler wrote is taken back, the other's stays"
    assert (await session.scalars(select(OutboxReceipt.handler))).all() == ["good"]

    async def recovers(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
        await mark(session, "whole")

    handlers["fails"] = recovers
    assert await step(session, row.next_at)
    assert sorted(await session.scalars(select(Region.name))) == ["a", "whole"], "the good handler did not run again"
    assert (await rows(session))[0].done_at == row.next_at


async def test_a_broken_statement_in_a_handler_is_a_failure_like_any_other(
    session: AsyncSession, handlers: dict[str, outbox.Handler]
) -> None:
    async def broken(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
        await session.execute(text("select 1 / 0"))

    handlers |= {"broken": broken, "good": write_mark}
    await ring(session, "a")
    assert await step(session)
    (row,) = await rows(session)
    assert "division by zero" in str(row.last_error)
    assert await step(session, row.next_at)
    assert (await session.scalars(select(Region.name))).all() == ["a"]


async def test_a_failing_event_holds_back_its_own_subject_only(session: AsyncSession, handlers: dict[str, outbox.Handler]) -> None:
    seen: list[str] = []

    async def picky(_: AsyncSession, event: OutboxRow, now: datetime) -> None:
        if event.payload["note"] == "bad":
            raise ValueError("no")
        seen.append(event.payload["note"])

    handlers["picky"] = picky
    subject = await ring(session, "bad", "after bad")
    await ring(session, "b1", "b2")
    await ring(session, "c1")
    while await step(session):
        pass
    assert seen == ["b1", "b2", "c1"]
    waiting = [row.payload["note"] for row in await rows(session) if row.done_at is None]
    assert waiting == ["bad", "after bad"]
    assert {row.subject_id for row in await rows(session) if row.done_at is None} == {subject}


async def test_after_twelve_failures_an_event_is_dead_visible_and_out_of_the_way(
    session: AsyncSession, handlers: dict[str, outbox.Handler]
) -> None:
    tries: list[str] = []

    async def fails_on_bad(_: AsyncSession, event: OutboxRow, now: datetime) -> None:
        tries.append(event.payload["note"])
        if event.payload["note"] == "bad":
            raise ValueError("never works")

    handlers["fails_on_bad"] = fails_on_bad
    await ring(session, "bad", "good")
    at, pauses = REAL, []
    while await step(session, at):
        row = (await rows(session))[0]
        if row.dead_at is None:
            pauses.append((row.next_at - at).total_seconds())
            at = row.next_at
    row = (await rows(session))[0]
    assert tries == ["bad"] * 12 + ["good"]
    assert (row.attempts, row.dead_at, row.done_at) == (12, at, None)
    assert "never works" in str(row.last_error)
    for attempt, pause in enumerate(pauses):
        assert min(2**attempt, 600) <= pause <= min(2**attempt, 600) * 1.5


def test_the_pause_doubles_up_to_ten_minutes_and_spreads() -> None:
    assert [relay.backoff(attempts, 0).total_seconds() for attempts in (0, 1, 5, 9, 10, 11)] == [1, 2, 32, 512, 600, 600]
    assert relay.backoff(3, 0.999) < timedelta(seconds=12)


async def test_drain_says_when_handlers_feed_each_other(session: AsyncSession, handlers: dict[str, outbox.Handler]) -> None:
    async def feeds(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
        await ring(session, "again", subject=event.subject_id)

    handlers["feeds"] = feeds
    await ring(session, "a")
    await bind(session, Lens.SYSTEM, "system:relay")
    with pytest.raises(RuntimeError, match="feed each other"):
        await relaying.drain(session, NOW, limit=20)


async def test_urgent_events_pass_the_queue(
    session: AsyncSession, handlers: dict[str, outbox.Handler], monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []

    async def note(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
        order.append(event.kind)

    handlers["note"] = note
    monkeypatch.setitem(outbox.HANDLERS, "test.urgent", {"note": note})
    monkeypatch.setattr(outbox, "URGENT", outbox.URGENT | {"test.urgent"})
    monkeypatch.setattr(relay, "URGENT", outbox.URGENT)
    await ring(session, "a", "b")
    await outbox.add(session, Urgent(uuid4()), NOW)
    while await step(session):
        continue
    assert order == ["test.urgent", "test.rung", "test.rung"]


async def test_what_failed_on_the_first_try_leaves_nothing_and_another_relay_may_have_done_it(
    committed: Committed, handlers: dict[str, outbox.Handler]
) -> None:
    """Between the rollback and the note of the failure another lane can take the event; its success stands."""

    async def fails(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
        await write_mark(session, event, now)
        handlers["fails"] = write_mark
        raise LookupError

    handlers["fails"] = fails
    await commit_ring(committed, "a")
    with pytest.raises(relay.Failed):
        async with transaction(Lens.SYSTEM, "system:relay") as session:
            await relay.handle(session, REAL, NOW)
    async with committed.owner() as session:
        (event,) = await rows(session)
        assert (event.attempts, event.done_at) == (0, None)
        assert (await session.scalars(select(Region))).all() == []
    assert await run_dry() == 1
    late = OutboxRow(event.id, event.kind, event.subject_id, event.payload, event.actor, event.occurred_at, 0)
    async with transaction(Lens.SYSTEM, "system:relay") as session:
        await relay.note_failure(session, relay.Failed(late, REAL, "too late"))
    async with committed.owner() as session:
        (event,) = await rows(session)
        assert (event.attempts, event.last_error) == (1, None)
        assert event.done_at


async def commit_ring(committed: Committed, *notes: str, subject: UUID | None = None) -> UUID:
    async with committed.owner() as session:
        return await ring(session, *notes, subject=subject)


async def run_dry() -> int:
    """One relay until there is nothing left for it; like a lane of the worker."""
    handled = 0
    while await relay.Relay().step():
        handled += 1
    return handled


async def test_two_relays_never_run_a_handler_twice_and_keep_the_order_of_a_subject(
    committed: Committed, handlers: dict[str, outbox.Handler]
) -> None:
    order: dict[UUID, list[str]] = {}
    running: set[UUID] = set()
    overlaps: list[UUID] = []

    async def careful(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
        if event.subject_id in running:
            overlaps.append(event.subject_id)
        running.add(event.subject_id)
        await write_mark(session, event, now)
        await session.execute(text("select pg_sleep(0.002)"))
        order.setdefault(event.subject_id, []).append(event.payload["note"])
        running.discard(event.subject_id)

    handlers["careful"] = careful
    subjects = [uuid4() for _ in range(5)]
    notes = [(subject, f"{index}-{number}") for number in range(6) for index, subject in enumerate(subjects)]
    async with committed.owner() as session:
        for subject, note in notes:
            await ring(session, note, subject=subject)
    for _ in range(20):
        await asyncio.gather(*(run_dry() for _ in range(4)))
        async with committed.owner() as session:
            if not await session.scalar(select(Outbox.id).where(Outbox.done_at.is_(None)).limit(1)):
                break
    assert overlaps == []
    assert [order[subject] for subject in subjects] == [[f"{index}-{number}" for number in range(6)] for index in range(5)]
    async with committed.owner() as session:
        assert (await session.scalars(select(OutboxReceipt))).all() == [], "what succeeds at once needs none"
        assert all(row.attempts == 1 for row in await rows(session))


async def test_a_relay_ended_in_the_middle_leaves_nothing_half_done(committed: Committed, handlers: dict[str, outbox.Handler]) -> None:
    inside = asyncio.Event()

    async def hangs(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
        await write_mark(session, event, now)
        inside.set()
        await asyncio.Event().wait()

    handlers["hangs"] = hangs
    await commit_ring(committed, "a")
    task = asyncio.create_task(relay.Relay().step())
    await asyncio.wait_for(inside.wait(), 10)
    assert await relay.Relay().step() is False, "claimed: another relay leaves it alone"
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with committed.owner() as session:
        assert (await session.scalars(select(Region))).all() == []
        assert (await session.scalars(select(OutboxReceipt))).all() == []
        assert [(row.attempts, row.done_at) for row in await rows(session)] == [(0, None)]
    handlers["hangs"] = write_mark
    assert await run_dry() == 1
    async with committed.owner() as session:
        assert (await session.scalars(select(Region.name))).all() == ["a"]


async def done_by_a_relay(committed: Committed, relaying_it: relay.Relay) -> Any:
    """The one event, as soon as it is done; as it is after ten seconds otherwise."""
    running = asyncio.create_task(relaying_it.run())
    late = time.monotonic() + 10
    while True:
        async with committed.owner() as session:
            (row,) = await rows(session)
        if row.done_at or time.monotonic() > late:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            return row
        await asyncio.sleep(0.02)


async def test_a_relay_whose_connection_is_cut_rolls_back_and_the_lane_goes_on(
    committed: Committed, handlers: dict[str, outbox.Handler]
) -> None:
    cut = 0

    async def cuts_itself_off(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
        nonlocal cut
        await write_mark(session, event, now)
        cut += 1
        if cut == 1:
            own = await session.scalar(text("select pg_backend_pid()"))
            async with committed.owner() as other:
                await other.execute(text("select pg_terminate_backend(:pid)"), {"pid": own})
            await session.execute(text("select 1"))

    handlers["cuts"] = cuts_itself_off
    await commit_ring(committed, "a")
    assert (await done_by_a_relay(committed, relay.Relay())).done_at
    assert cut == 2
    async with committed.owner() as session:
        assert (await session.scalars(select(Region.name))).all() == ["a"]


class Stumbling(relay.Relay):
    """A relay that nobody foresaw everything for."""

    stumbles = 0

    async def step(self) -> bool:
        if self.stumbles < relay.LANES:
            self.stumbles += 1
            raise RuntimeError("out of the blue")
        return await super().step()


async def test_lanes_outlive_whatever_happens_to_them(committed: Committed, handlers: dict[str, outbox.Handler]) -> None:
    handlers["writes"] = write_mark
    await commit_ring(committed, "a")
    with capture_logs() as logs:
        assert (await done_by_a_relay(committed, Stumbling())).done_at
    assert [(line["event"], line["loop"], line["error"]) for line in logs] == [
        ("loop_stumbled", "relay", "RuntimeError('out of the blue')")
    ] * relay.LANES


async def test_the_doorbell_rings_after_the_commit_only(committed: Committed, monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[bool] = []

    async def ring_seen() -> None:
        async with committed.owner() as session:
            rung.append(bool(await rows(session)))

    monkeypatch.setattr(outbox, "ring", ring_seen)
    monkeypatch.setitem(outbox.HANDLERS, "test.rung", {"nothing": write_mark})
    async with transaction(Lens.PERSON, "system:test") as session:
        await ring(session, "a", "b")
        assert rung == []
    assert rung == [True], "once, and the events are there to be seen"
    with pytest.raises(LookupError):
        async with transaction(Lens.PERSON, "system:test") as session:
            await ring(session, "c")
            raise LookupError
    assert rung == [True]


async def test_the_app_cannot_read_or_change_the_outbox(session: AsyncSession) -> None:
    await ring(session, "a")
    for statement in ("update outbox set done_at = null", "delete from outbox", "select * from outbox_receipt"):
        for lens in APP_ROLES:
            with pytest.raises(DBAPIError, match="permission denied"):
                async with get_database().session() as other:
                    await bind(other, lens, "test")
                    await other.execute(text(statement))
