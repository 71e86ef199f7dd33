"""The runner of imports and exports, which lives as long as its worker, and the sweep that clears what is no longer needed."""

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import structlog
from arq import cron
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import files, workbooks
from backend.core.clock import product_now, real_now
from backend.core.db import DATABASE_ERRORS, Lens, transaction
from backend.core.pausepoints import pause
from backend.core.tasks import carry_on, end
from backend.imports import clearing, exporting, holding, preparing, processes, rules, running, wording
from backend.imports.coming import Coming, Make, Marks, coming, side_by_side
from backend.imports.holding import Held, LostLease
from backend.imports.models import ExportRun, ImportRun
from backend.imports.rules import RowState, RunState, Unreadable

log = structlog.get_logger()
ACTOR = "system:imports"
FALLBACK_SECONDS = 1.0
BATCHES_IN_A_ROW = 20
HEARTBEAT = rules.LEASE.total_seconds() / 3
T = TypeVar("T")


async def step(job: Held, work: Callable[[AsyncSession], Awaitable[T]]) -> T:
    """One transaction on behalf of the run's person."""
    async with transaction(Lens.SYSTEM, str(job.person_id)) as session:
        return await work(session)


async def _keep_lease(job: Held) -> None:
    """While a process reads or writes a file, the lease goes on."""
    while True:
        await asyncio.sleep(HEARTBEAT)
        with contextlib.suppress(LostLease, *DATABASE_ERRORS):
            await step(job, lambda session: holding.renew(session, job, real_now()))


@asynccontextmanager
async def keeping_lease(job: Held) -> AsyncIterator[None]:
    task = asyncio.create_task(_keep_lease(job))
    try:
        yield
    finally:
        await end(task)


async def read_file(job: Held) -> None:
    """Rows are kept in pieces; a worker that comes after a dead one reads again and keeps only what is missing."""
    with tempfile.TemporaryDirectory(prefix="chengdan-import-") as folder:
        path = Path(folder) / "file"
        with path.open("wb") as copy:
            await step(job, lambda session: holding.copy_file(session, job, copy))
        try:
            async with keeping_lease(job):
                async for chunk in processes.read_rows(path):
                    await step(job, lambda session, chunk=chunk: preparing.stage(session, job, chunk, product_now(), real_now()))  # type: ignore[misc]
                    await pause("imports.read.chunk")
        except Unreadable as error:
            refusal = error.refusal.value
            await step(job, lambda session: preparing.refuse(session, job, refusal, product_now(), real_now()))
            return
    await step(job, lambda session: preparing.guess(session, job, product_now(), real_now()))


async def check_rows(job: Held) -> None:
    reader = await step(job, lambda session: preparing.reader(session, job, product_now(), real_now()))

    async def batch(session: AsyncSession, rows: Coming) -> None:
        await preparing.check_batch(session, job, reader, rows, product_now(), real_now())

    if await _batches(job, (), reader.check_all, batch):
        file_id = await problems_file(job)
        await step(job, lambda session: preparing.checked(session, job, file_id, product_now(), real_now()))


async def apply_rows(job: Held) -> None:
    target, at_once = await step(job, lambda session: running.way(session, job))

    async def batch(session: AsyncSession, rows: Coming) -> None:
        await running.apply_batch(session, job, rows, product_now(), real_now())
        await pause("imports.applied.before_commit")

    async with keeping_lease(job):
        ready, marks = partial(running.ready_all, target), partial(running.marks_of, target)
        is_through = await _batches(job, [RowState.READY], ready, batch, marks=marks, at_once=at_once)
    if is_through:
        file_id = await problems_file(job)
        await step(job, lambda session: running.finish(session, job, file_id, product_now(), real_now()))


async def undo_rows(job: Held) -> None:
    async def batch(session: AsyncSession, rows: Coming) -> None:
        await running.undo_batch(session, job, rows, product_now(), real_now())

    if await _batches(job, [RowState.CREATED], lambda rows: rows, batch):
        await step(job, lambda session: running.undone(session, job, product_now(), real_now()))


async def _batches(
    job: Held,
    states: Sequence[RowState],
    make: Make,
    batch: Callable[[AsyncSession, Coming], Awaitable[None]],
    *,
    marks: Marks = lambda _: frozenset(),
    at_once: int = 1,
) -> bool:
    """A bounded number of batches; True when there are no more, else others have their turn."""

    async def write(rows: Coming) -> None:
        await step(job, lambda session: batch(session, rows))
        await pause("imports.batch.committed")

    async with aclosing(coming(job, states, make, BATCHES_IN_A_ROW)) as found:
        is_through = await side_by_side(found, write, marks, at_once)
    if not is_through:
        await step(job, lambda session: holding.release(session, job, real_now()))
    return is_through


async def problems_file(job: Held) -> UUID | None:
    """The rows that are left out, with row number and reason, as a workbook in the importer's language; None when there are none."""
    run, locale = await step(job, lambda session: holding.left_out(session, job, real_now()))
    if not run.problems + run.duplicates:
        return None
    side = int(locale.startswith("en"))
    header = [*wording.HEADINGS[side], *(label or f"#{place + 1}" for place, label in enumerate(run.labels))]
    with tempfile.TemporaryDirectory(prefix="chengdan-import-") as folder:
        path = Path(folder) / "problems.xlsx"
        async with (
            keeping_lease(job),
            processes.writing(path, "xlsx", ("问题行", "Left out")[side], [8, 48, *[16] * len(run.labels)]) as table,
        ):
            await table.add([header])
            after = 0
            while rows := await step(job, lambda session, after=after: holding.reported(session, job, after)):  # type: ignore[misc]
                await table.add([[row.number, wording.reasons(row.problems, row.match, locale), *row.cells] for row in rows])
                after = rows[-1].number
        return await step(job, lambda session: _keep_workbook(session, job, path, _problems_name(run)))


def _problems_name(run: ImportRun) -> str:
    return f"{Path(run.file_name).stem[:80]}-problems.xlsx"


async def _keep_workbook(session: AsyncSession, job: Held, path: Path, name: str) -> UUID:
    with path.open("rb") as file:
        media = workbooks.MEDIA["xlsx"]
        file_id, _, _ = await files.store(session, file, actor=str(job.person_id), name=name, media_type=media, now=real_now())
    return file_id


WORK = {RunState.READING: read_file, RunState.CHECKING: check_rows, RunState.RUNNING: apply_rows, RunState.UNDOING: undo_rows}


async def next_import() -> bool:
    """Takes a run a step further; False when none waits."""
    async with transaction(Lens.SYSTEM, ACTOR) as session:
        job = await holding.claim(session, product_now(), real_now())
    if job is None:
        return False
    await pause("imports.claimed")
    try:
        await WORK[job.state](job)
    except LostLease:
        log.info("import_taken_over", run=str(job.run_id))
    return True


async def next_export() -> bool:
    """Makes one export; False when none waits. The rows are read in one transaction, the file is finished after it."""
    async with transaction(Lens.SYSTEM, ACTOR) as session:
        found = await exporting.claim(session, real_now())
    if found is None:
        return False
    export_id, person_id = found
    await pause("exports.claimed")
    async with transaction(Lens.SYSTEM, str(person_id)) as session:
        export = await session.get_one(ExportRun, export_id)
        if not await exporting.still_may(session, export, real_now()):
            await exporting.fail(session, export_id, product_now())
            return True
        side = await exporting.side_of(session, export)
    with tempfile.TemporaryDirectory(prefix="chengdan-export-") as folder:
        path = Path(folder) / "list"
        async with exporting.table_for(path, export, side) as table, transaction(Lens.SYSTEM, str(person_id)) as session:
            rows = await exporting.fill(session, export, table, side)
        async with transaction(Lens.SYSTEM, str(person_id)) as session:
            await exporting.keep(session, export, path, rows, side, product_now())
            await exporting.tell(session, export, rows, product_now())
    return True


class Runner:
    """Wakes on the doorbell and looks by itself every second; one run at a time, so that memory stays bounded."""

    def __init__(self) -> None:
        self._bell = asyncio.Event()

    def ring(self, _: str = "") -> None:
        self._bell.set()

    async def run(self) -> None:
        while True:
            try:
                busy = [await next_import(), await next_export()]
            except Exception as error:  # noqa: BLE001 - a run that breaks must not stop the others; its lease ends and it is tried again
                await carry_on("runner", error, FALLBACK_SECONDS / 2)
                continue
            if not any(busy):
                await self._rest()

    async def _rest(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(FALLBACK_SECONDS):
                await self._bell.wait()
        self._bell.clear()


async def clear_material(ctx: dict[Any, Any]) -> int:
    """Forgets files and rows of runs that nobody can undo any more, and exports that have expired."""
    del ctx
    total = 0
    while True:
        async with transaction(Lens.SYSTEM, ACTOR) as session:
            count = await clearing.clear(session, product_now())
        total += count
        if not count:
            return total


CLEAR_HOURLY = cron(clear_material, minute=41, timeout=600, keep_result=0, unique=True)
