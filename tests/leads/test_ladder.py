"""LEAD-5: the ladder of 48 and 96 hours, by moving the clock."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Select, func, select

from backend.core.db import Lens, transaction
from backend.core.outbox import Outbox
from backend.core.relay import Relay
from backend.deadlines import service as deadlines
from backend.deadlines.models import Deadline
from backend.deadlines.rules import FIRST_CONTACT
from backend.identity.models import Deputy, Person
from backend.leads.models import Lead
from backend.notifications.models import LiveCursor, Notification
from tests.conftest import NOW, Committed, waits_for_a_lock
from tests.factories import make_lead, make_leave, make_person, make_region
from tests.leads.conftest import HOURS_48, HOURS_96, House

MINUTE = timedelta(minutes=1)


async def test_the_script_comes_with_the_first_rung(house: House) -> None:
    lead = await house.owned(house.zhang, contact_name="王芳")
    await house.fire(NOW)
    assert await house.told(house.zhang) == ["lead.script"]
    params = await house.session.scalar(select(Notification.params))
    assert params is not None
    assert params["script"]["title"] == "官网询盘首次联系"
    assert params["script"]["body"].startswith("王芳您好，我是成单五金的张磊。")
    assert (await house.lead(lead.id)).escalation_level == 0


async def test_48_hours_bring_the_supervisor_and_96_the_next_level_each_once(house: House) -> None:
    lead = await house.owned(house.zhang)
    await house.fire(NOW + HOURS_48 - MINUTE)
    assert (await house.lead(lead.id)).escalation_level == 0
    await house.fire(NOW + HOURS_48)
    escalated = await house.lead(lead.id)
    assert (escalated.escalation_level, escalated.escalated_to_id, escalated.owner_id) == (1, house.manager.id, house.zhang.id)
    assert await house.told(house.manager) == ["lead.escalated"]
    assert await house.told(house.zhang) == ["lead.script", "lead.escalation_notice"]
    assert await house.session.scalar(select(Notification.is_urgent).where(Notification.kind == "lead.escalated")) is True
    assert await house.fire(NOW + HOURS_48 + MINUTE) == 0
    await house.fire(NOW + HOURS_96)
    again = await house.lead(lead.id)
    assert (again.escalation_level, again.escalated_to_id) == (2, house.director.id)
    assert await house.told(house.director) == ["lead.escalated"]
    assert await house.told(house.manager) == ["lead.escalated"]
    assert await house.history(lead.id) == ["lead.escalated", "lead.escalated"]
    assert await house.shown(house.manager) == ["lead.changed", "lead.changed"]
    assert await house.shown(house.director) == ["lead.changed"]
    assert await house.fire(NOW + HOURS_96 * 2) == 0


async def test_after_an_outage_both_levels_come_in_order(house: House) -> None:
    lead = await house.owned(house.zhang)
    assert await house.fire(NOW + HOURS_96) == 3
    assert (await house.lead(lead.id)).escalation_level == 2
    assert await house.told(house.manager) == await house.told(house.director) == ["lead.escalated"]


@pytest.mark.parametrize("changes", [
    {"state": "following"}, {"state": "disqualified"}, {"assigned_at": NOW + timedelta(hours=1), "first_assigned_at": NOW + timedelta(hours=1)},
])  # fmt: skip
async def test_a_rung_that_fires_late_is_checked_again(house: House, changes: dict[str, Any]) -> None:
    """The follow-up and the sweep crossed: the deadline fired, but the lead no longer waits."""
    lead = await house.owned(house.zhang)
    for name, value in changes.items():
        setattr(lead, name, value)
    await house.session.flush()
    assert await house.fire(NOW + HOURS_48) == 2
    assert (await house.lead(lead.id)).escalation_level == 0
    assert await house.told(house.manager) == await house.told(house.zhang) == []
    assert await house.history(lead.id) == []


async def test_an_absent_supervisor_is_replaced_by_the_deputy_then_by_the_next_level(house: House) -> None:
    away = NOW + HOURS_48
    await make_leave(house.session, house.manager, starts_at=away - MINUTE, ends_at=away + timedelta(days=9))
    deputy = await make_person(house.session, "regional_manager", name="陈志强")
    house.session.add(Deputy(person_id=house.manager.id, role_code="regional_manager", deputy_id=deputy.id))
    first = await house.owned(house.zhang)
    await house.fire(away)
    assert (await house.lead(first.id)).escalated_to_id == deputy.id
    deputy.is_active = False
    second = await house.owned(house.li)
    await house.fire(away)
    assert (await house.lead(second.id)).escalated_to_id == house.director.id


async def test_without_a_supervisor_the_region_s_manager_is_asked_and_without_both_the_administrators(house: House) -> None:
    house.zhang.supervisor_id = None
    first = await house.owned(house.zhang)
    await house.fire(NOW + HOURS_48)
    assert (await house.lead(first.id)).escalated_to_id == house.manager.id
    house.manager.supervisor_id = None
    for person in (house.manager, house.director):
        person.is_active = False
    second = await house.owned(house.zhang)
    await house.fire(NOW + HOURS_48)
    alone = await house.lead(second.id)
    assert (alone.escalation_level, alone.escalated_to_id) == (1, None)
    assert await house.told(house.admin) == ["lead.escalated"]


async def test_the_ladder_of_another_subject_is_not_ours(house: House) -> None:
    lead = await house.owned(house.zhang)
    await house.session.execute(Deadline.__table__.update().values(kind="other.ladder"))
    await house.fire(NOW + HOURS_96)
    assert (await house.lead(lead.id)).escalation_level == 0


async def test_two_workers_at_once_make_one_escalation(committed: Committed) -> None:
    async with committed.owner() as session:
        region = await make_region(session, "华东")
        manager = await make_person(session, "regional_manager", region=region)
        rep = await make_person(session, region=region, supervisor_id=manager.id)
        leads = [await make_lead(session, owner=rep) for _ in range(5)]
        for lead in leads:
            await deadlines.arm(session, FIRST_CONTACT, "lead", lead.id, {"assigned": NOW, "first_assigned": NOW}, NOW)

    async def sweep(now: datetime) -> None:
        async with transaction(Lens.SYSTEM, "system:deadlines") as session:
            await deadlines.sweep(session, now)

    async def lane() -> None:
        while await Relay().step():
            pass

    await asyncio.gather(*(sweep(NOW + HOURS_48) for _ in range(4)))
    await asyncio.gather(*(lane() for _ in range(4)))
    async with committed.owner() as session:
        told = await session.scalar(select(func.count()).where(Notification.person_id == manager.id))
        levels = (await session.scalars(select(Lead.escalation_level))).all()
        assert (told, levels) == (5, [1] * 5)
        assert await session.scalar(select(func.count()).select_from(Person)) == 2


async def test_all_who_learn_of_an_escalation_are_told_in_one_order(committed: Committed) -> None:
    """Two owners who administer each learn of the other's lead: who waits for one person's stream must not hold another's."""
    async with committed.owner() as session:
        people = [await make_person(session, "administrator", "sales_rep") for _ in range(2)]
        first, second = sorted(person.id for person in people)
        session.add_all([LiveCursor(person_id=first, seq=0), LiveCursor(person_id=second, seq=0)])
        lead = await make_lead(session, owner=next(person for person in people if person.id == second))
        await deadlines.arm(session, FIRST_CONTACT, "lead", lead.id, {"assigned": NOW, "first_assigned": NOW}, NOW)
    async with transaction(Lens.SYSTEM, "system:deadlines") as session:
        await deadlines.sweep(session, NOW + HOURS_48)
    while (await next_event(committed)).payload["rung"] != "supervisor":
        await Relay().step()
    async with committed.owner() as holder:
        await holder.execute(cursor_of(first).with_for_update())
        lane = asyncio.create_task(Relay().step())
        while not lane.done() and not await waits_for_a_lock(committed):
            await asyncio.wait({lane}, timeout=0.01)
        async with committed.owner() as other:
            await other.execute(cursor_of(second).with_for_update(nowait=True))
    assert await lane
    async with committed.owner() as session:
        told = (await session.execute(select(Notification.person_id, Notification.kind))).tuples().all()
        assert {row for row in told if row[1] == "lead.escalated"} == {(first, "lead.escalated"), (second, "lead.escalated")}


async def next_event(committed: Committed) -> Outbox:
    async with committed.owner() as session:
        waiting = select(Outbox).where(Outbox.done_at.is_(None)).order_by(Outbox.id).limit(1)
        return (await session.scalars(waiting)).one()


def cursor_of(person_id: UUID) -> Select[int]:
    return select(LiveCursor.seq).where(LiveCursor.person_id == person_id)
