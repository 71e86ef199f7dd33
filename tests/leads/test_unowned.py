"""A lead that nobody could be given climbs a ladder of its own, by moving the clock."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from httpx import AsyncClient
from sqlalchemy import func, select, text

from backend.core import outbox
from backend.core.clock import product_moment
from backend.core.db import Lens, transaction
from backend.core.relay import Relay
from backend.deadlines import service as deadlines
from backend.deadlines.models import Deadline
from backend.deadlines.rules import UNOWNED, State
from backend.leads import unowned
from backend.leads.events import LeadReceived
from backend.leads.models import Lead
from backend.leads.rules import LeadState, hours_without_owner, waits_for_owner
from backend.migrate import alembic_config
from backend.notifications.models import Notification
from tests.conftest import NOW, Committed, SignIn
from tests.factories import make_lead, make_leave, make_person
from tests.leads.conftest import House
from tests.leads.desk import ANY

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
NOWHERE = {"province": "新疆", "city": "喀什"}


async def pending(house: House, lead: Lead) -> list[tuple[str, Any]]:
    query = select(Deadline.rung, Deadline.due_at).where(Deadline.subject_id == lead.id, Deadline.kind == UNOWNED)
    rows = await house.session.execute(query.where(Deadline.state == State.PENDING).order_by(Deadline.due_at))
    return [(rung, (due - NOW) / HOUR) for rung, due in rows]


def test_what_waits_for_an_owner_and_for_how_long() -> None:
    assert waits_for_owner(LeadState.NEW, None, NOW, None)
    assert not waits_for_owner(LeadState.NEW, None, None, None), "not looked at yet"
    assert not waits_for_owner(LeadState.NEW, None, NOW, NOW), "reclaimed: waits to be claimed"
    assert not waits_for_owner(LeadState.DISQUALIFIED, None, NOW, None)
    assert [hours_without_owner(NOW, NOW + wait) for wait in (-HOUR, 59 * MINUTE, 4 * HOUR, 25.5 * HOUR)] == [0, 0, 4, 25]


async def test_who_gives_out_is_reminded_then_the_directors_then_every_day_until_it_has_an_owner(house: House) -> None:
    for person in (house.zhang, house.li, house.manager, house.director):
        await make_leave(house.session, person, ends_at=NOW + HOUR)
    lead = await house.received(NOW)
    assert (lead.owner_id, lead.region_id) == (None, house.east.id)
    assert await pending(house, lead) == [("reminder", 4), ("directors", 24)]
    assert await house.fire(NOW + 4 * HOUR - MINUTE) == 0
    assert await house.fire(NOW + 4 * HOUR) == 1
    for person, kinds in ((house.manager, 1), (house.director, 1), (house.admin, 1), (house.zhang, 0), (house.marketing, 0)):
        assert (await house.told(person)).count("lead.unowned") == kinds, person.name
    said = (await house.session.scalars(select(Notification).where(Notification.person_id == house.manager.id))).one()
    assert (said.params["hours"], said.is_urgent, said.subject_id) == (4, False, lead.id)
    assert await pending(house, lead) == [("directors", 24), ("daily", 28)]
    assert await house.fire(NOW + 24 * HOUR) == 1
    assert (await house.told(house.manager)).count("lead.unowned") == 1, "the manager had the reminder"
    assert (await house.told(house.director)).count("lead.unowned") == (await house.told(house.admin)).count("lead.unowned") == 2
    assert await pending(house, lead) == [("daily", 48)]
    assert await house.fire(NOW + 30 * 24 * HOUR) == 1, "after an outage it is said once, not thirty times"
    assert await pending(house, lead) == [("daily", 31 * 24)]
    late = NOW + 30 * 24 * HOUR
    await outbox.add(house.session, LeadReceived(lead.id), late)
    await house.relay(late)
    assert (await house.lead(lead.id)).owner_id in {house.zhang.id, house.li.id}
    assert await pending(house, lead) == []
    assert (await house.told(house.director)).count("lead.unowned") == 3


async def test_a_lead_of_no_region_goes_past_the_managers_and_never_to_nobody(house: House) -> None:
    lead = await house.received(NOW, **NOWHERE)
    await house.fire(NOW + 24 * HOUR)
    assert (await house.told(house.admin)).count("lead.unowned") == 2, "both rungs came due in the outage"
    assert await house.told(house.director) == await house.told(house.manager) == []
    assert await pending(house, lead) == [("daily", 48)]


@pytest.mark.parametrize("end", ["claimed", "given", "taken", "disqualified", "merged"])
async def test_whatever_ends_the_waiting_ends_the_ladder(house: House, client: AsyncClient, sign_in: SignIn, end: str) -> None:
    lead = await make_lead(house.session, region=house.east, pooled_at=NOW)
    await unowned.start(house.session, lead.id, NOW - HOUR)
    at = f"/api/v1/leads/{lead.id}"
    admin, manager, rep = [await sign_in(person) for person in (house.admin, house.manager, house.zhang)]
    other = await make_lead(house.session, region=house.east, pooled_at=NOW)
    answers = {
        "claimed": lambda: client.post(f"{at}/claim", headers=rep),
        "given": lambda: client.post(f"{at}/reassignment", json={"person_id": str(house.li.id), "reason": "离得近"}, headers=manager | ANY),
        "taken": lambda: client.post(f"{at}/take-over", json={"reason": "我来"}, headers=manager | ANY),
        "disqualified": lambda: client.post(f"{at}/disqualification", json={"reason": "spam"}, headers=manager),
        "merged": lambda: client.post(
            f"/api/v1/leads/{other.id}/merges", json={"loser_id": str(lead.id), "reason": "同一家"}, headers=admin
        ),
    }
    done = await answers[end]()
    assert done.status_code < 300, done.text
    assert await pending(house, lead) == []
    if end == "disqualified":
        back = await client.post(f"{at}/reopening", json={"note": "是真的"}, headers=manager)
        assert back.status_code == 200, back.text
        assert [rung for rung, _ in await pending(house, lead)] == ["reminder", "directors"]


async def test_over_http_with_the_moved_clock(house: House, client: AsyncClient, sign_in: SignIn) -> None:
    """Entered for nowhere; five hours later Today says how long, the bell rings, and giving it out silences both."""
    clock = [NOW]
    client.app.dependency_overrides[product_moment] = lambda: clock[0]  # type: ignore[attr-defined]
    marketing, admin = [await sign_in(person) for person in (house.marketing, house.admin)]
    body = {"company": "喀什矿山7号设备公司", "contact_name": "艾力", "phone": "13899887766", "source": "exhibition", **NOWHERE}
    made = await client.post("/api/v1/leads", json=body, headers=marketing)
    assert made.status_code == 201, made.text
    await house.relay(NOW)
    clock[0] = NOW + 5 * HOUR
    assert await house.fire(clock[0]) == 1
    [item] = (await client.get("/api/v1/today", headers=admin)).json()["items"]
    assert (item["kind"], item["why"]["code"], item["why"]["params"]["hours"]) == ("to_assign", "waits_for_owner", 5)
    told = (await client.get("/api/v1/notifications", headers=admin)).json()["items"]
    assert [(one["kind"], one["params"].get("hours")) for one in told] == [("lead.unowned", 5), ("lead.pooled", None)]
    given = {"person_id": str(house.zhang.id), "reason": "出差顺路"}
    done = await client.post(f"/api/v1/leads/{made.json()['id']}/reassignment", json=given, headers=admin | ANY)
    assert done.status_code == 200, done.text
    await house.relay(clock[0])
    clock[0] = NOW + 30 * HOUR
    assert await house.fire(clock[0]) == 1, "only the script of its owner"
    assert (await client.get("/api/v1/today", headers=admin)).json()["items"] == []
    assert (await house.told(house.admin)).count("lead.unowned") == 1


async def test_what_was_reclaimed_or_got_an_owner_as_the_rung_fired_is_left_alone(house: House) -> None:
    for changes in ({"reclaimed_at": NOW}, {"state": "disqualified"}):
        lead = await make_lead(house.session, **{"region": house.east, "pooled_at": NOW} | changes)
        await unowned.start(house.session, lead.id, NOW)
    assert await house.fire(NOW + 24 * HOUR) == 4
    assert await house.told(house.admin) == await house.told(house.manager) == []


@pytest.mark.plants_writes
async def test_leads_that_waited_before_there_was_a_ladder_are_told_of_once(house: House) -> None:
    """The step of the migration that sets them on it: what has waited for days asks whoever comes last, and nobody twice at once."""
    now = await house.session.scalar(select(func.now()))
    waits = {hours: now - hours * HOUR for hours in (1, 5, 30, 24 * 60)}
    leads = {hours: await make_lead(house.session, region=house.east, received_at=at, pooled_at=at) for hours, at in waits.items()}
    quiet = await make_lead(house.session, region=house.east, received_at=waits[30], pooled_at=waits[30])
    house.session.add_all(
        Notification(person_id=house.admin.id, kind="lead.pooled", params={}, subject_id=lead.id, is_urgent=True, created_at=lead.pooled_at)
        for lead in leads.values()
    )
    await house.session.flush()
    step = ScriptDirectory.from_config(alembic_config()).get_revision("0016")
    await house.session.execute(text(step.module.SET_ON_THE_LADDER))
    await house.fire(now)
    told = select(Notification.person_id, Notification.subject_id).where(Notification.kind == "lead.unowned")
    said = Counter(tuple(row) for row in await house.session.execute(told))
    assert set(said.values()) == {1}, "nobody twice of one lead"
    asked = {hours: {person for person, subject in said if subject == lead.id} for hours, lead in leads.items()}
    giving, directing = {house.manager.id, house.director.id, house.admin.id}, {house.director.id, house.admin.id}
    assert asked == {1: set(), 5: giving, 30: directing, 24 * 60: directing}
    assert {subject for _, subject in said}.isdisjoint({quiet.id}), "nobody was told that it waits"


async def test_two_workers_at_once_tell_once(committed: Committed) -> None:
    async with committed.owner() as session:
        admin = await make_person(session, "administrator")
        for _ in range(5):
            lead = await make_lead(session, pooled_at=NOW)
            await unowned.start(session, lead.id, NOW)

    async def sweep() -> None:
        async with transaction(Lens.SYSTEM, "system:deadlines") as session:
            await deadlines.sweep(session, NOW + 4 * HOUR)

    async def lane() -> None:
        while await Relay().step():
            pass

    await asyncio.gather(*(sweep() for _ in range(4)))
    await asyncio.gather(*(lane() for _ in range(4)))
    async with committed.owner() as session:
        told = select(func.count()).where(Notification.person_id == admin.id, Notification.kind == "lead.unowned")
        assert await session.scalar(told) == 5
        daily = select(func.count()).where(Deadline.rung == "daily", Deadline.state == State.PENDING)
        assert await session.scalar(daily) == 5
