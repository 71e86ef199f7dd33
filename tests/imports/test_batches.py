"""Batches of one file beside each other: which may, and what holds when one of them does not come to its end."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from backend.core.db import Lens, transaction
from backend.imports import holding, jobs, rules, running
from backend.imports.coming import Coming, side_by_side
from tests.conftest import NOW
from tests.imports import books
from tests.imports.conftest import Office


class Writing:
    """Batches with marks; each is written when the test says so."""

    def __init__(self, *marks: str) -> None:
        self.marks = [frozenset(one.split()) for one in marks]
        self.gates = [asyncio.Event() for _ in marks]
        self.begun: list[int] = []
        self.ended: list[int] = []

    async def found(self, *, with_last: bool) -> AsyncIterator[Coming]:
        for place in range(len(self.marks)):
            yield Coming(place, [place], [])
        if with_last:
            yield Coming(len(self.marks), [], [])

    async def write(self, batch: Coming) -> None:
        self.begun.append(batch.after)
        try:
            await self.gates[batch.after].wait()
            if self.marks[batch.after] == {"breaks"}:
                raise RuntimeError("broken")
        finally:
            self.ended.append(batch.after)

    def start(self, *, with_last: bool = True) -> asyncio.Task[bool]:
        return asyncio.create_task(side_by_side(self.found(with_last=with_last), self.write, lambda batch: self.marks[batch.after], 2))

    async def settled(self) -> list[int]:
        for _ in range(10):
            await asyncio.sleep(0)
        return self.begun


async def test_two_batches_are_written_at_a_time_and_those_with_a_common_mark_one_after_the_other() -> None:
    writing = Writing("a b", "c", "d b", "a", "e")
    task = writing.start()
    assert await writing.settled() == [0, 1]
    writing.gates[1].set()
    assert await writing.settled() == [0, 1], "a mark in common with the first, which is still under way"
    writing.gates[0].set()
    assert await writing.settled() == [0, 1, 2, 3]
    assert not task.done()
    for gate in writing.gates:
        gate.set()
    assert await task is True
    assert sorted(writing.ended) == [0, 1, 2, 3, 4]


async def test_more_rows_are_left_where_no_last_batch_has_come() -> None:
    writing = Writing("a", "b")
    task = writing.start(with_last=False)
    assert await writing.settled() == [0, 1]
    assert not task.done(), "what is under way is waited for"
    for gate in writing.gates:
        gate.set()
    assert await task is False


async def test_the_error_of_one_batch_ends_the_others() -> None:
    writing = Writing("a", "breaks", "b")
    task = writing.start()
    assert await writing.settled() == [0, 1]
    writing.gates[1].set()
    with pytest.raises(RuntimeError, match="broken"):
        await task
    assert (writing.begun, sorted(writing.ended)) == ([0, 1], [0, 1])


async def started(office: Office, monkeypatch: pytest.MonkeyPatch, book: bytes, name: str = "a.xlsx") -> dict[str, Any]:
    monkeypatch.setattr(rules, "BATCH", 4)
    run = await office.checked("market", book, name, assignment="pool")
    await office.ask("market", f"POST /imports/{run['id']}/start")
    return run


async def test_a_later_batch_that_is_through_is_not_written_again_when_an_earlier_one_was_lost(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = await started(office, monkeypatch, books.plain(10))
    original, is_through, asked = running.held, asyncio.Event(), []

    async def held(*given: Any) -> Any:
        asked.append(given)
        if len(asked) == 1:
            await is_through.wait()
            raise RuntimeError("killed")
        return await original(*given)

    async def noted(point: str) -> None:
        if point == "imports.batch.committed":
            is_through.set()

    monkeypatch.setattr(jobs, "pause", noted)
    monkeypatch.setattr(running, "held", held)
    monkeypatch.setattr(jobs, "BATCHES_IN_A_ROW", 2)
    with pytest.raises(RuntimeError, match="killed"):
        await office.work()
    monkeypatch.setattr(running, "held", original)
    assert await office.value("select count(*) from lead") == 4
    assert await office.value("select done from import_run") == 4
    await office.value("update import_run set leased_until = null returning 1")
    await office.work()
    done = await office.run("market", run["id"])
    assert (done["state"], done["counts"]["created"], done["counts"]["done"]) == ("done", 10, 10)
    assert await office.rows("select count(*), count(distinct phone_key) from lead") == [(10, 10)]
    assert await office.value("select count(distinct subject_id) from import_row where state = 'created'") == 10


async def test_a_stop_lets_no_batch_that_is_under_way_be_committed(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    run = await started(office, monkeypatch, books.plain(10))
    original, answers = running.held, []

    async def held(*given: Any) -> Any:
        if not answers:
            answers.append((await office.ask("market", f"POST /imports/{run['id']}/stop")).json())
        return await original(*given)

    monkeypatch.setattr(running, "held", held)
    await office.work()
    assert (answers[0]["state"], answers[0]["counts"]["created"]) == ("stopped", 0)
    assert await office.rows("select (select count(*) from lead), state, done, created from import_run") == [(0, "stopped", 0, 0)]
    await office.ask("market", f"POST /imports/{run['id']}/resume")
    await office.work()
    assert await office.rows("select (select count(distinct phone_key) from lead), state, done, created from import_run") == [
        (10, "done", 10, 10)
    ]


async def test_rows_of_neighbouring_batches_with_one_address_make_one_lead(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [[f"厂{n}", f"137000000{n:02d}", f"buyer{n % 4}@example.com"] for n in range(12)]
    run = await started(office, monkeypatch, books.workbook([["公司", "手机", "邮箱"], *rows]))
    await office.work()
    done = await office.run("market", run["id"])
    assert (done["counts"]["created"], done["counts"]["duplicates"]) == (4, 8)
    assert await office.rows("select count(*), count(distinct email) from lead") == [(4, 4)]


async def test_of_two_files_of_one_register_one_is_written_at_a_time(office: Office) -> None:
    """The second waits while the first is in hand; once it was taken, the first commits nothing more under its old lease."""
    runs = [await office.checked("market", books.plain(3, start=start), f"{start}.xlsx", assignment="pool") for start in (0, 50)]
    for run in runs:
        await office.ask("market", f"POST /imports/{run['id']}/start")

    async def taken(moment: Any) -> holding.Held | None:
        async with transaction(Lens.SYSTEM, "system:imports") as session:
            return await holding.claim(session, NOW, moment)

    first, between, second = await taken(NOW), await taken(NOW), await taken(NOW + rules.LEASE)
    assert first is not None
    assert second is not None
    assert between is None
    assert {str(first.run_id), str(second.run_id)} == {run["id"] for run in runs}
    with pytest.raises(holding.LostLease):
        async with transaction(Lens.SYSTEM, "system:imports") as session:
            await holding.held(session, first, NOW + rules.LEASE)
    async with transaction(Lens.SYSTEM, "system:imports") as session:
        await holding.held(session, second, NOW + rules.LEASE + timedelta(seconds=1))
