"""Real connections: what is due fires once, whoever sweeps, stops or moves it at the same moment."""

import asyncio
from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text

from backend.core.db import Lens, transaction
from backend.core.ids import new_id
from backend.deadlines import jobs, service
from backend.deadlines.models import Deadline
from backend.deadlines.rules import FIRST_CONTACT
from tests.conftest import NOW, Committed

LATER = NOW + timedelta(hours=48)


async def armed(count: int) -> list[UUID]:
    leads = [new_id() for _ in range(count)]
    async with transaction(Lens.SYSTEM, "system:test") as session:
        for lead in leads:
            await service.arm(session, FIRST_CONTACT, "lead", lead, {"assigned": NOW}, NOW)
    return leads


async def fired(committed: Committed) -> Counter[tuple[UUID, str]]:
    async with committed.owner() as session:
        rows = await session.execute(text("select subject_id, payload ->> 'rung' from outbox where kind = 'deadline.fired'"))
        return Counter((row[0], row[1]) for row in rows)


async def sweep_all(limit: int = 3) -> int:
    """Sweeps in small batches until nothing free is left."""
    total = 0
    while True:
        async with transaction(Lens.SYSTEM, "system:test") as session:
            taken = await service.sweep(session, LATER, limit)
        total += taken
        if not taken:
            return total


async def test_workers_that_sweep_at_once_fire_each_deadline_once(committed: Committed) -> None:
    leads = await armed(20)
    taken = await asyncio.gather(*(sweep_all() for _ in range(4)))
    assert sum(taken) == 40
    assert await fired(committed) == Counter({(lead, rung): 1 for lead in leads for rung in ("script", "supervisor")})


async def test_a_second_sweep_passes_what_the_first_still_holds(committed: Committed) -> None:
    leads = await armed(2)
    async with transaction(Lens.SYSTEM, "system:first") as first:
        assert await service.sweep(first, LATER, 3) == 3
        async with transaction(Lens.SYSTEM, "system:second") as second:
            assert await service.sweep(second, LATER, 10) == 1
    assert sum((await fired(committed)).values()) == 4
    assert {lead for lead, _ in await fired(committed)} == set(leads)


async def test_a_sweep_that_dies_before_its_commit_has_fired_nothing(committed: Committed) -> None:
    [lead] = await armed(1)
    try:
        async with transaction(Lens.SYSTEM, "system:first") as session:
            assert await service.sweep(session, LATER) == 2
            raise ConnectionResetError
    except ConnectionResetError:
        assert await fired(committed) == Counter()
    assert await sweep_all() == 2
    assert await fired(committed) == Counter({(lead, "script"): 1, (lead, "supervisor"): 1})


async def test_a_stop_that_waits_for_a_sweep_finds_it_fired(committed: Committed) -> None:
    [lead] = await armed(1)

    async def stop() -> None:
        async with transaction(Lens.SYSTEM, "system:stop") as session:
            await service.stop(session, FIRST_CONTACT, lead, LATER)

    async with transaction(Lens.SYSTEM, "system:sweep") as session:
        await service.sweep(session, LATER)
        stopping = asyncio.create_task(stop())
        await until_blocked(committed)
    await stopping
    async with committed.owner() as session:
        assert list(await session.scalars(select(Deadline.state))) == ["fired", "fired"]


async def test_a_sweep_passes_what_is_being_stopped(committed: Committed) -> None:
    [lead] = await armed(1)
    async with transaction(Lens.SYSTEM, "system:stop") as session:
        await service.stop(session, FIRST_CONTACT, lead, LATER)
        assert await sweep_all() == 0
    assert await sweep_all() == 0
    assert await fired(committed) == Counter()


async def test_moving_due_dates_waits_for_nobody(committed: Committed) -> None:
    held, free = await armed(2)
    async with committed.owner() as session:
        await session.execute(text("update deadline set due_at = due_at + interval '1 hour' where rung = 'script'"))
    async with transaction(Lens.SYSTEM, "system:stop") as stopping:
        await service.stop(stopping, FIRST_CONTACT, held, LATER)
        async with transaction(Lens.SYSTEM, "system:recompute") as session:
            assert await service.recompute(session, NOW) == 1
    async with committed.owner() as session:
        moved = (await session.execute(select(Deadline.due_at).where(Deadline.subject_id == free, Deadline.rung == "script"))).scalar_one()
    assert moved == NOW


async def test_the_job_sweeps_everything_that_is_due(committed: Committed, monkeypatch: pytest.MonkeyPatch) -> None:
    leads = await armed(5)
    monkeypatch.setattr(jobs, "SWEEP_BATCH", 3)
    monkeypatch.setattr(service.sweep, "__defaults__", (3,))
    monkeypatch.setattr(jobs, "product_now", lambda: LATER)
    assert await jobs.sweep_deadlines({}) == 10
    assert await fired(committed) == Counter({(lead, rung): 1 for lead in leads for rung in ("script", "supervisor")})
    assert await jobs.recheck_deadlines({}) == 0


WAITING = text("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")


async def until_blocked(committed: Committed) -> None:
    """Returns when some session of this database waits for a row lock."""
    async with asyncio.timeout(5), committed.owner() as session:
        while not await session.scalar(WAITING):
            await session.execute(text("select pg_stat_clear_snapshot(), pg_sleep(0.01)"))
