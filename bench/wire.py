"""HTTP as thin as it gets: the generator shares two cores with what it measures."""

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

import httptools

Arrived = Callable[[str, dict[str, Any], float], None]


class Poster:
    """One kept-alive connection; answers come back in the order of the requests, one at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str) -> None:
        self.reader, self.writer, self.host = reader, writer, host

    @classmethod
    async def open(cls, host: str, port: int) -> "Poster":
        return cls(*await asyncio.open_connection(host, port), f"{host}:{port}")

    async def request(self, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> tuple[int, bytes]:
        """Status and body; on a new connection where the server has closed this one because nothing was asked for seconds."""
        if self.reader.at_eof():
            self.writer.close()
            self.reader, self.writer = await asyncio.open_connection(*self.host.split(":"))
        lines = [
            f"{method} {path} HTTP/1.1",
            f"host: {self.host}",
            f"content-length: {len(body)}",
            *(f"{name}: {value}" for name, value in headers.items()),
        ]
        self.writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = int(head.partition("content-length:")[2].partition("\r\n")[0] or 0)
        return int(head[9:12]), await self.reader.readexactly(length)

    def close(self) -> None:
        self.writer.close()


class Stream(asyncio.Protocol):
    """One open event stream; tells of each event with the moment of its arrival."""

    def __init__(self, request: bytes, arrived: Arrived) -> None:
        self.request, self.arrived = request, arrived
        self.parser = httptools.HttpResponseParser(self)
        self.rest = b""
        self.is_open: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.is_lost = False

    @classmethod
    async def open(cls, host: str, port: int, path: str, token: str, arrived: Arrived) -> "Stream":
        """Connected and answered with 200."""
        head = f"GET {path} HTTP/1.1\r\nhost: {host}:{port}\r\naccept: text/event-stream\r\nauthorization: Bearer {token}\r\n\r\n"
        _, stream = await asyncio.get_running_loop().create_connection(lambda: cls(head.encode(), arrived), host, port)
        status = await asyncio.wait_for(stream.is_open, 30)
        if status != 200:
            raise RuntimeError(f"a stream was answered with {status}")
        return stream

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        transport.write(self.request)  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        self.at = time.perf_counter()
        self.parser.feed_data(data)

    def connection_lost(self, _: Exception | None) -> None:
        self.is_lost = True

    def on_headers_complete(self) -> None:
        self.is_open.set_result(self.parser.get_status_code())

    def on_body(self, body: bytes) -> None:
        *events, self.rest = (self.rest + body).replace(b"\r\n", b"\n").split(b"\n\n")
        for event in events:
            fields = dict(line.partition(b":")[::2] for line in event.split(b"\n"))
            if b"event" in fields and b"data" in fields:
                self.arrived(fields[b"event"].strip().decode(), json.loads(fields[b"data"]), self.at)
