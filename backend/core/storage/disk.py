"""Files on the disk of this machine, under the data directory."""

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

from backend.core.storage.base import PIECE, ages, saying_away


class DiskStore:
    """`<folder>/ab/abcdef…`: written under another name, synced, then renamed, so that a name stands for whole bytes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.drafts = folder / "drafts"

    def path(self, key: str) -> Path:
        return self.folder / key[:2] / key

    async def keep(self, draft: Path, key: str) -> None:
        with saying_away(OSError):
            await asyncio.to_thread(self._keep, draft, self.path(key))

    def _keep(self, draft: Path, target: Path) -> None:
        _sync(draft)
        if not target.parent.is_dir():
            target.parent.mkdir(mode=0o700, exist_ok=True)
            _sync(self.folder)
        draft.replace(target)
        _sync(target.parent)

    async def holds(self, key: str) -> bool:
        with saying_away(OSError):
            return await asyncio.to_thread(self.path(key).is_file)

    async def read(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        with saying_away(OSError):
            file = await asyncio.to_thread(self.path(key).open, "rb")
        with file, saying_away(OSError):
            file.seek(start)
            while start < end and (piece := await asyncio.to_thread(file.read, min(PIECE, end - start))):
                start += len(piece)
                yield piece

    async def remove(self, key: str) -> None:
        with saying_away(OSError):
            await asyncio.to_thread(self.path(key).unlink, missing_ok=True)

    async def stored(self) -> AsyncIterator[tuple[str, datetime]]:
        for folder in await asyncio.to_thread(_folders, self.folder):
            for found in await asyncio.to_thread(ages, folder):
                yield found

    async def examine(self) -> str:
        with saying_away(OSError):
            await asyncio.to_thread(self.drafts.mkdir, 0o700, parents=True, exist_ok=True)
            trial = self.drafts / f"trial-{os.getpid()}"
            trial.write_bytes(b"")
            trial.unlink()
        return f"files in {self.folder}"


def _sync(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _folders(folder: Path) -> list[Path]:
    return [one for one in folder.iterdir() if one.is_dir() and len(one.name) == 2] if folder.is_dir() else []
