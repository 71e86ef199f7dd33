"""One open connection: frames, heartbeats, and every way it ends."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from starlette.types import Message

from backend.core.live import MOST_WAITING, Hub, LiveEvent, Stream
from backend.notifications import stream as streams
from backend.notifications.stream import LiveResponse, frame

ANNA, DEVICE, POOL = uuid4(), uuid4(), uuid4()
HOUR = timedelta(hours=1)


class Connection:
    """A client of one response: what it received, and whether it reads at all."""

    def __init__(self, seq: int = 0, life: timedelta = HOUR, *, resumed: bool = True, reads: bool = True) -> None:
        self.hub = Hub(self._nothing)
        self.stream = Stream(ANNA, seq, {POOL: 7})
        self.messages: list[Message] = []
        self.changed = asyncio.Condition()
        self.gone = asyncio.Event()
        self.reads = reads
        response = LiveResponse(self.hub, self.stream, DEVICE, life, resumed=resumed)
        self.task = asyncio.create_task(response({"type": "http"}, self._receive, self._send))

    @staticmethod
    async def _nothing(_: dict[UUID, int]) -> list[LiveEvent]:
        return []

    async def _receive(self) -> Message:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        async with self.changed:
            self.messages.append(message)
            self.changed.notify_all()
        if not self.reads and message.get("body"):
            await asyncio.Event().wait()

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.messages)

    @property
    def is_complete(self) -> bool:
        return self.messages[-1].get("more_body") is False

    async def until(self, part: bytes) -> None:
        async with asyncio.timeout(10), self.changed:
            await self.changed.wait_for(lambda: part in self.body)

    async def ended(self) -> None:
        async with asyncio.timeout(10):
            await self.task

    def offer(self, *events: tuple[int, str, dict[str, Any]]) -> None:
        self.stream.offer(LiveEvent(ANNA, *event) for event in events)

    @property
    def is_held(self) -> bool:
        return bool(self.hub._streams)


@pytest.fixture
async def connection() -> AsyncIterator[Connection]:
    opened = Connection(seq=4)
    yield opened
    opened.task.cancel()
    await asyncio.gather(opened.task, return_exceptions=True)


async def test_it_opens_with_a_hint_and_the_place_to_resume_from(connection: Connection) -> None:
    await connection.until(b"ready")
    assert connection.body == b'retry: 1000\n\nid: 4\nevent: ready\ndata: {"resumed":true}\n\n'
    headers = dict(connection.messages[0]["headers"])
    assert headers == {b"content-type": b"text/event-stream; charset=utf-8", b"cache-control": b"no-store", b"x-accel-buffering": b"no"}


async def test_events_follow_in_order(connection: Connection) -> None:
    connection.offer((5, "notification", {"company": "苏州\n精工"}), (6, "lead.changed", {}))
    await connection.until(b"lead.changed")
    assert connection.body.decode().endswith(
        'id: 5\nevent: notification\ndata: {"company":"苏州\\n精工"}\n\nid: 6\nevent: lead.changed\ndata: {}\n\n'
    )
    assert connection.is_held


async def test_a_gap_is_told(connection: Connection) -> None:
    connection.offer((9, "lead.changed", {}))
    await connection.until(b"lead.changed")
    assert connection.body.endswith(frame(8, "ready", {"resumed": False}) + frame(9, "lead.changed", {}))


async def test_what_many_are_told_has_no_number_of_theirs_and_makes_no_gap(connection: Connection) -> None:
    connection.stream.offer([LiveEvent(POOL, 7, "old", {}), LiveEvent(POOL, 9, "lead.left_pool", {"id": "x"})])
    connection.offer((5, "lead.changed", {}))
    await connection.until(b"lead.changed")
    assert connection.body.endswith(b'"resumed":true}\n\n' + frame(None, "lead.left_pool", {"id": "x"}) + frame(5, "lead.changed", {}))
    assert frame(None, "lead.left_pool", {}) == b"event: lead.left_pool\ndata: {}\n\n"


async def test_heartbeats(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "HEARTBEAT_SECONDS", 0.02)
    connection = Connection()
    await connection.until(b": still here\n\n: still here\n\n")
    connection.gone.set()
    await connection.ended()


async def test_it_ends_with_the_token() -> None:
    connection = Connection(life=timedelta(seconds=0.1))
    await connection.ended()
    assert connection.is_complete
    assert not connection.is_held


async def test_a_token_that_has_just_expired_gets_the_opening_only() -> None:
    connection = Connection(life=timedelta())
    await connection.ended()
    assert connection.body.count(b"event:") == 1
    assert connection.is_complete


async def test_it_ends_with_its_session_and_says_so(connection: Connection) -> None:
    ids = {"session_ids": [str(uuid4()), str(DEVICE)]}
    connection.offer((5, "lead.changed", {}), (6, "session.ended", ids), (7, "notification", {"secret": "late"}))
    await connection.ended()
    assert connection.body.endswith(frame(6, "session.ended", ids))
    assert connection.is_complete
    assert not connection.is_held


async def test_the_end_of_another_device_is_not_its_business(connection: Connection) -> None:
    connection.offer((5, "session.ended", {"session_ids": [str(uuid4())]}), (6, "lead.changed", {}))
    await connection.until(b"lead.changed")
    assert b"session.ended" not in connection.body
    assert connection.body.count(b"ready") == 1


async def test_it_leaves_the_hub_when_the_client_goes(connection: Connection) -> None:
    await connection.until(b"ready")
    connection.gone.set()
    await connection.ended()
    assert not connection.is_held
    assert not connection.is_complete


async def test_a_reader_that_does_not_read_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "GRACE_SECONDS", 0.01)
    connection = Connection(reads=False)
    await connection.until(b"ready")
    connection.offer(*((seq, "lead.changed", {}) for seq in range(1, MOST_WAITING + 2)))
    await connection.ended()
    assert connection.body.count(b"event:") == 1
    assert not connection.is_held


async def test_it_ends_in_order_when_the_server_stops(connection: Connection) -> None:
    await connection.until(b"ready")
    connection.hub.close()
    await connection.ended()
    assert connection.is_complete


async def test_a_fault_is_not_swallowed(connection: Connection) -> None:
    connection.offer((5, "session.ended", {"broken": True}))
    with pytest.raises(KeyError):
        await connection.ended()
    assert not connection.is_held
