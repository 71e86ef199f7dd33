"""Live events: one hub a process holds the open streams and asks the database once for all that were woken."""

import asyncio
import signal
import threading
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text

from backend.core.db import get_database
from backend.core.metrics import LIVE_STREAMS
from backend.core.tasks import carry_on

LIVE_CHANNEL = "live"
MOST_A_FEED = 200
MOST_WAITING = 500
REPAIR_SECONDS = 10.0
DEAF_SECONDS = 1.0
GAP_SECONDS = 0.02
SINCE = text("select person_id as feed, seq, kind, payload from live_events_since(:people, :seqs, :most)")


class LiveEvent(NamedTuple):
    """An event of one feed, which is a person's own or one that several share; `seq` counts without gaps."""

    feed: UUID
    seq: int
    kind: str
    payload: dict[str, Any]


Fetch = Callable[[dict[UUID, int]], Awaitable[list[LiveEvent]]]


async def fetch_events(after: dict[UUID, int]) -> list[LiveEvent]:
    """The next events of each feed after a sequence number, at most `MOST_A_FEED` each, in one query."""
    async with get_database().session() as session:
        rows = await session.execute(SINCE, {"people": list(after), "seqs": list(after.values()), "most": MOST_A_FEED})
        return [LiveEvent(*row) for row in rows]


class Stream:
    """What waits for one open connection; it closes when its reader is too slow, and the reader resumes by id.

    Besides the person's own feed it may follow shared ones, each from a number of its own.
    """

    def __init__(self, person_id: UUID, seq: int, shared: Mapping[UUID, int] | None = None) -> None:
        self.person_id = person_id
        self.heard = {**(shared or {}), person_id: seq}
        self.closed = asyncio.Event()
        self._waiting: list[LiveEvent] = []
        self._changed = asyncio.Event()

    @property
    def seq(self) -> int:
        """The last number of the person's own feed."""
        return self.heard[self.person_id]

    @property
    def is_closed(self) -> bool:
        return self.closed.is_set()

    def offer(self, events: Iterable[LiveEvent]) -> None:
        """Takes the events that come after what it has; closes itself rather than hold too many."""
        fresh = [event for event in events if event.seq > self.heard[event.feed]]
        if not fresh or self.is_closed:
            return
        if len(self._waiting) + len(fresh) > MOST_WAITING:
            self.close()
            return
        self.heard |= {event.feed: event.seq for event in fresh}
        self._waiting += fresh
        self._changed.set()

    async def take(self) -> list[LiveEvent]:
        """All that waits, once something does; empty when the stream is closed."""
        await self._changed.wait()
        self._changed.clear()
        taken, self._waiting = self._waiting, []
        return taken

    def close(self) -> None:
        self._waiting = []
        self._changed.set()
        self.closed.set()


class Hub:
    """The streams of this process. Wake-ups are hints: every ten seconds (every second without Redis) it looks by itself."""

    def __init__(self, fetch: Fetch = fetch_events, is_listening: Callable[[], bool] = lambda: True) -> None:
        self._fetch = fetch
        self._is_listening = is_listening
        self._streams: dict[UUID, set[Stream]] = {}
        self._woken: set[UUID] = set()
        self._bell = asyncio.Event()
        self._is_closing = False
        self._next_look = 0.0

    def wake(self, names: str = "") -> None:
        """Looks for events of these feeds (ids between blanks), or of all."""
        if names:
            self._woken.update(feed for feed in map(UUID, names.split()) if feed in self._streams)
        else:
            self._woken.update(self._streams)
        if self._woken:
            self._bell.set()

    def join(self, stream: Stream) -> None:
        """From now on the stream gets what comes on its feeds, after what it has heard."""
        if self._is_closing:
            stream.close()
            return
        for feed in stream.heard:
            self._streams.setdefault(feed, set()).add(stream)
        LIVE_STREAMS.inc()
        self._woken.update(stream.heard)
        self._bell.set()

    def leave(self, stream: Stream) -> None:
        if stream in self._streams.get(stream.person_id, ()):
            LIVE_STREAMS.dec()
        for feed in stream.heard:
            held = self._streams.get(feed, set())
            held.discard(stream)
            if not held:
                self._streams.pop(feed, None)

    def close(self) -> None:
        """Ends every stream, so that the server can stop; clients come back to another process."""
        self._is_closing = True
        for stream in {stream for held in self._streams.values() for stream in held}:
            stream.close()

    async def run(self) -> None:
        """Until cancelled; a database that is away only delays."""
        while True:
            await self._rest()
            try:
                await self.deliver()
            except Exception as error:  # noqa: BLE001 - whatever it is, open streams must not fall silent
                self._next_look = 0.0
                await carry_on("live", error, DEAF_SECONDS / 2)
            await asyncio.sleep(GAP_SECONDS)

    async def deliver(self) -> None:
        """One query for all that were woken; where more is waiting, it is woken again."""
        woken, self._woken = self._woken, set()
        open_streams = {feed: [s for s in self._streams.get(feed, ()) if not s.is_closed] for feed in woken}
        after = {feed: min(stream.heard[feed] for stream in streams) for feed, streams in open_streams.items() if streams}
        if not after:
            return
        events: dict[UUID, list[LiveEvent]] = {}
        for event in await self._fetch(after):
            events.setdefault(event.feed, []).append(event)
        for feed, found in events.items():
            for stream in open_streams[feed]:
                stream.offer(found)
            if len(found) >= MOST_A_FEED:
                self._woken.add(feed)
                self._bell.set()

    async def _rest(self) -> None:
        """Until the bell rings or it is time to look for everybody."""
        clock = asyncio.get_running_loop().time
        longest = REPAIR_SECONDS if self._is_listening() else DEAF_SECONDS
        self._next_look = min(self._next_look, clock() + longest)
        try:
            async with asyncio.timeout_at(self._next_look):
                await self._bell.wait()
        except TimeoutError:
            pass
        self._bell.clear()
        if clock() >= self._next_look:
            self._next_look = clock() + longest
            self.wake()


@contextmanager
def closing_on_signals(hub: Hub) -> Iterator[None]:
    """Ends the streams as soon as the process is told to stop: a server waits for its open connections before anything else."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def close_first(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(hub.close)
        handler = before[signal.Signals(number)]
        if callable(handler):
            handler(number, frame)

    for number, handler in before.items():
        if callable(handler):
            signal.signal(number, close_first)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


_hub: Hub | None = None


def use_hub(hub: Hub | None) -> None:
    """Chooses the hub of this process."""
    global _hub  # noqa: PLW0603
    _hub = hub


def get_hub() -> Hub:
    if _hub is None:
        raise RuntimeError("No live hub is running: the application starts it")
    return _hub
