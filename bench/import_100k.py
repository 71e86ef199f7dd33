"""LEAD-8: a workbook of 100,000 leads, from the upload to the last lead, with duplicates looked for; as a ratio to bare COPY of the same rows."""

import asyncio
import io
import random
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx
from openpyxl import Workbook

from backend.duplicates.names import RULES_VERSION
from bench.figures import show
from tests.simulators.company import PLACES, Company, sign_in
from tests.simulators.installation import Installation, eventually

ROWS, KNOWN_SHARE = 100_000, 0.02
LIMIT = {"seconds": 60, "memory_mib": 500}
LOOK_EVERY = 0.25
"""A screen is told by itself; whoever asks more often measures the asking."""
HEADER = ("公司名称", "联系人", "手机", "邮箱", "省份", "城市", "产品", "需求", "预计金额", "登记日期", "负责人")
WITHIN = 900.0


def rows(count: int, owners: list[str]) -> Iterable[list[Any]]:
    """Believable and all different, but for the few that are in the register already; phones as numbers, days as text."""
    dice = random.Random(7)
    for number in range(count):
        province, city = PLACES[number % len(PLACES)]
        yield [
            f"{city}精工{number}号机械有限公司", "王经理", 13_800_000_000 + number, f"buyer{number}@example.com", province, city, "伺服电机",
            "三台非标设备，需要现场勘测后报价", dice.randrange(10_000, 900_000), f"2025/{number % 12 + 1}/{number % 28 + 1}", owners[number % len(owners)],
        ]  # fmt: skip


def workbook(count: int, owners: list[str]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("线索")
    sheet.append(HEADER)
    for row in rows(count, owners):
        sheet.append(row)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


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


async def run(installation: Installation, company: Company, scale: float) -> bool:
    """One administrator imports; every fiftieth row is known already."""
    count = max(1000, round(ROWS * scale))
    logins = [row["login"] for row in await installation.rows("select login from person where id = any($1::uuid[])", company.everybody)]
    book = workbook(count, logins)
    await installation.value("update person set name = login where id = any($1::uuid[]) returning 1", company.everybody)
    known = max(1, round(count * KNOWN_SHARE))
    await _know(installation, known, count, company.everybody[0])
    worker = installation.worker("importer", CHENGDAN_LOG_LEVEL="WARNING")
    memory = Memory(worker.process.pid)
    watching = asyncio.create_task(memory.watch())
    (token,) = await sign_in(installation, [company.administrator])
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=f"{installation.addresses['api']}/api/v1", headers=headers, timeout=60) as client:
        phases, outcome = await _import(client, book)
    watching.cancel()
    installation.end("importer")
    bare = await _copy(installation, count, logins)
    seconds = sum(phases.values())
    wrong = await _wrong(installation, count, known, outcome)
    return show(
        "import_100k",
        seconds=round(seconds, 1),
        phases={name: round(value, 1) for name, value in phases.items()},
        rows=count,
        rows_a_second=round(count / seconds),
        created=outcome["created"],
        duplicates=outcome["duplicates"],
        wrong=wrong,
        file_mib=round(len(book) / 2**20, 1),
        worker_mib=round(memory.own),
        worker_and_reader_mib=round(memory.with_children),
        bare_copy_seconds=round(bare, 2),
        ratio=round(seconds / bare, 1),
        limit=LIMIT,
        **{"pass": seconds < LIMIT["seconds"] and memory.with_children < LIMIT["memory_mib"] and not wrong},
    )


async def _know(installation: Installation, known: int, count: int, owner: UUID) -> None:
    """Some of the phones are in the register before, as leads that somebody has and whose firms are registered."""
    await installation.value(
        "with made as (insert into lead (id, company, company_key, contact_name, phone, phone_key, source, received_at, last_activity_at,"
        " owner_id, state, assigned_at) select uuidv7(), '旧客户' || n, '旧客户' || n, '旧', (13800000000 + n * ($2::int / $1::int))::text,"
        " '+86' || (13800000000 + n * ($2::int / $1::int)), 'phone', now(), now(), $3::uuid, 'following', now() from generate_series(0, $1::int - 1) n returning id, phone_key), registered as ("
        " insert into identity_key (subject_type, subject_id, kind, key) select 'lead', id, 'phone', phone_key from made returning 1), settled as ("
        " insert into identity_progress (subject_type, rules_version, done_at) values ('lead', $4, now()) returning 1)"
        " select count(*) from registered",
        known,
        count,
        owner,
        RULES_VERSION,
    )


async def _import(client: httpx.AsyncClient, book: bytes) -> tuple[dict[str, float], dict[str, int]]:
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
        started = time.perf_counter()
        return found

    answer = await client.post("/imports", params={"target": "leads", "name": "客户.xlsx"}, content=book)
    run_id = answer.raise_for_status().json()["id"]
    mapped = await until("mapping", "read")
    settings = mapped["settings"] | {"assignment": "keep"}
    (await client.put(f"/imports/{run_id}/settings", json=settings)).raise_for_status()
    await until("ready", "check")
    (await client.post(f"/imports/{run_id}/start")).raise_for_status()
    return phases, (await until("done", "write"))["counts"]


async def _wrong(installation: Installation, count: int, known: int, outcome: dict[str, int]) -> int:
    """Rows that are neither made once with all their evidence nor known before."""
    async with installation.database() as connection:
        await connection.execute("set enable_nestloop = off")
        made = await connection.fetchval(
            "select count(*) from lead l"
            " join (select lead_id as id from lead_assignment group by 1 having count(*) = 1) a using (id)"
            " join (select subject_id as id from timeline_entry group by 1 having count(*) = 2) t using (id)"
            " join (select subject_id as id from outbox where kind = 'lead.imported' group by 1 having count(*) = 1) o using (id)"
            " join (select row_id from audit_entry where table_name = 'lead' group by 1 having count(*) = 1) e on e.row_id = l.id::text"
            " where source = 'import' and owner_id is not null"
        )
    return abs(count - known - int(made)) + abs(count - known - outcome["created"]) + abs(known - outcome["duplicates"])


async def _copy(installation: Installation, count: int, logins: list[str]) -> float:
    """The same columns into a table without index, key, trigger or row security."""
    connection = await asyncpg.connect(installation.postgres.url)
    try:
        await connection.execute(
            "create unlogged table bare_copy (a text, b text, c text, d text, e text, f text, g text, h text, i text, j text, k text)"
        )
        records = [tuple(str(value) for value in row) for row in rows(count, logins)]
        started = time.perf_counter()
        await connection.copy_records_to_table("bare_copy", records=records)
        seconds = time.perf_counter() - started
        await connection.execute("drop table bare_copy")
        return seconds
    finally:
        await connection.close()
