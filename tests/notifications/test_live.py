"""The hub: one query for all that were woken, bounded streams, repair of lost wake-ups; and the durable sequence."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from backend.core import live
from backend.core.config import APP_LOGIN
from backend.core.db import Database, Lens, make_engine, run_before_commit, transaction, use_database
from backend.core.live import Hub, LiveEvent, Stream, fetch_events
from backend.core.wakeups import Wakeups, use_wakeups
from backend.notifications.models import LiveCursor
from backend.notifications.service import emit_live
from tests.conftest import NOW, Committed
from tests.notifications.support import live_events_of

ANNA, BEN = uuid4(), uuid4()


class Feed:
    """Stands where the database stands: events by person, and what was asked."""

    def __init__(self) -> None:
        self.events: dict[UUID, list[LiveEvent]] = {}
        self.asked: list[dict[UUID, int]] = []
        self.failures = 0

    def add(self, person: UUID, count: int = 1) -> None:
        held = self.events.setdefault(person, [])
        held += [LiveEvent(person, len(held) + n, "lead.changed", {}) for n in range(1, count + 1)]

    async def fetch(self, after: dict[UUID, int]) -> list[LiveEvent]:
        self.asked.append(after)
        if self.failures:
            self.failures -= 1
            raise OSError("the database is away")
        return [event for person, seq in after.items() for event in self.events.get(person, [])[seq : seq + live.MOST_A_FEED]]


@pytest.fixture
def feed() -> Feed:
    return Feed()


@asynccontextmanager
async def running(hub: Hub) -> AsyncIterator[None]:
    task = asyncio.create_task(hub.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def taken(stream: Stream, count: int) -> list[int]:
    """The numbers of the next so many events."""
    seqs: list[int] = []
    async with asyncio.timeout(10):
        while len(seqs) < count:
            seqs += [event.seq for event in await stream.take()]
    return seqs


async def test_one_query_serves_all_that_were_woken(feed: Feed) -> None:
    hub = Hub(feed.fetch)
    phone, desk, ben = Stream(ANNA, 2), Stream(ANNA, 0), Stream(BEN, 0)
    feed.add(ANNA, 3)
    feed.add(BEN, 1)
    for stream in (phone, desk, ben):
        hub.join(stream)
    await hub.deliver()
    assert feed.asked == [{ANNA: 0, BEN: 0}]
    assert [await taken(phone, 1), await taken(desk, 3), await taken(ben, 1)] == [[3], [1, 2, 3], [1]]


async def test_only_people_with_an_open_stream_are_asked_for(feed: Feed) -> None:
    hub = Hub(feed.fetch)
    stream = Stream(ANNA, 0)
    hub.join(stream)
    await hub.deliver()
    hub.wake(f"{BEN} {uuid4()}")
    await hub.deliver()
    hub.wake(f"{BEN} {ANNA}")
    await hub.deliver()
    hub.leave(stream)
    hub.wake(str(ANNA))
    hub.wake()
    await hub.deliver()
    assert feed.asked == [{ANNA: 0}, {ANNA: 0}]


async def test_a_stranger_gets_nothing_of_mine(feed: Feed) -> None:
    hub = Hub(feed.fetch)
    mine, theirs = Stream(ANNA, 0), Stream(BEN, 0)
    hub.join(mine)
    hub.join(theirs)
    feed.add(ANNA, 2)
    feed.add(BEN, 1)
    await hub.deliver()
    assert {event.feed for event in await mine.take()} == {ANNA}
    assert {event.feed for event in await theirs.take()} == {BEN}


async def test_a_shared_feed_reaches_all_who_follow_it_and_nobody_else(feed: Feed) -> None:
    hub, pool = Hub(feed.fetch), uuid4()
    anna, ben, stranger = Stream(ANNA, 0, {pool: 1}), Stream(BEN, 0, {pool: 2}), Stream(uuid4(), 0)
    for stream in (anna, ben, stranger):
        hub.join(stream)
    await hub.deliver()
    feed.add(pool, 3)
    feed.add(ANNA, 1)
    hub.wake(f"{pool} {ANNA}")
    await hub.deliver()
    assert feed.asked[1:] == [{pool: 1, ANNA: 0}]
    assert sorted((event.feed, event.seq) for event in await anna.take()) == sorted([(pool, 2), (pool, 3), (ANNA, 1)])
    assert [event.seq for event in await ben.take()] == [3]
    assert (stranger.heard, anna.seq, ben.seq) == ({stranger.person_id: 0}, 1, 0)
    for stream in (anna, ben, stranger):
        hub.leave(stream)
    assert not hub._streams


async def test_a_long_backlog_comes_in_bounded_steps(feed: Feed) -> None:
    feed.add(ANNA, 450)
    stream = Stream(ANNA, 0)
    hub = Hub(feed.fetch)
    async with running(hub):
        hub.join(stream)
        assert await taken(stream, 450) == list(range(1, 451))
    assert [asked[ANNA] for asked in feed.asked] == [0, 200, 400]


async def test_a_reader_that_falls_behind_is_closed_and_holds_no_memory(feed: Feed) -> None:
    hub = Hub(feed.fetch)
    slow, quick = Stream(ANNA, 0), Stream(ANNA, 0)
    hub.join(slow)
    hub.join(quick)
    for _ in range(3):
        feed.add(ANNA, live.MOST_A_FEED)
        hub.wake(str(ANNA))
        await hub.deliver()
        await quick.take()
    assert slow.is_closed
    assert await slow.take() == []
    assert not quick.is_closed
    feed.add(ANNA)
    hub.wake(str(ANNA))
    await hub.deliver()
    assert feed.asked[-1] == {ANNA: 600}
    assert await taken(quick, 1) == [601]


@pytest.mark.parametrize(("is_listening", "setting"), [(True, "REPAIR_SECONDS"), (False, "DEAF_SECONDS")])
async def test_without_any_wake_up_it_looks_by_itself(
    feed: Feed, monkeypatch: pytest.MonkeyPatch, is_listening: bool, setting: str
) -> None:
    other = {"REPAIR_SECONDS", "DEAF_SECONDS"} - {setting}
    monkeypatch.setattr(live, setting, 0.05)
    monkeypatch.setattr(live, other.pop(), 60.0)
    stream, hub = Stream(ANNA, 0), Hub(feed.fetch, lambda: is_listening)
    async with running(hub):
        hub.join(stream)
        feed.add(ANNA)
        assert await taken(stream, 1) == [1]
        feed.add(ANNA)
        assert await taken(stream, 1) == [2]


async def test_a_lost_wake_up_is_repaired_although_others_ring_all_the_time(feed: Feed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "REPAIR_SECONDS", 0.2)
    monkeypatch.setattr(live, "GAP_SECONDS", 0)
    anna, ben, hub = Stream(ANNA, 0), Stream(BEN, 0), Hub(feed.fetch)

    async def noise() -> None:
        while True:
            hub.wake(str(BEN))
            await asyncio.sleep(0)

    async with running(hub):
        hub.join(anna)
        hub.join(ben)
        noisy = asyncio.create_task(noise())
        await asyncio.sleep(0)
        feed.add(ANNA)
        assert await taken(anna, 1) == [1]
        noisy.cancel()


async def test_a_database_that_is_away_only_delays(feed: Feed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "DEAF_SECONDS", 0.02)
    stream, hub = Stream(ANNA, 0), Hub(feed.fetch)
    feed.failures = 3
    feed.add(ANNA)
    async with running(hub):
        hub.join(stream)
        assert await taken(stream, 1) == [1]


async def test_closing_ends_open_streams_and_refuses_new_ones(feed: Feed) -> None:
    hub, early, late = Hub(feed.fetch), Stream(ANNA, 0), Stream(BEN, 0)
    hub.join(early)
    hub.close()
    hub.join(late)
    assert early.is_closed
    assert late.is_closed


async def app_database() -> Database:
    database = Database(make_engine(APP_LOGIN))
    use_database(database)
    return database


async def test_the_api_login_fetches_without_a_lens_and_only_what_it_asks_for(committed: Committed) -> None:
    async with transaction(Lens.SYSTEM, "system:test") as session:
        await emit_live(session, [ANNA, BEN], "lead.changed", {"n": 1}, NOW)
        await emit_live(session, [ANNA], "lead.changed", {"n": 2}, NOW)
    database = await app_database()
    try:
        assert await fetch_events({ANNA: 1}) == [LiveEvent(ANNA, 2, "lead.changed", {"n": 2})]
        assert [(event.feed, event.seq) for event in await fetch_events({BEN: 0, ANNA: 0})] == sorted([(ANNA, 1), (ANNA, 2), (BEN, 1)])
    finally:
        await database.engine.dispose()


async def test_the_order_of_commits_is_the_order_of_the_sequence(committed: Committed) -> None:
    first_wrote, may_commit = asyncio.Event(), asyncio.Event()
    order: list[str] = []

    async def write(name: str, before_commit: Callable[[], Any]) -> None:
        async with transaction(Lens.SYSTEM, "system:test") as session:
            await emit_live(session, [ANNA], "lead.changed", {"by": name}, NOW)
            await run_before_commit(session)
            await before_commit()
            order.append(name)

    async def hold() -> None:
        first_wrote.set()
        await may_commit.wait()

    async def nothing() -> None:
        return

    first = asyncio.create_task(write("first", hold))
    await first_wrote.wait()
    second = asyncio.create_task(write("second", nothing))
    await until_somebody_waits(committed)
    assert await fetch_events({ANNA: 0}) == []
    may_commit.set()
    await asyncio.gather(first, second)
    assert order == ["first", "second"]
    assert [(event.seq, event.payload["by"]) for event in await fetch_events({ANNA: 0})] == [(1, "first"), (2, "second")]


async def until_somebody_waits(committed: Committed) -> None:
    from sqlalchemy import text

    waiting = text("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")
    async with asyncio.timeout(10):
        while True:
            async with committed.owner() as session:
                if await session.scalar(waiting):
                    return


async def test_many_writers_leave_no_gap_and_no_double(committed: Committed) -> None:
    """Nor do they wait for each other crosswise, whomever each of them tells first."""
    people = [uuid4() for _ in range(4)]

    async def write(number: int) -> None:
        try:
            async with transaction(Lens.SYSTEM, "system:test") as session:
                for person in people[number % 3 :][:: 1 if number % 2 else -1]:
                    await emit_live(session, [person], "lead.changed", {"n": number}, NOW)
                    await session.execute(select(1))
                if number % 5 == 0:
                    raise RuntimeError("changed its mind")
        except RuntimeError:
            return

    await asyncio.gather(*(write(number) for number in range(60)))
    async with committed.owner() as session:
        for index, person in enumerate(people):
            wrote = [n for n in range(60) if n % 5 and n % 3 <= index]
            events = await live_events_of(session, person)
            assert [event.seq for event in events] == list(range(1, len(wrote) + 1))
            assert sorted(event.payload["n"] for event in events) == wrote
            assert await session.scalar(select(LiveCursor.seq).where(LiveCursor.person_id == person)) == len(wrote)


async def test_a_commit_wakes_and_a_rollback_does_not(committed: Committed) -> None:
    sent: list[tuple[str, set[str]]] = []

    class Doorbell(Wakeups):
        def __init__(self) -> None: ...

        def send(self, channel: str, *names: str) -> None:
            sent.append((channel, set(names)))

    use_wakeups(Doorbell())
    try:
        with pytest.raises(RuntimeError):
            async with transaction(Lens.SYSTEM, "system:test") as session:
                await emit_live(session, [ANNA], "lead.changed", {}, NOW)
                raise RuntimeError
        assert sent == []
        async with transaction(Lens.SYSTEM, "system:test") as session:
            await emit_live(session, [ANNA], "lead.changed", {}, NOW)
            await emit_live(session, [BEN], "lead.changed", {}, NOW)
            assert sent == []
        assert sent == [("live", {str(ANNA), str(BEN)})]
    finally:
        use_wakeups(None)
