"""LEAD-4: what a check for duplicates costs among 300,000 customers and 1,000,000 leads, against its bare statement."""

import random
import time
from uuid import UUID

import httpx

from backend.duplicates import names
from backend.duplicates.rules import Identity
from bench.figures import milliseconds, percentile, show
from tests.duplicates.register import make_register, plant
from tests.simulators.company import Company, sign_in
from tests.simulators.installation import Installation

CUSTOMERS, LEADS, ASKED = 300_000, 1_000_000, 400
LIMIT = {"ratio": 3.0, "p95_ms": 60}
BARE = "select subject_type, subject_id, core, places from identity_name where grams && $1::int[] limit 1000"
CUSTOMER_COLUMNS = ("id", "name", "name_key", "source", "owner_id", "created_at", "last_activity_at")
LEAD_COLUMNS = ("id", "company", "company_key", "contact_name", "phone", "source", "received_at", "last_activity_at")


async def run(installation: Installation, company: Company, scale: float) -> bool:
    dice = random.Random(1)
    customers, leads = round(CUSTOMERS * scale), round(LEADS * scale)
    firms = make_register(dice, customers + leads)
    await _fill(installation, company, [firm.name for firm in firms], customers)
    wanted = [(name, f"137{dice.randrange(leads):08}") for _, name, _ in plant(dice, firms, ASKED)]
    bare = await _bare(installation, [name for name, _ in wanted])
    token = (await sign_in(installation, company.everybody[:1]))[0]
    asked, found = await _ask(installation, token, wanted)
    p95, bare_p95 = percentile(asked, 0.95), percentile(bare, 0.95)
    ratio = round(p95 / bare_p95, 2)
    return show(
        "duplicate_lookup",
        customers=customers,
        leads=leads,
        asked=len(asked),
        found=found,
        p50_ms=milliseconds(percentile(asked, 0.5)),
        p95_ms=milliseconds(p95),
        bare_p95_ms=milliseconds(bare_p95),
        index_mb=round(
            await installation.value("select pg_indexes_size('identity_name') + pg_total_relation_size('identity_key')") / 2**20
        ),
        limit=LIMIT,
        ratio=ratio,
        **{"pass": milliseconds(p95) < LIMIT["p95_ms"]},
    )


async def _fill(installation: Installation, company: Company, firms: list[str], customers: int) -> None:
    """By COPY, with triggers off: only what is measured is paid for."""
    now = await installation.value("select now()")
    async with installation.database() as connection:
        await connection.execute("set session_replication_role = replica")
        keys, known, customer_rows, lead_rows = [], [], [], []
        for number, name in enumerate(firms):
            is_customer = number < customers
            record_id, kind = UUID(int=2**100 + number), "customer" if is_customer else "lead"
            phone = f"137{number - customers:08}" if not is_customer else f"136{number:08}"
            keys += [(k, key, kind, record_id) for k, key in Identity(name, (phone,)).keys]
            found = names.signature(name)
            if found is not None:
                known.append((kind, record_id, found.core, sorted(found.places), names.index_keys(found)))
            if is_customer:
                customer_rows.append((record_id, name, name, "import", company.everybody[number % len(company.everybody)], now, now))
            else:
                lead_rows.append((record_id, name, name, "", phone, "import", now, now))
        await connection.copy_records_to_table("customer", records=customer_rows, columns=CUSTOMER_COLUMNS)
        await connection.copy_records_to_table("lead", records=lead_rows, columns=LEAD_COLUMNS)
        await connection.copy_records_to_table("identity_key", records=keys, columns=("kind", "key", "subject_type", "subject_id"))
        await connection.copy_records_to_table(
            "identity_name", records=known, columns=("subject_type", "subject_id", "core", "places", "grams")
        )
        await connection.execute("reset session_replication_role")
        for table in ("customer", "lead", "identity_key", "identity_name"):
            await connection.execute(f"vacuum analyze {table}")


async def _bare(installation: Installation, wanted: list[str]) -> list[float]:
    """The statement behind the check, prepared, on a warm connection."""
    times = []
    async with installation.database() as connection:
        statement = await connection.prepare(BARE)
        for name in wanted * 2:
            found = names.signature(name)
            start = time.perf_counter()
            await statement.fetch(names.index_keys(found) if found else [])
            times.append(time.perf_counter() - start)
    return sorted(times[len(wanted) :])


async def _ask(installation: Installation, token: str, wanted: list[tuple[str, str]]) -> tuple[list[float], int]:
    """One person who types; the first round warms up."""
    times, found = [], 0
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=installation.addresses["api"], headers=headers, timeout=30, trust_env=False) as client:
        for name, phone in wanted * 2:
            start = time.perf_counter()
            answer = await client.post("/api/v1/duplicates/check", json={"company": name, "phone": phone})
            times.append(time.perf_counter() - start)
            found += bool(answer.raise_for_status().json()["items"])
    return sorted(times[len(wanted) :]), found // 2
