"""The two processes that touch files of strangers or cost much time: one reads, one writes. Neither knows the database."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from backend.imports.rules import Refusal, Unreadable

LONGEST_LINE = 32 * 1024 * 1024
CHUNK = 2000


@asynccontextmanager
async def _process(*words: str, stdin: int | None, stdout: int | None) -> AsyncIterator[asyncio.subprocess.Process]:
    """A Python process that does not outlive its block."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", *words, stdin=stdin, stdout=stdout, stderr=asyncio.subprocess.DEVNULL, limit=LONGEST_LINE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def read_rows(path: Path) -> AsyncIterator[list[tuple[int, str]]]:
    """Chunks of (row number, cells as JSON) of a file; raises `Unreadable`, also when the reading process was ended by its limits."""
    none = asyncio.subprocess.DEVNULL
    async with _process("backend.imports.sheets", str(path), stdin=none, stdout=asyncio.subprocess.PIPE) as process:
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        chunk: list[tuple[int, str]] = []
        async for raw in process.stdout:
            line = raw.decode().rstrip("\n")
            if line.startswith("{"):
                raise Unreadable(Refusal(json.loads(line)["refusal"]))
            number, _, cells = line[1:-1].partition(",")
            chunk.append((int(number), cells))
            if len(chunk) == CHUNK:
                yield chunk
                chunk = []
        if await process.wait() != 0:
            raise Unreadable(Refusal.BROKEN)
        if chunk:
            yield chunk


class Table:
    """A workbook or CSV file that is being written."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def add(self, rows: Iterable[Sequence[Any]]) -> None:
        """Further rows; the first of all is the header."""
        assert self._process.stdin is not None  # noqa: S101 - it is a pipe
        self._process.stdin.write("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode(errors="replace"))
        await self._process.stdin.drain()


@asynccontextmanager
async def writing(path: Path, kind: str, title: str, widths: Sequence[int]) -> AsyncIterator[Table]:
    """The file is whole when the block ends without an error."""
    words = ("backend.core.workbooks", kind, str(path))
    async with _process(*words, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL) as process:
        table = Table(process)
        assert process.stdin is not None  # noqa: S101 - it is a pipe
        process.stdin.write(json.dumps({"title": title, "widths": list(widths)}).encode() + b"\n")
        yield table
        process.stdin.close()
        if await process.wait() != 0:
            raise RuntimeError("the table could not be written")
