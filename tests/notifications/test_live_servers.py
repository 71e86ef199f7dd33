"""Live events through real API processes, real Redis and real sockets."""

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx
import pytest

from backend import subscriptions
from backend.core.clock import real_now
from backend.core.config import get_settings
from backend.core.db import Lens, transaction
from backend.core.relay import Relay
from backend.core.wakeups import Wakeups, open_redis, use_wakeups
from backend.identity.jobs import end_ended_access
from backend.identity.models import Person
from backend.notifications.service import emit_live
from tests.conftest import NOW, Committed, device_headers
from tests.factories import make_person

SOON = 8.0  # less than the ten seconds after which a hub looks by itself
NOWHERE = "redis://127.0.0.1:1/0"


@asynccontextmanager
async def api(**environment: str) -> AsyncIterator[httpx.AsyncClient]:
    """An API process on a free port, ready to answer."""
    listening = socket.create_server(("127.0.0.1", 0))
    command = [sys.executable, "-m", "uvicorn", "backend.main:create_app", "--factory", "--log-level", "warning"]
    process = await asyncio.create_subprocess_exec(
        *command, "--fd", str(listening.fileno()), "--timeout-graceful-shutdown", "3",
        pass_fds=[listening.fileno()], env={**os.environ, **environment},
    )  # fmt: skip
    base = f"http://127.0.0.1:{listening.getsockname()[1]}"
    try:
        async with httpx.AsyncClient(base_url=base, trust_env=False, timeout=60, limits=httpx.Limits(max_connections=None)) as client:
            assert (await client.get("/healthz")).status_code == 200
            client.process = process  # type: ignore[attr-defined]
            yield client
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        listening.close()


class Reader:
    """Reads one stream; `events` are (id, kind, data) as they came."""

    def __init__(self, client: httpx.AsyncClient, headers: dict[str, str], last_id: int | None = None) -> None:
        self.events: list[tuple[int, str, Any]] = []
        self.changed = asyncio.Condition()
        self.has_ended = False
        sent = headers if last_id is None else {**headers, "Last-Event-ID": str(last_id)}
        self.task = asyncio.create_task(self._read(client, sent))

    async def _read(self, client: httpx.AsyncClient, headers: dict[str, str]) -> None:
        async with client.stream("GET", "/api/v1/live", headers=headers) as response:
            assert response.status_code == 200
            assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
            fields: dict[str, str] = {}
            async for line in response.aiter_lines():
                name, _, value = line.partition(": ")
                if name:
                    fields[name] = value
                elif "data" in fields:
                    await self._add((int(fields["id"]), fields["event"], json.loads(fields["data"])))
                    fields = {}
        self.has_ended = True
        async with self.changed:
            self.changed.notify_all()

    async def _add(self, event: tuple[int, str, Any]) -> None:
        async with self.changed:
            self.events.append(event)
            self.changed.notify_all()

    async def until(self, count: int, seconds: float = SOON) -> list[tuple[int, str, Any]]:
        """The first so many events."""
        async with asyncio.timeout(seconds), self.changed:
            await self.changed.wait_for(lambda: len(self.events) >= count or self.task.done())
        return self.events[:count]

    async def ended(self) -> None:
        async with asyncio.timeout(SOON):
            await self.task

    async def close(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)


@pytest.fixture
async def doorbell(committed: Committed) -> AsyncIterator[Wakeups]:
    wakeups = Wakeups(open_redis(get_settings().redis_dsn()))
    wakeups.start({})
    use_wakeups(wakeups)
    yield wakeups
    use_wakeups(None)
    await wakeups.stop()


async def people(committed: Committed, count: int) -> list[tuple[Person, dict[str, str]]]:
    async with committed.owner() as session:
        made = [await make_person(session) for _ in range(count)]
        return [(person, await device_headers(session, person.id)) for person in made]


async def emit(to: Iterable[Person], **payload: Any) -> None:
    async with transaction(Lens.SYSTEM, "system:test") as session:
        await emit_live(session, [person.id for person in to], "lead.changed", payload, NOW)


async def test_two_processes_serve_one_person_and_either_resumes(committed: Committed, doorbell: Wakeups) -> None:
    (anna, hers), (_, his) = await people(committed, 2)
    await emit([anna], n=0)
    async with api() as first, api() as second:
        phone, desk, stranger = Reader(first, hers), Reader(second, hers), Reader(first, his)
        for reader, seq in ((phone, 1), (desk, 1), (stranger, 0)):
            assert await reader.until(1) == [(seq, "ready", {"resumed": False})]
        await emit([anna], n=1)
        for reader in (phone, desk):
            assert (await reader.until(2))[1] == (2, "lead.changed", {"n": 1})
        await phone.close()
        await emit([anna], n=2)
        await emit([anna], n=3)
        again = Reader(second, hers, last_id=2)
        assert await again.until(3) == [
            (2, "ready", {"resumed": True}),
            (3, "lead.changed", {"n": 2}),
            (4, "lead.changed", {"n": 3}),
        ]
        from_the_future = Reader(first, hers, last_id=99)
        assert await from_the_future.until(1) == [(4, "ready", {"resumed": False})]
        assert stranger.events == [(0, "ready", {"resumed": False})]
        for reader in (desk, again, from_the_future, stranger):
            await reader.close()
        assert (await first.get("/api/v1/live")).status_code == 401
        assert (await first.get("/api/v1/live", headers={**hers, "Last-Event-ID": "x"})).status_code == 422


async def test_signing_out_everywhere_closes_the_streams(committed: Committed, doorbell: Wakeups) -> None:
    ((anna, phone),) = await people(committed, 1)
    async with committed.owner() as session:
        desk = await device_headers(session, anna.id)
    async with api() as client:
        readers = [Reader(client, phone), Reader(client, desk)]
        for reader in readers:
            await reader.until(1)
        answer = await client.post("/api/v1/auth/sign-out-everywhere", headers=phone)
        assert answer.status_code == 204
        assert subscriptions.HANDLERS
        relay = Relay()
        while await relay.step():
            continue
        for reader in readers:
            await reader.ended()
            assert [kind for _, kind, _ in reader.events] == ["ready", "session.ended"]
        assert (await client.get("/api/v1/live", headers=desk)).status_code == 401


async def test_a_stream_that_was_open_before_closes_when_an_end_comes_that_was_set_later(committed: Committed, doorbell: Wakeups) -> None:
    ((anna, hers),) = await people(committed, 1)
    async with api() as client:
        reader = Reader(client, hers)
        await reader.until(1)
        async with committed.owner() as session:
            (await session.get_one(Person, anna.id)).access_ends_at = real_now()
        assert await end_ended_access({}) == 1
        relay = Relay()
        while await relay.step():
            continue
        await reader.ended()
        assert [kind for _, kind, _ in reader.events] == ["ready", "session.ended"]


async def test_fifty_streams_without_redis_hold_no_database_session(committed: Committed) -> None:
    ((anna, hers),) = await people(committed, 1)
    async with AsyncExitStack() as stack, api(CHENGDAN_POOL_SIZE="1", REDIS_URL=NOWHERE) as client:
        readers = [Reader(client, hers) for _ in range(50)]
        for reader in readers:
            stack.push_async_callback(reader.close)
            await reader.until(1, seconds=30)
        await emit([anna], n=1)
        for reader in readers:
            assert (await reader.until(2))[1] == (1, "lead.changed", {"n": 1})
        assert (await client.get("/api/v1/notifications/summary", headers=hers)).json() == {"unread": 0}
        assert "chengdan_live_streams 50.0" in (await client.get("/metrics")).text


async def test_a_process_told_to_stop_ends_its_streams_at_once(committed: Committed) -> None:
    ((_, hers),) = await people(committed, 1)
    async with api(REDIS_URL=NOWHERE) as client:
        readers = [Reader(client, hers) for _ in range(3)]
        for reader in readers:
            await reader.until(1, seconds=30)
        process = client.process  # type: ignore[attr-defined]
        process.terminate()
        for reader in readers:
            await reader.ended()
            assert reader.has_ended
        async with asyncio.timeout(SOON):
            await process.wait()
        assert process.returncode in {0, -signal.SIGTERM}
