"""A million opportunities of the house with every stay in a stage, and five million entries on their timelines."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from backend.core.clock import real_now
from backend.core.ids import new_id
from backend.core.search import LINE, ZONE, search_text, sort_key
from backend.opportunities import funnel
from backend.pipelines.defaults import SHIPPED
from bench import many_customers
from bench.house import Crowd, House, Record, Row, crowd, fill
from bench.names import LINES, TRADES
from tests.simulators.company import owner_session
from tests.simulators.installation import Installation

OPPORTUNITIES, CUSTOMERS, ENTRIES_EACH, LONGEST = 1_000_000, 300_000, 5, 5_000
DAY = timedelta(days=1)
COLUMNS = {
    "opportunity": (
        "id", "name", "customer_id", "owner_id", "backup_owner_id", "region_id", "pipeline_id", "stage_id", "state", "expected_amount", "currency",
        "expected_close_on", "product_line", "source", "lead_id", "lead_received_at", "created_by", "created_at", "last_activity_at",
        "stage_entered_at", "advanced_at", "closed_at", "loss_reason", "next_step", "next_step_at", "search_text", "name_sort",
    ),
    "stage_stay": ("id", "opportunity_id", "stage_id", "move", "pipeline_version", "entered_at", "left_at", "left_to", "left_move"),
    "timeline_entry": ("id", "subject_type", "subject_id", "kind", "at", "recorded_at", "actor_id", "outcome", "body"),
}  # fmt: skip
STAGES = ("first_contact", "needs", "proposal", "negotiation")
MEAN_DAYS = {"first_contact": 3, "needs": 7, "proposal": 11, "negotiation": 12}
ADVANCES, RETURNS = 0.72, 0.03
"""Shares of the ended stays; the others are lost."""
LINGERS = 0.12
"""Share of the stays that do not end: about a third of all deals are open."""
AGE_DAYS = 400
SOURCES = ("website", "search_ads", "exhibition", "manual", "referral", "partner")
TALKS = (("call", "interested"), ("visit", "interested"), ("message", "reached"), ("email", "reached"))
BODY = '{"note": "客户确认了图纸，等技术部出方案"}'


@dataclass(frozen=True)
class Of:
    """A customer as its deals see it."""

    id: UUID
    owner: UUID
    backup: UUID | None
    region: UUID
    search: str


@dataclass(frozen=True)
class Deals:
    """The register when it is full, and a customer of the rep about whom there is most to read."""

    crowd: Crowd
    talked_about: UUID


async def build(installation: Installation, house: House, scale: float) -> Deals:
    """Fills the database with nothing else; the planner knows what is in it afterwards. Customers that are there already get the deals."""
    if not await installation.value("select count(*) from customer"):
        await many_customers.build(installation, house, scale * CUSTOMERS / many_customers.CUSTOMERS)
    async with installation.database() as connection:
        await connection.execute("truncate opportunity, timeline_entry cascade")
        customers = [Of(**dict(row)) for row in await connection.fetch(OF)]
        stages = {
            row["key"]: row["id"] for row in await connection.fetch("select key, id from pipeline_stage where pipeline_id = $1", SHIPPED)
        }
        await fill(connection, COLUMNS, _records(customers, stages, round(OPPORTUNITIES * scale)))
        talked_about = next(customer.id for customer in customers if customer.owner == house.rep)
        talks = [
            row for place in range(LONGEST) for row in _talks(random.Random(place), "customer", talked_about, house.rep, real_now(), 1)
        ]
        await connection.copy_records_to_table("timeline_entry", records=talks, columns=COLUMNS["timeline_entry"])
        for table in ("stage_stay", "timeline_entry"):
            await connection.execute(f"vacuum (analyze) {table}")
        filled = await crowd(connection, house, "opportunity", "name", "stage_entered_at")
    async with owner_session(installation) as session:
        await funnel.rebuild(session)
    async with installation.database() as connection:
        await connection.execute("vacuum (analyze) funnel_cell, funnel_dwell")
    return Deals(filled, talked_about)


OF = """
select id, owner_id as owner, backup_owner_id as backup, region_id as region, search_text as search from customer where state = 'active' order by id
"""


def _records(customers: list[Of], stages: Mapping[str, UUID], count: int) -> Iterator[Record]:
    dice, now = random.Random(20260312), real_now()
    works = [(trade, *search_text([trade]).split(ZONE), sort_key(trade)) for trade in TRADES]
    for _ in range(count):
        customer = dice.choice(customers)
        begun = now - timedelta(seconds=dice.expovariate(1 / (AGE_DAYS * 86400.0)))
        opportunity_id = new_id()
        stays, state = _stays(dice, opportunity_id, stages, begun, now)
        deal = _deal(dice, opportunity_id, customer, works, stays, state, now)
        yield (deal,), stays, _talks(dice, "opportunity", opportunity_id, customer.owner, now, ENTRIES_EACH)


def _stays(dice: random.Random, opportunity_id: UUID, stages: Mapping[str, UUID], begun: datetime, now: datetime) -> tuple[list[Row], str]:
    """Its way through the stages until it is won, lost, or now."""
    found: list[Row] = []
    at, place, move = begun, 0, "created"
    while True:
        key = STAGES[place]
        ends = at + dice.expovariate(1 / MEAN_DAYS[key]) * DAY
        if ends >= now or dice.random() < LINGERS:
            found.append((new_id(), opportunity_id, stages[key], move, 1, at, None, None, None))
            return found, "open"
        chance = dice.random()
        if chance < ADVANCES:
            following, moved = (STAGES[place + 1], "forward") if place + 1 < len(STAGES) else ("closed", "won")
        elif chance < ADVANCES + RETURNS and place:
            following, moved = STAGES[place - 1], "back"
        else:
            following, moved = "closed", "lost"
        found.append((new_id(), opportunity_id, stages[key], move, 1, at, ends, stages[following], moved))
        at, move = ends, moved
        if following == "closed":
            found.append((new_id(), opportunity_id, stages["closed"], moved, 1, at, None, None, None))
            return found, moved
        place = STAGES.index(following)


def _deal(
    dice: random.Random, opportunity_id: UUID, customer: Of, works: list[tuple[str, ...]], stays: list[Row], state: str, now: datetime
) -> Row:
    begun, entered, is_open = stays[0][5], stays[-1][5], state == "open"
    name, head, tail, sort = dice.choice(works)
    customer_head, _, customer_tail = customer.search.partition(ZONE)
    active = min(now, entered + dice.expovariate(1 / 5) * DAY) if is_open else entered
    lead = begun - dice.expovariate(1 / 4) * DAY if dice.random() < 0.6 else None
    chance = dice.random()
    return (
        opportunity_id, name, customer.id, customer.owner, customer.backup, customer.region, SHIPPED, stays[-1][2], state,
        dice.randrange(1000, 9_000_000) if chance < 0.9 else None, "CNY" if chance > 0.04 else "USD",
        (entered + dice.randrange(5, 60) * DAY).date() if chance < 0.8 else None, dice.choice(LINES), dice.choice(SOURCES),
        new_id() if lead else None, lead, customer.owner, begun, active, entered, entered, None if is_open else entered,
        "price" if state == "lost" else None, "电话回访" if is_open else None, now + dice.randrange(-20, 30) * DAY if is_open else None,
        f"{head}{LINE}{customer_head}{ZONE}{tail}{LINE}{customer_tail}", sort,
    )  # fmt: skip


def _talks(dice: random.Random, subject: str, subject_id: UUID, owner: UUID, now: datetime, count: int) -> list[Any]:
    found = []
    for _ in range(count):
        kind, outcome = dice.choice(TALKS)
        at = now - timedelta(seconds=dice.expovariate(1 / (200 * 86400.0)))
        found.append((new_id(), subject, subject_id, kind, at, at, owner, outcome, BODY))
    return found
