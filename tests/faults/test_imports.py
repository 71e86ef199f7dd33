"""Workers that are killed in the middle of an import, and two at one file: others go on, and no row becomes two leads."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import httpx

from backend.imports.processes import CHUNK
from backend.imports.rules import BATCH, LEASE
from tests.faults.harness import WITHIN, Held, Site, report
from tests.imports import books
from tests.simulators.company import sign_in
from tests.simulators.installation import eventually

ROWS = CHUNK + 20
"""Read in two pieces, written in three batches."""
STAGED = "select count(*) from import_row where run_id::text = $1"
LEADS = "select count(*) from lead where source = 'import'"
WHOLE = """
select count(*) as leads, count(distinct phone_key) as phones,
    count(*) filter (where (select count(*) from timeline_entry t where t.subject_id = l.id) = 2) as told,
    count(*) filter (where (select count(*) from lead_assignment a where a.lead_id = l.id) = 1) as assigned,
    count(*) filter (where (select count(*) from outbox o where o.subject_id = l.id and o.kind = 'lead.imported') = 1) as events
from lead l where source = 'import'
"""
CUSTOMERS = "select count(*) from customer where source = 'import'"
CUSTOMERS_WHOLE = """
select count(*) as customers, count(distinct name_key) as names,
    count(*) filter (where (select count(*) from contact p where p.customer_id = c.id and p.is_primary) = 1) as contacts,
    count(*) filter (where (select count(*) from timeline_entry t where t.subject_id = c.id) = 1) as told,
    count(*) filter (where (select count(*) from identity_key k where k.subject_id = c.id and k.kind = 'phone') = 1) as known,
    count(*) filter (where (select count(*) from outbox o where o.subject_id = c.id and o.kind = 'customer.imported') = 1) as events
from customer c where source = 'import'
"""
IN_THE_AIR = """
select count(distinct pid) from pg_locks where relation in ('lead'::regclass, 'customer'::regclass)
"""
STANDS = "select state, done, leased_until > now() as is_leased from import_run where id::text = $1"
LEASE_ENDS = "update import_run set leased_until = now() where id::text = $1 returning leased_until"
"""The moment at which the lease of a dead worker ends, which nobody waits for here."""


class Desk:
    """An administrator with a file."""

    def __init__(self, site: Site, client: httpx.AsyncClient, run_id: str) -> None:
        self.site, self.client, self.run_id = site, client, run_id

    async def until(self, state: str) -> dict[str, Any]:
        async def look() -> dict[str, Any] | None:
            found: dict[str, Any] = (await self.client.get(f"/imports/{self.run_id}")).raise_for_status().json()
            return found if found["state"] == state else None

        found = await eventually(look, LEASE.total_seconds() + WITHIN * 3, f"the import {state}")
        assert found is not None
        return found

    async def step(self, step: str, **more: Any) -> None:
        (await self.client.request("PUT" if more else "POST", f"/imports/{self.run_id}/{step}", **more)).raise_for_status()

    async def started(self, **settings: str) -> dict[str, Any]:
        """Read, mapped as guessed, checked and started; the run as it was mapped."""
        mapped = await self.until("mapping")
        await self.step("settings", json=mapped["settings"] | settings)
        await self.until("ready")
        await self.step("start")
        return mapped

    async def found_dead(self, state: str, done: int) -> None:
        """Its worker is dead: the run is as its last commit left it, in the hands of the dead one until the lease ends."""
        (row,) = await self.site.installation.rows(STANDS, self.run_id)
        assert row == {"state": state, "done": done, "is_leased": True}
        await self.site.installation.value(LEASE_ENDS, self.run_id)


async def uploaded(site: Site, client: httpx.AsyncClient, target: str, content: bytes) -> Desk:
    answer = await client.post("/imports", params={"target": target, "name": "名单.xlsx"}, content=content)
    return Desk(site, client, answer.raise_for_status().json()["id"])


async def desk_client(site: Site) -> httpx.AsyncClient:
    (token,) = await sign_in(site.installation, [site.company.administrator])
    address = f"{site.installation.addresses['api']}/api/v1"
    return httpx.AsyncClient(base_url=address, headers={"Authorization": f"Bearer {token}"}, timeout=60)


async def _are_in_the_air(site: Site, batches: int) -> bool:
    """So many transactions are at leads or customers: one at its pause, the others behind it."""
    return bool(await site.installation.value(IN_THE_AIR) == batches)


async def _has_made(site: Site, count: str, records: int) -> bool:
    return bool(await site.installation.value(count) == records)


async def _has_one(rivals: list[Held]) -> bool:
    return [rival.marker.exists() for rival in rivals].count(True) == 1


async def test_a_file_outlives_its_workers_and_two_at_once_make_each_lead_once(site: Site) -> None:
    """The same file meets one death after the other: half read; with two batches written and not committed (to others the run looks
    as it does right after it was taken); and before the last batch. Two workers compete for it before and after."""
    look = site.installation.value
    async with await desk_client(site) as client:
        desk = await uploaded(site, client, "leads", books.plain(ROWS))
        async with site.paused_worker("imports.read.chunk") as held:
            await held.reached()
        assert await look(STAGED, desk.run_id) == CHUNK
        await desk.found_dead("reading", CHUNK)
        async with AsyncExitStack() as workers:
            rivals = [await workers.enter_async_context(site.paused_worker("imports.applied.before_commit")) for _ in range(2)]
            mapped = await desk.started()
            await eventually(lambda: _has_one(rivals), WITHIN, "one of two workers with a batch in hand")
            await eventually(lambda: _are_in_the_air(site, 2), WITHIN, "both batches of this worker in the air")
        assert (mapped["counts"]["total"], await look(STAGED, desk.run_id)) == (ROWS, ROWS + 1)
        assert await look(LEADS) == 0
        await desk.found_dead("running", 0)
        async with site.paused_worker("imports.batch.committed") as held:
            await held.reached()
            await eventually(lambda: _has_made(site, LEADS, 2 * BATCH), WITHIN, "both batches of this worker committed")
        await desk.found_dead("running", 2 * BATCH)
        started = asyncio.get_running_loop().time()
        site.installation.worker("one")
        site.installation.worker("two")
        done = await desk.until("done")
        seconds = asyncio.get_running_loop().time() - started
        for name in ("one", "two"):
            site.installation.end(name)
    assert (done["counts"]["created"], done["counts"]["done"]) == (ROWS, ROWS)
    (row,) = await site.installation.rows(WHOLE)
    assert row == dict.fromkeys(("leads", "phones", "told", "assigned", "events"), ROWS)
    told = "select count(*) from notification where kind = 'import.finished' and subject_id::text = $1"
    assert await look(told, desk.run_id) == 1
    report("import killed at every step", seconds_to_done=seconds)


async def test_a_file_of_customers_outlives_its_workers_and_makes_each_once(site: Site) -> None:
    """One worker dies with two batches written and not committed, the next one before the last batch."""
    look, rows = site.installation.value, 2 * BATCH + 20
    async with await desk_client(site) as client:
        desk = await uploaded(site, client, "customers", books.plain(rows, start=ROWS))
        async with site.paused_worker("imports.applied.before_commit") as held:
            await desk.started(assignment="me")
            await held.reached()
            await eventually(lambda: _are_in_the_air(site, 2), WITHIN, "both batches of this worker in the air")
        assert await look(CUSTOMERS) == 0
        await desk.found_dead("running", 0)
        async with site.paused_worker("imports.batch.committed") as held:
            await held.reached()
            await eventually(lambda: _has_made(site, CUSTOMERS, 2 * BATCH), WITHIN, "both batches of this worker committed")
        await desk.found_dead("running", 2 * BATCH)
        site.installation.worker("one")
        done = await desk.until("done")
        site.installation.end("one")
    assert (done["counts"]["created"], done["counts"]["done"]) == (rows, rows)
    (row,) = await site.installation.rows(CUSTOMERS_WHOLE)
    assert row == dict.fromkeys(("customers", "names", "contacts", "told", "known", "events"), rows)
