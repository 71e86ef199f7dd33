"""A million leads of the house."""

import random
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from backend.core.ids import new_id
from backend.duplicates.keys import company_key
from bench.house import NOW, Crowd, House, Record, Row, crowd, fill, firm, some_region
from bench.names import LINES
from tests.simulators.installation import Installation

LEADS = 1_000_000
COLUMNS = (
    "id", "company", "company_key", "contact_name", "phone", "phone_key", "province", "city", "region_id", "source", "product_line",
    "expected_amount", "state", "owner_id", "received_at", "pooled_at", "assigned_at", "first_assigned_at", "first_follow_up_at",
    "last_follow_up_at", "last_activity_at", "next_step", "next_step_at", "search_text", "company_sort", "disqualified_reason",
)  # fmt: skip
SOURCES = ("website", "search_ads", "exhibition", "manual", "referral", "partner")


async def build(installation: Installation, house: House, scale: float) -> Crowd:
    """Fills the database; the planner knows what is in it afterwards."""
    async with installation.database() as connection:
        await fill(connection, {"lead": COLUMNS}, _rows(house, round(LEADS * scale)))
        await connection.execute(DECISIONS)
        await connection.execute(DEADLINES)
        for table in ("lead_assignment", "deadline"):
            await connection.execute(f"vacuum (analyze) {table}")
        return await crowd(connection, house, "lead", "company", "received_at")


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


def _rows(house: House, count: int) -> Iterator[Record]:
    dice = random.Random(20260310)
    for _ in range(count):
        region = some_region(dice, house)
        yield ((_row(dice, region, house.reps[region]),),)


def _row(dice: random.Random, region: UUID, reps: list[UUID]) -> Row:
    received = NOW - timedelta(seconds=dice.expovariate(1 / (300 * 86400.0)))
    who = firm(dice)
    is_fresh = received > NOW - timedelta(days=10)
    chance = dice.random()
    state = "new" if chance < 0.03 else "assigned" if is_fresh and chance < 0.5 else "following" if chance < 0.6 else "disqualified"
    owner = None if state == "new" else dice.choice(reps)
    contact = received + timedelta(hours=dice.randrange(1, 40)) if state in {"following", "disqualified"} else None
    active = min(NOW, contact + timedelta(days=dice.expovariate(1 / 40))) if contact else received
    upcoming = NOW + timedelta(days=dice.randrange(-20, 40)) if state == "following" and chance < 0.3 else None
    return (
        new_id(), who.name, company_key(who.name), who.contact, who.phone, f"+86{who.phone}", who.province, who.city, region,
        dice.choice(SOURCES), dice.choice(LINES), dice.randrange(1000, 9_000_000) if chance < 0.7 else None, state, owner, received,
        received if state == "new" else None, received if owner else None, received if owner else None, contact, contact, active,
        "电话回访" if upcoming else None, upcoming, who.search, who.sort, "no_need" if state == "disqualified" else None,
    )  # fmt: skip
