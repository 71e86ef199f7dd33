"""Where files live: one interface, bytes by their SHA-256, streamed in and out (ADR 0009)."""

import asyncio
import contextlib
import hashlib
import os
import secrets
from collections.abc import AsyncIterable, AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Protocol

import structlog

from backend.core.errors import TooLarge, Unavailable
from backend.core.pausepoints import pause

log = structlog.get_logger()
PIECE = 1024 * 1024
HEAD = 64 * 1024
"""So much of a beginning tells what a file is."""


class Store(Protocol):
    """Keeps bytes under a name that follows from them, so that the same bytes are kept once."""

    drafts: Path
    """A folder of this machine for what is still coming in."""

    async def keep(self, draft: Path, key: str) -> None:
        """Takes the file over; when this returns its bytes are safe. Keeping the same again makes it young again."""

    async def holds(self, key: str) -> bool: ...

    def read(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        """From `start` up to before `end`, piece by piece."""

    async def remove(self, key: str) -> None:
        """No error where it is gone already."""

    def stored(self) -> AsyncIterator[tuple[str, datetime]]:
        """Every key with the moment of its last `keep`."""

    async def examine(self) -> str:
        """Where it is, when it answers and can be written."""


def away(error: BaseException) -> Unavailable:
    """What is told when the store does not do its work; the reason is for the log."""
    log.error("storage_away", error=repr(error))
    return Unavailable("storage_away", "Files cannot be kept or read at the moment; try again later.", headers={"Retry-After": "5"})


@contextmanager
def saying_away(*errors: type[BaseException]) -> Iterator[None]:
    try:
        yield
    except errors as error:
        raise away(error) from error


@dataclass(frozen=True)
class Draft:
    """A file that has come in whole, not kept yet."""

    path: Path
    size: int
    sha256: str
    head: bytes


class _Writer:
    """Writes and measures as bytes come, in pieces worth a thread."""

    def __init__(self, file: BinaryIO, most: int) -> None:
        self.file, self.most = file, most
        self.size, self.head = 0, b""
        self._digest, self._waiting = hashlib.sha256(), bytearray()

    async def take(self, piece: bytes) -> None:
        self.size += len(piece)
        if self.size > self.most:
            raise TooLarge("upload_too_large", f"A file of this kind may have at most {self.most} bytes.", limit=self.most)
        self._waiting += piece
        if len(self._waiting) >= PIECE:
            await self.flush()
            await pause("storage.receiving")

    async def flush(self) -> None:
        data = bytes(self._waiting)
        self._waiting.clear()
        self.head += data[: HEAD - len(self.head)]
        await asyncio.to_thread(self._write, data)

    def _write(self, data: bytes) -> None:
        self._digest.update(data)
        self.file.write(data)

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


@asynccontextmanager
async def receiving(store: Store, pieces: AsyncIterable[bytes], most: int) -> AsyncIterator[Draft]:
    """The whole of a stream as a draft, which goes when it is left and was not kept; 413 beyond `most` bytes."""
    with saying_away(OSError):
        await asyncio.to_thread(store.drafts.mkdir, 0o700, parents=True, exist_ok=True)
        path = store.drafts / secrets.token_hex(16)
        file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb", buffering=0)
    try:
        writer = _Writer(file, most)
        with file, saying_away(OSError):
            async for piece in pieces:
                await writer.take(piece)
            await writer.flush()
        yield Draft(path, writer.size, writer.sha256, writer.head)
    finally:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)


async def only(data: bytes) -> AsyncIterator[bytes]:
    """What is in memory already, as a stream."""
    yield data


async def put(store: Store, data: bytes, key: str) -> None:
    """Keeps something small that was made here."""
    async with receiving(store, only(data), len(data)) as draft:
        await store.keep(draft.path, key)


def ages(folder: Path) -> list[tuple[str, datetime]]:
    """Names in a folder, each with the moment of its last byte."""
    found = []
    with os.scandir(folder) as entries:
        for entry in entries:
            with contextlib.suppress(FileNotFoundError):
                found.append((entry.name, datetime.fromtimestamp(entry.stat().st_mtime, UTC)))
    return found


async def forget_drafts(store: Store, before: datetime) -> int:
    """Removes what has not grown since this moment: its process died. Returns how many."""
    if not store.drafts.is_dir():
        return 0
    old = [name for name, at in await asyncio.to_thread(ages, store.drafts) if at < before]
    for name in old:
        with contextlib.suppress(OSError):
            (store.drafts / name).unlink(missing_ok=True)
    return len(old)
