"""A way to PostgreSQL on which a connection's last words arrive before its end does, as on a network."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

SHUT_DOWN = b"57P01"
"""The code in the last words of a session that the server ended by itself."""


@dataclass
class LateWay:
    """Passes bytes both ways; a session that was ended hears of its end when it next says something."""

    port: int = 0
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the server has ended a session by itself and its last words have been passed on."""
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def _serve(self, upstream: tuple[str, int], client_in: asyncio.StreamReader, client_out: asyncio.StreamWriter) -> None:
        server_in, server_out = await asyncio.open_connection(*upstream)
        answers = asyncio.create_task(self._answer(server_in, client_out))
        says = asyncio.create_task(self._say(client_in, server_out, answers, client_out))
        self._tasks |= {answers, says}

    async def _say(
        self,
        client_in: asyncio.StreamReader,
        server_out: asyncio.StreamWriter,
        answers: "asyncio.Task[None]",
        client_out: asyncio.StreamWriter,
    ) -> None:
        while (data := await client_in.read(65536)) and not answers.done():
            server_out.write(data)
            await server_out.drain()
        server_out.close()
        client_out.close()

    async def _answer(self, server_in: asyncio.StreamReader, client_out: asyncio.StreamWriter) -> None:
        last = b""
        with suppress(OSError):
            while data := await server_in.read(65536):
                client_out.write(last := data)
                await client_out.drain()
        if SHUT_DOWN in last:
            self.ended.set()
        else:
            client_out.close()

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@asynccontextmanager
async def late_way(host: str, port: int) -> AsyncIterator[LateWay]:
    way = LateWay()
    server = await asyncio.start_server(lambda i, o: way._serve((host, port), i, o), "127.0.0.1", 0)
    way.port = server.sockets[0].getsockname()[1]
    try:
        yield way
    finally:
        server.close()
        await way.close()
