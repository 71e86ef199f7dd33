"""Importing as the screen does it: a workbook from the upload to the last row, with the time of each phase and the worker's memory."""

import asyncio
import io
import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx
from openpyxl import Workbook

from tests.simulators.company import Company, sign_in
from tests.simulators.installation import Installation, eventually

LOOK_EVERY = 0.25
"""A screen is told by itself; whoever asks more often measures the asking."""
WITHIN = 900.0
Row = list[Any]


def workbook(title: str, header: Sequence[str], rows: Iterable[Row]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.append(header)
    for row in rows:
        sheet.append(row)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


@dataclass(frozen=True)
class Imported:
    """What came of a file, and what it cost."""

    phases: dict[str, float]
    processor: dict[str, dict[str, float]]
    """By phase: the processor time of the worker with its reader, and of the database, in seconds."""
    counts: dict[str, int]
    worker_mib: float
    worker_and_reader_mib: float

    @property
    def seconds(self) -> float:
        return sum(self.phases.values())


async def imported(installation: Installation, company: Company, target: str, book: bytes) -> Imported:
    """By one administrator, with a worker that does nothing else."""
    worker = installation.worker("importer", CHENGDAN_LOG_LEVEL="WARNING")
    memory = Memory(worker.process.pid)
    watching = asyncio.create_task(memory.watch())
    (token,) = await sign_in(installation, [company.administrator])
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=f"{installation.addresses['api']}/api/v1", headers=headers, timeout=60) as client:
        taken = Taken(worker.process.pid, installation.postgres.process.pid)
        phases, counts = await _import(client, target, book, taken)
    watching.cancel()
    installation.end("importer")
    return Imported(phases, taken.phases, counts, memory.own, memory.with_children)


def shown(found: Imported, *, rows: int, wrong: int, book: bytes, bare: float, seconds: int, memory_mib: int) -> dict[str, Any]:
    """The figures of a bench that may take so many seconds and so much memory."""
    return {
        "seconds": round(found.seconds, 1),
        "phases": {name: round(value, 1) for name, value in found.phases.items()},
        "processor": {name: {who: round(value, 1) for who, value in taken.items()} for name, taken in found.processor.items()},
        "rows": rows,
        "rows_a_second": round(rows / found.seconds),
        **{name: found.counts[name] for name in ("created", "joined", "duplicates")},
        "wrong": wrong,
        "file_mib": round(len(book) / 2**20, 1),
        "worker_mib": round(found.worker_mib),
        "worker_and_reader_mib": round(found.worker_and_reader_mib),
        "bare_copy_seconds": round(bare, 2),
        "ratio": round(found.seconds / bare, 1),
        "limit": {"seconds": seconds, "memory_mib": memory_mib},
        "pass": found.seconds < seconds and found.worker_and_reader_mib < memory_mib and not wrong,
    }


class Memory:
    """The largest resident size of a process and its children, watched while it works."""

    def __init__(self, pid: int) -> None:
        self.pid, self.own, self.with_children = pid, 0.0, 0.0

    async def watch(self) -> None:
        while True:
            own = _resident(self.pid)
            self.own = max(self.own, own)
            self.with_children = max(self.with_children, own + sum(map(_resident, _children(self.pid))))
            await asyncio.sleep(0.1)


class Taken:
    """Processor time by phase: on a machine that others use too it says more than the clock."""

    def __init__(self, worker: int, database: int) -> None:
        self._pids = {"worker": worker, "database": database}
        self._before = self._now()
        self.phases: dict[str, dict[str, float]] = {}

    def _now(self) -> dict[str, float]:
        return {who: sum(map(_processor, [pid, *_children(pid)])) for who, pid in self._pids.items()}

    def ends(self, phase: str) -> None:
        now = self._now()
        self.phases[phase] = {who: now[who] - self._before[who] for who in now}
        self._before = now


def _processor(pid: int) -> float:
    """Seconds of a process and of its children that have ended."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, told[11:15])) / os.sysconf("SC_CLK_TCK")


def _resident(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0)


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


async def _import(client: httpx.AsyncClient, target: str, book: bytes, taken: Taken) -> tuple[dict[str, float], dict[str, int]]:
    """As the screen does it, with the mapping that was guessed."""
    phases: dict[str, float] = {}
    started = time.perf_counter()

    async def until(state: str, phase: str) -> dict[str, Any]:
        nonlocal started

        async def look() -> dict[str, Any] | None:
            await asyncio.sleep(LOOK_EVERY)
            found: dict[str, Any] = (await client.get(f"/imports/{run_id}")).raise_for_status().json()
            assert found["state"] != "unreadable", found["refusal"]
            return found if found["state"] == state else None

        found = await eventually(look, WITHIN, f"import {state}")
        assert found is not None
        phases[phase] = time.perf_counter() - started
        taken.ends(phase)
        started = time.perf_counter()
        return found

    answer = await client.post("/imports", params={"target": target, "name": "客户.xlsx"}, content=book)
    run_id = answer.raise_for_status().json()["id"]
    mapped = await until("mapping", "read")
    settings = mapped["settings"] | {"assignment": "keep"}
    (await client.put(f"/imports/{run_id}/settings", json=settings)).raise_for_status()
    await until("ready", "check")
    (await client.post(f"/imports/{run_id}/start")).raise_for_status()
    return phases, (await until("done", "write"))["counts"]


async def bare_copy(installation: Installation, rows: Iterable[Row], columns: int) -> float:
    """The seconds that the same cells take into a table without index, key, trigger or row security."""
    connection = await asyncpg.connect(installation.postgres.url)
    try:
        await connection.execute(f"create unlogged table bare_copy ({', '.join(f'c{place} text' for place in range(columns))})")
        records = [tuple(str(value) for value in row) for row in rows]
        started = time.perf_counter()
        await connection.copy_records_to_table("bare_copy", records=records)
        seconds = time.perf_counter() - started
        await connection.execute("drop table bare_copy")
        return seconds
    finally:
        await connection.close()
