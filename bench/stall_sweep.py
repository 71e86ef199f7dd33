"""FLOW-5: the sweep over a million open opportunities of which one in twenty is newly stale, and the cost of an update beside it.

The owners are told for good: bell, live events, rows of what was told. `bare` is the same choice by the same SQL, counted and nothing written.
"""

import os
import random
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from backend.core.clock import real_now
from backend.core.config import WORKER_LOGIN, get_settings
from backend.core.db import Database, Lens, make_engine, transaction, use_database
from backend.core.ids import new_id
from backend.opportunities import stalls
from backend.pipelines.defaults import SHIPPED
from bench.figures import milliseconds, percentile, show
from bench.house import House, Record, Row, fill, some_region
from tests.simulators.installation import Installation

OPPORTUNITIES = 1_000_000
CUSTOMERS = 20_000
STALE, KNOWN = 0.05, 0.10
"""Shares that are newly stale, and that the owners know of already."""
LIMIT_SECONDS = 10.0
UPDATES = 300
COLUMNS = {
    "opportunity": (
        "id", "name", "customer_id", "owner_id", "region_id", "pipeline_id", "stage_id", "state", "source", "created_at", "last_activity_at",
        "stage_entered_at", "advanced_at", "next_step", "next_step_at", "search_text", "name_sort",
    ),
}  # fmt: skip
STAYS = """
insert into stage_stay (id, opportunity_id, stage_id, move, pipeline_version, entered_at)
select uuidv7(), id, stage_id, 'created', 1, stage_entered_at from opportunity
"""
TOLD = """
insert into opportunity_notice (opportunity_id, kind, base_at, told_at, times)
select id, 'stall', last_activity_at, now() - interval '1 day', 1 from opportunity where source = 'known'
"""
BARE = """
select count(*) from opportunity o left join opportunity_notice t on t.opportunity_id = o.id and t.kind = 'stall'
where o.state = 'open' and o.last_activity_at <= $1 and (t.opportunity_id is null or t.base_at <> o.last_activity_at)
"""
TOUCH = "update opportunity set last_activity_at = clock_timestamp() where id = $1"


async def build(installation: Installation, house: House, scale: float) -> None:
    dice, count = random.Random(20260312), round(OPPORTUNITIES * scale)
    async with installation.database() as connection:
        stages = [
            row["id"] for row in await connection.fetch("select id from pipeline_stage where pipeline_id = $1 and kind = 'open'", SHIPPED)
        ]
        now = real_now()
        customers = [(new_id(), f"客户{number}", f"客户{number}", "manual", *_place(dice, house), now, now) for number in range(CUSTOMERS)]
        names = ("id", "name", "name_key", "source", "region_id", "owner_id", "created_at", "last_activity_at")
        await connection.execute("set session_replication_role = replica")
        await connection.copy_records_to_table("customer", records=customers, columns=names)
        await fill(connection, COLUMNS, _rows(dice, customers, stages, count))
        await connection.execute(STAYS)
        await connection.execute(TOLD)
        await connection.execute("vacuum (analyze) opportunity, stage_stay, opportunity_notice, customer")


def _place(dice: random.Random, house: House) -> tuple[Any, Any]:
    region = some_region(dice, house)
    return region, dice.choice(house.reps[region])


def _rows(dice: random.Random, customers: list[Row], stages: list[Any], count: int) -> Iterator[Record]:
    now = real_now()
    for number in range(count):
        customer, chance = dice.choice(customers), dice.random()
        is_stale, is_known = chance < STALE, STALE <= chance < STALE + KNOWN
        quiet = dice.uniform(7.01, 60) if is_stale or is_known else dice.uniform(0, 6.5)
        active = now - timedelta(days=quiet)
        entered = active - timedelta(days=dice.uniform(0, 40))
        step = now + timedelta(days=dice.uniform(0.1, 20))
        source = "known" if is_known else "manual"
        row = (
            new_id(), f"项目{number}", customer[0], customer[5], customer[4], SHIPPED, dice.choice(stages), "open", source, entered, active,
            entered, entered, "报价", step, f"项目{number}\txm{number}", f"xm{number}",
        )  # fmt: skip
        yield ((row,),)


async def run(installation: Installation, house: House, scale: float) -> bool:
    await build(installation, house, scale)
    os.environ.update(installation.environment)
    get_settings.cache_clear()
    engine = make_engine(WORKER_LOGIN)
    use_database(Database(engine))
    try:
        return await _measure(installation, scale)
    finally:
        use_database(None)
        await engine.dispose()


async def _measure(installation: Installation, scale: float) -> bool:
    now = real_now()
    async with installation.database() as connection:
        began = time.perf_counter()
        stale = await connection.fetchval(BARE, now - timedelta(days=7))
        bare = time.perf_counter() - began
    began, told = time.perf_counter(), 0
    while True:
        async with transaction(Lens.SYSTEM, "system:opportunities") as session:
            batch = await stalls.tell_stalled(session, now)
        told += batch
        if batch < stalls.SWEEP_BATCH:
            break
    seconds = time.perf_counter() - began
    began = time.perf_counter()
    async with transaction(Lens.SYSTEM, "system:opportunities") as session:
        again = await stalls.tell_stalled(session, now)
    idle = time.perf_counter() - began
    notices = await installation.value("select count(*) from notification where kind like 'opportunity.stalled%'")
    return show(
        "stall_sweep",
        scale=scale,
        opportunities=round(OPPORTUNITIES * scale),
        newly_stale=stale,
        told=told,
        told_again=again,
        notices=notices,
        seconds=round(seconds, 2),
        limit_seconds=LIMIT_SECONDS,
        bare_seconds=round(bare, 2),
        ratio=round(seconds / bare, 1),
        idle_sweep_ms=milliseconds(idle),
        **await _updates(installation),
        **{"pass": seconds < LIMIT_SECONDS and told == stale and again == 0},
    )


async def _updates(installation: Installation) -> dict[str, float]:
    """What an activity costs the row, with and without the two indexes that sweeps need; bare updates, one transaction each."""
    found = {}
    async with installation.database() as connection:
        ids = [row["id"] for row in await connection.fetch("select id from opportunity tablesample system (1) limit $1", 2 * UPDATES)]
        dice = random.Random(7)
        for name in ("update_ms", "update_without_sweeps_ms"):
            if name != "update_ms":
                await connection.execute("drop index ix_opportunity_quiet; drop index ix_opportunity_next_step")
            times = []
            for one in dice.sample(ids, min(UPDATES, len(ids))):
                began = time.perf_counter()
                await connection.execute(TOUCH, one)
                times.append(time.perf_counter() - began)
            found[name] = milliseconds(percentile(sorted(times), 0.5))
    return found
