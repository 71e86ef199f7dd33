"""LEAD-3: who gets a received lead, and what that leaves behind."""

import asyncio
from collections import Counter
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from backend.core import outbox
from backend.core.db import Lens, transaction
from backend.core.relay import Relay
from backend.deadlines.models import Deadline
from backend.identity.models import Person, RegionArea
from backend.identity.places import region_of
from backend.leads import jobs, queries, rules
from backend.leads.assignment import assign
from backend.leads.events import LeadReceived
from backend.leads.models import AssignmentPointer, Lead, LeadAssignment
from backend.leads.rules import LeadState
from backend.notifications.models import LiveEvent, Notification
from tests.conftest import NOW, Committed
from tests.factories import make_lead, make_leave, make_person, make_region
from tests.leads.conftest import House


async def test_a_received_lead_gets_its_rep_with_everything_that_follows(house: House) -> None:
    lead = await house.received(received_at=NOW - timedelta(milliseconds=250))
    assert (lead.state, lead.owner_id, lead.region_id) == ("assigned", house.zhang.id, house.east.id)
    assert (lead.assigned_at, lead.first_assigned_at, lead.assign_latency_ms, lead.version) == (NOW, NOW, 250, 2)
    decision = (await house.session.scalars(select(LeadAssignment))).one()
    assert (decision.person_id, decision.latency_ms, decision.assigned_by) == (house.zhang.id, 250, None)
    assert decision.reason == {
        "code": "region_least_load",
        "params": {"person": "张磊", "open_leads": 0, "present": 2, "skills": [], "region": "华东"},
    }
    assert await house.history(lead.id) == ["lead.assigned"]
    assert await house.told(house.zhang) == ["lead.assigned"]
    assert await house.shown(house.zhang) == ["lead.assigned"]
    rungs = {row.rung: row.due_at for row in await house.session.scalars(select(Deadline))}
    assert rungs == {"script": NOW, "supervisor": NOW + timedelta(hours=48), "next_level": NOW + timedelta(hours=96)}


async def test_the_live_event_is_the_card_of_the_lead(house: House) -> None:
    lead = await house.received(product_line="紧固件")
    payload = await house.session.scalar(select(LiveEvent.payload).where(LiveEvent.kind == "lead.assigned"))
    assert payload is not None
    assert payload["id"] == str(lead.id)
    assert payload["number"] == rules.lead_number(lead.number)
    assert payload["owner"] == {"id": str(house.zhang.id), "name": "张磊"}
    assert payload["region"] == {"id": str(house.east.id), "name": "华东"}
    assert (payload["state"], payload["version"], payload["product_line"]) == ("assigned", 2, "紧固件")
    assert payload["follow_up_due_at"].startswith("2026-03-12T02:00:00")


async def test_the_notification_names_the_lead_but_no_phone(house: House) -> None:
    lead = await house.received()
    params = await house.session.scalar(select(Notification.params))
    assert params is not None
    assert params["company"] == lead.company
    assert lead.phone not in str(params)


async def test_equal_reps_take_turns_exactly(house: House) -> None:
    owners = [(await house.received()).owner_id for _ in range(6)]
    assert Counter(owners) == {house.zhang.id: 3, house.li.id: 3}
    assert owners[:2] in ([house.zhang.id, house.li.id], [house.li.id, house.zhang.id])


async def test_after_equal_loads_the_one_who_waited_longest_is_next(house: House) -> None:
    later = {house.zhang.id: NOW - timedelta(hours=1), house.li.id: NOW - timedelta(hours=2)}
    house.session.add_all(AssignmentPointer(region_id=house.east.id, person_id=key, last_assigned_at=at) for key, at in later.items())
    await house.session.flush()
    assert (await house.received()).owner_id == house.li.id


async def test_only_open_leads_of_any_region_count_as_load(house: House) -> None:
    await make_lead(house.session, owner=house.zhang, state="following")
    for _ in range(3):
        await make_lead(house.session, owner=house.li, state="disqualified")
    assert (await house.received()).owner_id == house.li.id


async def test_leave_skills_inactive_and_other_roles(house: House) -> None:
    await make_leave(house.session, house.zhang)
    await make_person(house.session, name="离职", region=house.east, is_active=False)
    await make_person(house.session, name="不接", region=house.east, takes_leads=False)
    await make_person(house.session, "engineer", name="工程师", region=house.east)
    skilled = await make_person(house.session, "senior_consultant", name="孙晓东", region=house.east, product_lines=["冲压件"])
    await make_lead(house.session, owner=skilled)
    assert (await house.received()).owner_id == house.li.id
    lead = await house.received(product_line="冲压件")
    assert lead.owner_id == skilled.id
    code = await house.session.scalar(select(LeadAssignment.reason["code"].astext).where(LeadAssignment.lead_id == lead.id))
    assert code == "skill_match"


async def test_cancelled_and_past_leave_count_as_present(house: House) -> None:
    await make_leave(house.session, house.zhang, cancelled_at=NOW)
    await make_leave(house.session, house.zhang, starts_at=NOW - timedelta(days=3), ends_at=NOW)
    await make_leave(house.session, house.li)
    assert (await house.received()).owner_id == house.zhang.id


async def test_nobody_present_goes_to_the_manager_and_then_up_the_tree(house: House) -> None:
    for rep in (house.zhang, house.li):
        await make_leave(house.session, rep)
    older = await make_person(house.session, "area_director", region=house.east, id=UUID(int=1))
    first = await house.received()
    assert first.owner_id == house.manager.id, "a director of the same region is asked after the manager, whoever was entered first"
    for person in (house.manager, older):
        await make_leave(house.session, person)
    second = await house.received()
    assert second.owner_id == house.director.id
    codes = set(await house.session.scalars(select(LeadAssignment.reason["code"].astext)))
    assert codes == {"regional_manager_no_rep_present"}


async def test_nobody_at_all_and_no_region_go_to_the_pool_and_administrators_learn_once(house: House) -> None:
    gone = await make_person(house.session, "administrator", access_ends_at=NOW)
    nowhere = await house.received(province="新疆", city="喀什")
    assert (nowhere.state, nowhere.owner_id, nowhere.region_id, nowhere.pooled_at) == ("new", None, None, NOW)
    for person in (house.zhang, house.li, house.manager, house.director):
        await make_leave(house.session, person)
    nobody = await house.received()
    assert (nobody.owner_id, nobody.region_id) == (None, house.east.id)
    codes = dict((await house.session.execute(select(LeadAssignment.lead_id, LeadAssignment.reason["code"].astext))).tuples().all())
    assert codes == {nowhere.id: "pool_no_region", nobody.id: "pool_nobody_present"}
    assert await house.told(gone) == [], "an administrator whose access has ended administers nothing"
    assert await house.told(house.admin) == ["lead.pooled", "lead.pooled"]
    await assign(house.session, nobody.id, NOW + timedelta(hours=1))
    assert await house.told(house.admin) == ["lead.pooled", "lead.pooled"]
    assert await house.session.scalar(select(func.count()).select_from(LeadAssignment)) == 2


async def test_the_row_of_the_city_wins_over_its_province(house: House) -> None:
    assert (await house.received(city="连云港")).owner_id == house.huang.id


async def test_an_assigned_lead_is_left_alone(house: House) -> None:
    lead = await house.received()
    await assign(house.session, lead.id, NOW + timedelta(hours=1))
    await assign(house.session, uuid4(), NOW)
    again = await house.lead(lead.id)
    assert (again.version, again.assigned_at) == (2, NOW)
    assert await house.told(house.zhang) == ["lead.assigned"]


PLACES = [
    ("江苏", "苏州"),
    ("江苏", "连云港"),
    ("江苏", None),
    (None, "连云港"),
    (None, "苏州"),
    ("广东", "深圳"),
    ("新疆", None),
    (None, None),
]


@pytest.mark.parametrize(("province", "city"), PLACES)
async def test_sql_and_python_agree_on_the_region(house: House, province: str | None, city: str | None) -> None:
    lead = await make_lead(house.session, province=province, city=city)
    areas = (await house.session.execute(select(RegionArea.province, RegionArea.city, RegionArea.region_id))).tuples().all()
    row = await queries.RECEIVED.row(house.session, id=lead.id)
    assert row.region_id == region_of(areas, province, city)


async def test_sql_and_python_agree_on_what_needs_repair(house: House) -> None:
    leads = [
        await make_lead(house.session, region=region, received_at=NOW - timedelta(seconds=age), state=state, pooled_at=pooled)
        for region in (None, house.east)
        for age in (0, 4, 5, 6)
        for state in ("new", "disqualified")
        for pooled in (None, NOW - timedelta(minutes=59), NOW - timedelta(minutes=60))
    ]
    leads.append(await make_lead(house.session, region=house.east, pooled_at=NOW - timedelta(days=2), reclaimed_at=NOW - timedelta(days=2)))
    leads.append(await make_lead(house.session, owner=house.zhang, received_at=NOW - timedelta(hours=9)))
    by_sql = set(await house.session.scalars(queries.needs_repair(NOW, 1000)))
    by_rule = {
        lead.id
        for lead in leads
        if rules.needs_repair(
            owner_id=lead.owner_id,
            state=LeadState(lead.state),
            region_id=lead.region_id,
            received_at=lead.received_at,
            pooled_at=lead.pooled_at,
            reclaimed_at=lead.reclaimed_at,
            now=NOW,
        )
    }
    assert by_sql == by_rule
    assert len(by_rule) == 2 * 2 + 4


async def test_the_sweep_repairs_what_no_event_brought(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "product_now", lambda: NOW)
    lost = await make_lead(house.session, province="上海", city="上海", received_at=NOW - timedelta(seconds=30))
    fresh = await make_lead(house.session, province="上海", city="上海")
    assert await jobs.sweep_unassigned({}) == 1
    assert (await house.lead(lost.id)).owner_id is not None
    assert (await house.lead(fresh.id)).owner_id is None
    assert await jobs.sweep_unassigned({}) == 0


async def test_twenty_at_once_are_shared_fairly_and_none_twice(committed: Committed) -> None:
    async with committed.owner() as session:
        region = await make_region(session, "华东", (("江苏", None),))
        reps = [await make_person(session, name=f"rep{number}", region=region) for number in range(4)]
        leads = [await make_lead(session, province="江苏", city="苏州") for _ in range(20)]
        for lead in leads:
            await outbox.add(session, LeadReceived(lead.id), NOW)
    relay = Relay()

    async def lane() -> None:
        while await relay.step():
            pass

    async def sweep() -> None:
        for lead in leads:
            async with transaction(Lens.SYSTEM, "system:leads") as session:
                await assign(session, lead.id, NOW)

    await asyncio.gather(*(lane() for _ in range(5)), sweep())
    async with committed.owner() as session:
        owners = (await session.execute(select(Lead.owner_id, func.count()).group_by(Lead.owner_id))).tuples().all()
        assert dict(owners) == {rep.id: 5 for rep in reps}
        decisions = await session.scalar(select(func.count()).select_from(LeadAssignment))
        announced = await session.scalar(select(func.count()).select_from(Notification))
        live = await session.scalar(select(func.count()).select_from(LiveEvent).where(LiveEvent.kind == "lead.assigned"))
        assert (decisions, announced, live) == (20, 20, 20)
        assert await session.scalar(select(func.count()).select_from(Person).where(Person.name.startswith("rep"))) == 4
