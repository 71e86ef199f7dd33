"""The rows of a run batch by batch: the next ones are read and made ready while those before them are written."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, Callable, Coroutine, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from backend.core.db import Lens, transaction
from backend.core.tasks import end
from backend.imports import queries, rules
from backend.imports.holding import Held, LostLease
from backend.imports.models import ImportRun
from backend.imports.rules import RowState

Make = Callable[[Sequence[Any]], Sequence[Any]]


@dataclass(frozen=True)
class Coming:
    """The rows that follow this number, and what is made of each; nobody changes them but who holds the run."""

    after: int
    rows: Sequence[Any]
    made: Sequence[Any]

    @property
    def last(self) -> int:
        return int(self.rows[-1].number)

    def count_for(self, run: ImportRun) -> None:
        """The run goes on after these rows; raises `LostLease` when it stands elsewhere."""
        if run.cursor != self.after:
            raise LostLease
        run.cursor, run.done = self.last, run.done + len(self.rows)


async def coming(job: Held, states: Sequence[RowState], make: Make, most: int) -> AsyncGenerator[Coming, None]:
    """At most so many batches, from where the run stands; a last one without rows says that there are no more.

    What `make` does costs time and no I/O: it runs beside the event loop.
    """
    next_one = asyncio.create_task(_read(job, await _cursor(job), states, make))
    try:
        for left in reversed(range(most)):
            found = await next_one
            if found.rows and left:
                next_one = asyncio.create_task(_read(job, found.last, states, make))
            yield found
            if not found.rows:
                return
    finally:
        await end(next_one)


async def _cursor(job: Held) -> int:
    async with transaction(Lens.SYSTEM, str(job.person_id)) as session:
        return await session.scalar(select(ImportRun.cursor).where(ImportRun.id == job.run_id)) or 0


async def _read(job: Held, after: int, states: Sequence[RowState], make: Make) -> Coming:
    async with transaction(Lens.SYSTEM, str(job.person_id)) as session:
        rows = (await session.execute(queries.next_rows(job.run_id, after, rules.BATCH, states))).all()
    return Coming(after, rows, await asyncio.to_thread(make, rows))


Marks = Callable[[Coming], AbstractSet[Any]]


async def side_by_side(
    found: AsyncIterable[Coming], write: Callable[[Coming], Coroutine[Any, Any, None]], marks: Marks, at_once: int
) -> bool:
    """Writes so many batches at a time; one that shares a mark with a batch under way begins when that is through.

    True when the last batch, which has no rows, has come. The error of one ends the others.
    """
    under_way: dict[asyncio.Task[None], AbstractSet[Any]] = {}

    async def wait_while(is_full: Callable[[], bool]) -> None:
        while is_full():
            done, _ = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                del under_way[task]
                await task

    try:
        async for batch in found:
            if not batch.rows:
                await wait_while(lambda: bool(under_way))
                return True
            own = marks(batch)
            await wait_while(lambda own=own: len(under_way) == at_once or not all(map(own.isdisjoint, under_way.values())))  # type: ignore[misc]
            under_way[asyncio.create_task(write(batch))] = own
        await wait_while(lambda: bool(under_way))
        return False
    finally:
        await end(*under_way)
