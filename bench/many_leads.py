"""A million leads of a company with 40 regions and 1,000 reps, put in with COPY."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import islice
from typing import Any
from uuid import UUID

from backend.core.ids import new_id
from backend.core.search import LINE, ZONE, search_text
from backend.duplicates.keys import company_key
from bench.names import BRAND, CITIES, GIVEN, KINDS, LINES, SURNAMES, TRADES
from tests.simulators.installation import Installation

LEADS, AREAS, REGIONS_OF_AREA, REPS_OF_REGION = 1_000_000, 8, 5, 25
NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
BATCH = 20_000
COLUMNS = (
    "id", "company", "company_key", "contact_name", "phone", "phone_key", "province", "city", "region_id", "source", "product_line",
    "expected_amount", "state", "owner_id", "received_at", "pooled_at", "assigned_at", "first_assigned_at", "first_follow_up_at",
    "last_follow_up_at", "last_activity_at", "next_step", "next_step_at", "search_text", "company_sort", "disqualified_reason",
)  # fmt: skip
SOURCES = ("website", "search_ads", "exhibition", "manual", "referral", "partner")
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Crowd:
    """Who looks in the benches: a rep, the manager of the rep's region, the director of everything."""

    rep: UUID
    manager: UUID
    director: UUID
    regions: list[UUID]
    names: list[str]
    numbers: list[UUID]


async def build(installation: Installation, scale: float) -> Crowd:
    """Fills the database; the planner knows what is in it afterwards."""
    dice = random.Random(20260310)
    async with installation.database() as connection:
        await connection.execute("set session_replication_role = replica; set maintenance_work_mem = '512MB'")
        top, regions, owners, people = await _people(connection)
        indexes = [dict(row) for row in await connection.fetch(SECONDARY)]
        for index in indexes:
            await connection.execute(f"drop index {index['name']}")
        rows = _rows(dice, regions, owners, round(LEADS * scale))
        while batch := list(islice(rows, BATCH)):
            await connection.copy_records_to_table("lead", records=batch, columns=COLUMNS)
        for index in indexes:
            await connection.execute(index["sql"])
        await connection.execute(DECISIONS)
        await connection.execute(DEADLINES)
        for table in ("lead", "lead_assignment", "deadline", "person", "person_role", "region"):
            await connection.execute(f"vacuum (analyze) {table}")
        sample = await connection.fetch("select company from lead tablesample system (5) limit 5000")
        region = regions[REGIONS_OF_AREA]
        seen = await connection.fetch("select id from lead where owner_id = $1 order by received_at desc limit 200", owners[region][0])
    names = [row["company"] for row in sample]
    return Crowd(owners[region][0], people[region], people[top], regions, names, [row["id"] for row in seen])


SECONDARY = """
select c.relname as name, pg_get_indexdef(i.indexrelid) as sql from pg_index i join pg_class c on c.oid = i.indexrelid
where i.indrelid = 'lead'::regclass and not i.indisunique
"""
DECISIONS = """
insert into lead_assignment (id, lead_id, person_id, region_id, reason, assigned_at, latency_ms)
select uuidv7(), id, owner_id, region_id, '{"code": "region_least_load", "params": {"person": "销售", "open_leads": 3, "present": 5}}', assigned_at, 400
from lead where owner_id is not null
"""
DEADLINES = """
insert into deadline (id, kind, rung, subject_type, subject_id, base_at, due_at, state, fired_at)
select uuidv7(), 'lead.first_contact', rung, 'lead', l.id, l.assigned_at, l.assigned_at + wait,
    case when l.assigned_at + wait <= timestamptz '2026-03-10 02:00+00' then 'fired' else 'pending' end,
    case when l.assigned_at + wait <= timestamptz '2026-03-10 02:00+00' then l.assigned_at + wait end
from lead l, (values ('script', interval '1 hour'), ('supervisor', interval '48 hours'), ('next_level', interval '96 hours')) rungs(rung, wait)
where l.state = 'assigned'
"""


async def _people(connection: Any) -> tuple[UUID, list[UUID], dict[UUID, list[UUID]], dict[UUID, UUID]]:
    """The nation, its leaf regions, the reps of each, and who manages each region."""
    tree: list[tuple[UUID, UUID | None, str]] = []
    top = new_id()
    tree.append((top, None, "全国"))
    leaves = []
    for area in range(AREAS):
        parent = new_id()
        tree.append((parent, top, f"大区{area}"))
        for number in range(REGIONS_OF_AREA):
            leaves.append(new_id())
            tree.append((leaves[-1], parent, f"区域{area}-{number}"))
    regions = [(key, parent, name, f"B{index}", f"{index:03}") for index, (key, parent, name) in enumerate(tree)]
    await connection.copy_records_to_table("region", records=regions, columns=("id", "parent_id", "name", "code", "sort_key"))
    managers = {key: new_id() for key, _, _ in tree}
    people = [
        (managers[key], f"经理{name}", f"boss{index}", key, managers[parent] if parent else None)
        for index, (key, parent, name) in enumerate(tree)
    ]
    reps = {leaf: [new_id() for _ in range(REPS_OF_REGION)] for leaf in leaves}
    for place, leaf in enumerate(leaves):
        people += [(rep, f"销售{place}-{number}", f"seller{place}-{number}", leaf, managers[leaf]) for number, rep in enumerate(reps[leaf])]
    columns = (
        "id",
        "name",
        "name_key",
        "login",
        "region_id",
        "supervisor_id",
        "takes_leads",
        "is_active",
        "product_lines",
        "languages",
        "locale",
    )
    records: list[Row] = [(key, name, login, login, region, boss, True, True, [], [], "zh-CN") for key, name, login, region, boss in people]
    await connection.copy_records_to_table("person", records=records, columns=columns)
    roles = [(managers[key], "regional_manager" if key in reps else "area_director", True) for key in managers]
    roles += [(rep, "sales_rep", True) for leaf in leaves for rep in reps[leaf]]
    await connection.copy_records_to_table("person_role", records=roles, columns=("person_id", "role_code", "is_active"))
    return top, leaves, reps, managers


@cache
def _written(part: str) -> tuple[str, str, str]:
    """A part of a name, its initials and its pinyin."""
    head, _, tail = search_text([part]).partition(ZONE)
    return part, head.split(LINE)[1], tail


def _rows(dice: random.Random, regions: list[UUID], owners: dict[UUID, list[UUID]], count: int) -> Iterator[Row]:
    shares = [1 / (place + 3) for place in range(len(regions))]
    for _ in range(count):
        region = dice.choices(regions, shares)[0]
        yield _row(dice, region, owners[region], NOW - timedelta(seconds=dice.expovariate(1 / (300 * 86400.0))))


def _row(dice: random.Random, region: UUID, reps: list[UUID], received: datetime) -> Row:
    province, city = dice.choice(CITIES)
    parts = [_written(part) for part in (city, dice.choice(BRAND) + dice.choice(BRAND), dice.choice(TRADES), dice.choice(KINDS))]
    company, initials, spelt = ("".join(part[place] for part in parts) for place in range(3))
    person = _written(dice.choice(SURNAMES) + dice.choice(GIVEN))
    phone = f"1{dice.choice('3578')}{dice.randrange(10**9):09}"
    is_fresh = received > NOW - timedelta(days=10)
    chance = dice.random()
    state = "new" if chance < 0.03 else "assigned" if is_fresh and chance < 0.5 else "following" if chance < 0.6 else "disqualified"
    owner = None if state == "new" else dice.choice(reps)
    contact = received + timedelta(hours=dice.randrange(1, 40)) if state in {"following", "disqualified"} else None
    active = min(NOW, contact + timedelta(days=dice.expovariate(1 / 40))) if contact else received
    upcoming = NOW + timedelta(days=dice.randrange(-20, 40)) if state == "following" and chance < 0.3 else None
    search = f"{company}{LINE}{initials}{LINE}{person[0]}{LINE}{person[1]}{ZONE}{spelt}{LINE}{person[2]}{LINE}{phone}{LINE}86{phone}"
    return (
        new_id(), company, company_key(company), person[0], phone, f"+86{phone}", province, city, region, dice.choice(SOURCES),
        dice.choice(LINES), dice.randrange(1000, 9_000_000) if chance < 0.7 else None, state, owner, received,
        received if state == "new" else None, received if owner else None, received if owner else None, contact, contact, active,
        "电话回访" if upcoming else None, upcoming, search, spelt[:60], "no_need" if state == "disqualified" else None,
    )  # fmt: skip
