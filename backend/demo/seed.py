"""Fills an empty installation with the demo company; a second run does nothing."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from backend.core.clock import product_now
from backend.core.config import get_settings
from backend.core.db import Base
from backend.deadlines import rulebook
from backend.deadlines.models import DailyRun, Deadline
from backend.deadlines.rules import DailyKind
from backend.demo import catalogue, company, contracts, customers, deals, emails, site, support
from backend.demo.play import play
from backend.demo.world import Absence, Row, Rows, World, key, person_id, region_id
from backend.identity.models import Credential, Deputy, Person, PersonLeave, PersonRole, Region, RegionArea
from backend.identity.rules import name_key
from backend.identity.tokens import hash_password
from backend.leads.cards import load_scripts, snapshot
from backend.leads.models import AssignmentPointer, Lead, LeadAssignment
from backend.notifications.models import Notification
from backend.timeline.models import TimelineEntry

LOCK = 7_240_312
DICE = 20260310
TOGETHER = {"render_nulls": True}
"""Rows with and without a value go in one statement."""


def run() -> str:
    """Entry point of `chengdan seed`; returns the accounts to print."""
    asyncio.run(_run())
    return accounts()


async def _run() -> None:
    engine = create_async_engine(get_settings().owner_url())
    try:
        async with AsyncSession(engine) as session, session.begin():
            await fill(session, product_now())
            await site.share_secret(session)
    finally:
        await engine.dispose()


def accounts() -> str:
    """The demo accounts worth trying, one a line."""
    lines = [f"  {login:<12} {company.BY_LOGIN[login].name}  {what}" for login, what in company.SHOWN_ACCOUNTS]
    return "\n".join([f"demo accounts, password {company.PASSWORD}:", *lines])


async def fill(session: AsyncSession, now: datetime) -> bool:
    """Writes everything in the caller's transaction, as the owner of the tables; False when the company exists."""
    await session.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    await session.execute(text("select set_config('app.actor', 'system:seed', true)"))
    if await session.get(Region, region_id(company.NATION.code)) is not None:
        return False
    await _add_regions(session)
    absences = _absences(now)
    await _add_people(session, absences, now)
    form = await site.add_form(session)
    await site.add_scripts(session)
    await site.add_channel(session)
    book, scripts = await rulebook.read(session), await load_scripts(session)
    dice = Random(DICE)  # noqa: S311 - the same company every time
    world = World(now, book, scripts, absences, dice, form)
    rows = play(world)
    await customers.add_customers(session, world)
    await _add_leads(session, rows, dice)
    await deals.add_deals(session, world)
    await catalogue.add_catalogue(session)
    await contracts.add_contracts(session, world)
    await support.add_support(session, world)
    await emails.add_emails(session, world)
    await site.add_submissions(session, rows.lead, now)
    pointers = [
        {"region_id": region_id(region), "person_id": person_id(login), "last_assigned_at": at}
        for (region, login), at in world.turns.items()
    ]
    await session.execute(insert(AssignmentPointer), pointers)
    day = book.calendar.local(now).date()
    await session.execute(insert(DailyRun), [{"kind": kind.value, "day": day, "finished_at": now} for kind in DailyKind])
    return True


async def _add_regions(session: AsyncSession) -> None:
    listed = (company.NATION, *company.TERRITORIES)
    nation = region_id(company.NATION.code)
    rows = [
        {
            "id": region_id(one.code),
            "parent_id": None if one is company.NATION else nation,
            "name": one.name,
            "code": one.code,
            "sort_key": f"{place:02}",
        }
        for place, one in enumerate(listed)
    ]
    areas = [
        {"id": key("area", (province, city)), "region_id": region_id(one.code), "province": province, "city": city}
        for one in listed
        for province, city in one.areas
    ]
    await session.execute(insert(Region), rows[:1])
    await session.execute(insert(Region), rows[1:])
    await session.execute(insert(RegionArea), areas)


def _absences(now: datetime) -> list[Absence]:
    """One is away now; another was, a month ago."""
    day = timedelta(days=1)
    return [
        Absence(company.ON_LEAVE, now - 3 * day, now + 4 * day),
        Absence("liting", now - 34 * day, now - 31 * day),
    ]


async def _add_people(session: AsyncSession, absences: Sequence[Absence], now: datetime) -> None:
    await session.execute(insert(Person), [_person(one, place) for place, one in enumerate(company.PEOPLE, 1)])
    roles = [{"person_id": person_id(one.login), "role_code": role} for one in company.PEOPLE for role in one.roles]
    await session.execute(insert(PersonRole), roles)
    shared = await hash_password(company.PASSWORD)
    secrets = [{"person_id": person_id(one.login), "password_hash": shared, "changed_at": now} for one in company.PEOPLE]
    await session.execute(insert(Credential), secrets)
    leaves = [
        {
            "id": key("leave", one.login),
            "person_id": person_id(one.login),
            "starts_at": one.starts_at,
            "ends_at": one.ends_at,
            "kind": "annual",
            "note": "年假",
        }
        for one in absences
    ]
    await session.execute(insert(PersonLeave), leaves)
    deputies = [
        {"person_id": person_id(login), "role_code": role, "deputy_id": person_id(other)} for login, role, other in company.DEPUTIES
    ]
    await session.execute(insert(Deputy), deputies)


def _person(one: company.Colleague, place: int) -> dict[str, Any]:
    phone = company.mobile(place * 1_111_111)
    return {
        "id": person_id(one.login),
        "name": one.name,
        "name_key": name_key(one.name),
        "login": one.login,
        "email": f"{one.login}@chengdan.example",
        "mobile": phone,
        "dingtalk_mobile": phone,
        "region_id": region_id(one.region) if one.region else None,
        "supervisor_id": person_id(one.supervisor) if one.supervisor else None,
        "takes_leads": one in company.SELLERS,
        "product_lines": list(one.product_lines),
        "languages": list(one.languages),
    }


async def _add_leads(session: AsyncSession, rows: Rows, dice: Random) -> None:
    """Leads first: the database gives them the numbers that notifications name."""
    _add_backups(rows.lead, dice)
    numbers: dict[UUID, int] = {}
    found = await session.execute(insert(Lead).returning(Lead.id, Lead.number), rows.lead, execution_options=TOGETHER)
    numbers.update((row.id, row.number) for row in found)
    leads = {lead["id"]: Row(lead, number=numbers[lead["id"]]) for lead in rows.lead}
    for row in rows.notification:
        row["params"] = {**snapshot(leads[row["subject_id"]]), **row["params"]}
    tables: list[tuple[type[Base], list[dict[str, Any]]]] = [
        (LeadAssignment, rows.lead_assignment),
        (TimelineEntry, rows.timeline_entry),
        (Deadline, rows.deadline),
        (Notification, rows.notification),
    ]
    for table, listed in tables:
        await session.execute(insert(table), listed, execution_options=TOGETHER)


def _add_backups(leads: list[dict[str, Any]], dice: Random) -> None:
    """A dozen larger leads have a second pair of eyes in the same region."""
    pairs = {person_id("zhanglei"): person_id("sunxiaodong"), person_id("liting"): person_id("sunxiaodong")}
    owned = [lead for lead in leads if lead["owner_id"] in pairs and lead["state"] == "following"]
    for lead in dice.sample(owned, min(12, len(owned))):
        lead["backup_owner_id"] = pairs[lead["owner_id"]]
