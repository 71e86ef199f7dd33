"""A million customers of the house, each with the person whom one calls."""

import random
from collections.abc import Iterator
from datetime import timedelta

from backend.core.ids import new_id
from backend.duplicates.keys import company_key
from bench.house import NOW, Crowd, House, Record, crowd, fill, firm, some_region
from bench.names import TRADES
from tests.simulators.installation import Installation

CUSTOMERS = 1_000_000
COLUMNS = {
    "customer": (
        "id", "name", "name_key", "region_id", "province", "city", "industry", "source", "is_key", "owner_id", "backup_owner_id", "state",
        "archived_at", "created_at", "last_activity_at", "next_step", "next_step_at", "search_text", "name_sort",
    ),
    "contact": ("id", "customer_id", "name", "role", "phone", "phone_key", "is_primary", "created_at"),
}  # fmt: skip
SOURCES = ("manual", "website", "referral", "exhibition", "partner")


async def build(installation: Installation, house: House, scale: float) -> Crowd:
    """Fills the database; the planner knows what is in it afterwards."""
    async with installation.database() as connection:
        await fill(connection, COLUMNS, _rows(house, round(CUSTOMERS * scale)))
        await connection.execute("vacuum (analyze) contact")
        return await crowd(connection, house, "customer", "name", "last_activity_at")


def _rows(house: House, count: int) -> Iterator[Record]:
    dice = random.Random(20260311)
    for _ in range(count):
        yield _row(dice, house)


def _row(dice: random.Random, house: House) -> Record:
    region, who, customer_id = some_region(dice, house), firm(dice), new_id()
    owner, other = dice.sample(house.reps[region], 2)
    created = NOW - timedelta(seconds=dice.expovariate(1 / (900 * 86400.0)))
    active = min(NOW, created + timedelta(days=dice.expovariate(1 / 200)))
    chance = dice.random()
    is_archived, upcoming = chance < 0.08, NOW + timedelta(days=dice.randrange(-20, 60)) if chance > 0.7 else None
    customer = (
        customer_id, who.name, company_key(who.name), region, who.province, who.city, dice.choice(TRADES), dice.choice(SOURCES), chance > 0.9,
        owner, other if chance > 0.5 else None, "archived" if is_archived else "active", active if is_archived else None, created, active,
        "回访" if upcoming else None, upcoming, who.search, who.sort,
    )  # fmt: skip
    contact = (new_id(), customer_id, who.contact, "decider", who.phone, f"+86{who.phone}", True, created)
    return (customer,), (contact,)
