"""A worker that is killed in the middle of an import: another goes on, and no row becomes two leads."""

import asyncio
from typing import Any

import httpx
import pytest

from backend.imports.rules import BATCH, LEASE
from tests.faults.harness import WITHIN, Site, report
from tests.imports import books
from tests.simulators.company import sign_in
from tests.simulators.installation import eventually

ROWS = BATCH * 3
PATIENCE = LEASE.total_seconds() + WITHIN * 3
LEADS = "select count(*) from lead where phone_key like $1 and source = 'import'"
WHOLE = """
select count(*) as leads, count(distinct phone_key) as phones,
    count(*) filter (where (select count(*) from timeline_entry t where t.subject_id = l.id) = 2) as told,
    count(*) filter (where (select count(*) from lead_assignment a where a.lead_id = l.id) = 1) as assigned,
    count(*) filter (where (select count(*) from outbox o where o.subject_id = l.id and o.kind = 'lead.imported') = 1) as events
from lead l where phone_key like $1 and source = 'import'
"""


class Desk:
    """An administrator with a file."""

    def __init__(self, client: httpx.AsyncClient, run_id: str) -> None:
        self.client, self.run_id = client, run_id

    async def until(self, state: str) -> dict[str, Any]:
        async def look() -> dict[str, Any] | None:
            found: dict[str, Any] = (await self.client.get(f"/imports/{self.run_id}")).raise_for_status().json()
            return found if found["state"] == state else None

        found = await eventually(look, PATIENCE, f"the import {state}")
        assert found is not None
        return found

    async def step(self, step: str, **more: Any) -> None:
        (await self.client.request("PUT" if more else "POST", f"/imports/{self.run_id}/{step}", **more)).raise_for_status()


async def uploaded(site: Site, client: httpx.AsyncClient, start: int) -> Desk:
    book = books.plain(ROWS, start=start)
    answer = await client.post("/imports", params={"target": "leads", "name": "名单.xlsx"}, content=book)
    return Desk(client, answer.raise_for_status().json()["id"])


async def desk_client(site: Site) -> httpx.AsyncClient:
    (token,) = await sign_in(site.installation, [site.company.administrator])
    address = f"{site.installation.addresses['api']}/api/v1"
    return httpx.AsyncClient(base_url=address, headers={"Authorization": f"Bearer {token}"}, timeout=60)


@pytest.mark.parametrize(
    ("point", "start", "before"),
    [("imports.applied.before_commit", 1_000_000, 0), ("imports.batch.committed", 2_000_000, BATCH), ("imports.claimed", 3_000_000, 0)],
)
async def test_a_worker_killed_while_it_writes(site: Site, point: str, start: int, before: int) -> None:
    phones = f"+86138{str(start)[0].zfill(2)}%"
    async with await desk_client(site) as client:
        site.installation.worker("reader")
        desk = await uploaded(site, client, start)
        mapped = await desk.until("mapping")
        await desk.step("settings", json=mapped["settings"])
        await desk.until("ready")
        site.installation.end("reader")
        await desk.step("start")
        async with site.paused_worker(point) as held:
            await held.reached()
            assert await site.installation.value(LEADS, phones) == before
        started = asyncio.get_running_loop().time()
        site.installation.worker("heir")
        done = await desk.until("done")
        seconds = asyncio.get_running_loop().time() - started
    assert (done["counts"]["created"], done["counts"]["done"]) == (ROWS, ROWS)
    (row,) = await site.installation.rows(WHOLE, phones)
    assert row == dict.fromkeys(("leads", "phones", "told", "assigned", "events"), ROWS)
    report(f"import killed at {point}", seconds_to_done=seconds)


async def test_a_worker_killed_while_it_reads(site: Site) -> None:
    async with await desk_client(site) as client:
        desk = await uploaded(site, client, 4_000_000)
        async with site.paused_worker("imports.read.chunk") as held:
            await held.reached()
        site.installation.worker("heir")
        mapped = await desk.until("mapping")
    assert mapped["counts"]["total"] == ROWS
    assert (
        await site.installation.value(
            "select count(*) from import_row r join import_run u on u.id = r.run_id where u.id::text = $1", desk.run_id
        )
        == ROWS + 1
    )


async def test_two_workers_at_one_file_make_each_lead_once(site: Site) -> None:
    site.installation.worker("one")
    site.installation.worker("two")
    async with await desk_client(site) as client:
        desk = await uploaded(site, client, 5_000_000)
        mapped = await desk.until("mapping")
        await desk.step("settings", json=mapped["settings"])
        await desk.until("ready")
        await desk.step("start")
        await desk.until("done")
    (row,) = await site.installation.rows(WHOLE, "+8613805%")
    assert row == dict.fromkeys(("leads", "phones", "told", "assigned", "events"), ROWS)
    assert (
        await site.installation.value(
            "select count(*) from notification where kind = 'import.finished' and subject_id::text = $1", desk.run_id
        )
        == 1
    )
