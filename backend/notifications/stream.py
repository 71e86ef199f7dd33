"""One open connection of live events as Server-Sent Events; it holds no database session."""

import asyncio
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from backend.core.live import Hub, LiveEvent, Stream
from backend.core.tasks import end

HEARTBEAT_SECONDS = 15.0
GRACE_SECONDS = 1.0
RETRY_MS = 1000
HEARTBEAT = b": still here\n\n"
READY = "ready"
SESSION_ENDED = "session.ended"


def frame(seq: int | None, kind: str, data: Mapping[str, Any]) -> bytes:
    """One event on the wire; JSON has no raw line ends. Without a number nobody resumes there."""
    place = "" if seq is None else f"id: {seq}\n"
    return f"{place}event: {kind}\ndata: {json.dumps(data, ensure_ascii=False, separators=(',', ':'))}\n\n".encode()


class LiveResponse(Response):
    """Streams until the token ends, the session is ended, the reader is gone or too slow, or the server stops.

    It opens with `ready`, whose id is where to resume; `resumed` false means that earlier events may have been missed.
    """

    media_type = "text/event-stream"

    def __init__(self, hub: Hub, stream: Stream, session_id: UUID, life: timedelta, *, resumed: bool) -> None:
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._hub = hub
        self._stream = stream
        self._session_id = str(session_id)
        self._life = life.total_seconds()
        self._resumed = resumed
        self._sent = stream.seq

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del scope
        self._hub.join(self._stream)
        pump = asyncio.create_task(self._pump(send))
        others = [asyncio.create_task(_until_gone(receive)), asyncio.create_task(self._stream.closed.wait())]
        try:
            await asyncio.wait({pump, *others}, return_when=asyncio.FIRST_COMPLETED)
            if self._stream.is_closed:
                await asyncio.wait({pump, others[0]}, timeout=GRACE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._hub.leave(self._stream)
            await end(pump, *others)
        if not pump.cancelled() and (error := pump.exception()) and not isinstance(error, OSError):
            raise error

    async def _pump(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        opening = f"retry: {RETRY_MS}\n\n".encode() + frame(self._sent, READY, {"resumed": self._resumed})
        await send({"type": "http.response.body", "body": opening, "more_body": True})
        clock = asyncio.get_running_loop().time
        ends_at, is_open = clock() + self._life, True
        while is_open and not self._stream.is_closed and clock() < ends_at:
            chunk = HEARTBEAT
            try:
                async with asyncio.timeout_at(min(ends_at, clock() + HEARTBEAT_SECONDS)):
                    chunk, is_open = self._frames(await self._stream.take())
            except TimeoutError:
                pass
            if chunk:
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    def _frames(self, events: list[LiveEvent]) -> tuple[bytes, bool]:
        """The bytes of these events, and whether the stream goes on after them."""
        frames = []
        for event in events:
            if event.feed != self._stream.person_id:
                frames.append(frame(None, event.kind, event.payload))
                continue
            if event.seq > self._sent + 1:
                frames.append(frame(event.seq - 1, READY, {"resumed": False}))
            self._sent = event.seq
            is_mine = event.kind != SESSION_ENDED or self._session_id in event.payload["session_ids"]
            if is_mine:
                frames.append(frame(event.seq, event.kind, event.payload))
            if is_mine and event.kind == SESSION_ENDED:
                return b"".join(frames), False
        return b"".join(frames), True


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue
