"""LEAD-5: the script reaches a new owner once, in working hours with the news of the lead, else as a reminder of its own."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from backend.core import outbox
from backend.core.db import Lens, bind
from backend.deadlines import rulebook
from backend.deadlines import service as deadlines
from backend.deadlines.models import Deadline, LadderRow, WorkingWindow
from backend.deadlines.rules import DEFAULT_LADDERS, FIRST_CONTACT, How
from backend.identity.models import Person
from backend.leads.events import OwnerChanged
from backend.leads.models import Lead
from backend.notifications.models import Notification
from tests.conftest import NOW, as_owner
from tests.leads.conftest import House

EVENING = datetime(2026, 3, 10, 12, tzinfo=UTC)
NEXT_OPENING = datetime(2026, 3, 11, 0, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def fresh_rulebook() -> Any:
    """What one of these tests changes is rolled back."""
    rulebook.forget()
    yield
    rulebook.forget()


async def given_to(house: House, owner: Person, by: Person, now: datetime) -> Lead:
    """A lead of 张磊 whose owner changes."""
    lead = await house.owned(house.zhang, contact_name="王芳")
    lead.owner_id, lead.assigned_at = owner.id, now
    await house.session.flush()
    await deadlines.arm(house.session, FIRST_CONTACT, "lead", lead.id, {"assigned": now, "first_assigned": NOW}, now)
    await outbox.add(house.session, OwnerChanged(lead.id, owner.id, house.zhang.id, by.id, "manual", "张磊出差"), now)
    await house.relay(now)
    return lead


async def scripts(house: House, person: Person) -> list[tuple[str, str | None]]:
    """The entries of a person and the first words of the script that each carries."""
    entries = select(Notification).where(Notification.person_id == person.id).order_by(Notification.created_at, Notification.id)
    carried = [(entry.kind, entry.params.get("script")) for entry in await house.session.scalars(entries)]
    return [(kind, script and script["body"].partition("。")[0]) for kind, script in carried]


async def test_in_working_hours_one_entry_tells_of_the_lead_and_carries_the_script(house: House) -> None:
    await house.received(contact_name="王芳")
    told = [("lead.assigned", "王芳您好，我是成单五金的张磊")]
    assert await scripts(house, house.zhang) == told
    assert await house.fire(NOW) == 1
    assert await scripts(house, house.zhang) == told
    assert await house.session.scalar(select(Deadline.state).where(Deadline.rung == "script")) == "fired"


async def test_out_of_working_hours_the_script_comes_at_the_next_opening(house: House) -> None:
    await house.received(EVENING, contact_name="王芳")
    assert await scripts(house, house.zhang) == [("lead.assigned", None)]
    assert await house.fire(NEXT_OPENING - timedelta(seconds=1)) == 0
    assert await house.fire(NEXT_OPENING) == 1
    assert await scripts(house, house.zhang) == [("lead.assigned", None), ("lead.script", "王芳您好，我是成单五金的张磊")]


async def test_whoever_is_given_a_lead_in_working_hours_gets_one_entry(house: House) -> None:
    await given_to(house, house.li, house.manager, NOW + timedelta(hours=1))
    told = [("lead.given_to_you", "王芳您好，我是成单五金的李婷")]
    assert await scripts(house, house.li) == told
    assert await house.fire(NOW + timedelta(hours=1)) == 1
    assert await scripts(house, house.li) == told


async def test_whoever_is_given_a_lead_in_the_evening_gets_the_script_in_the_morning(house: House) -> None:
    await given_to(house, house.li, house.manager, EVENING)
    await house.fire(NEXT_OPENING)
    assert await scripts(house, house.li) == [("lead.given_to_you", None), ("lead.script", "王芳您好，我是成单五金的李婷")]


async def test_whoever_takes_a_lead_over_is_told_nothing_but_the_script(house: House) -> None:
    await given_to(house, house.manager, house.manager, NOW + timedelta(hours=1))
    assert await scripts(house, house.manager) == []
    await house.fire(NOW + timedelta(hours=1))
    assert await scripts(house, house.manager) == [("lead.script", "王芳您好，我是成单五金的王海燕")]


async def test_an_entry_of_an_earlier_ownership_does_not_count(house: House) -> None:
    """张磊 had the script, lost the lead and takes it back: nobody tells him, so the reminder does."""
    lead, back = await house.received(contact_name="王芳"), NOW + timedelta(hours=2)
    await house.fire(NOW)
    lead.assigned_at = back
    await house.session.flush()
    await deadlines.arm(house.session, FIRST_CONTACT, "lead", lead.id, {"assigned": back}, back)
    await house.fire(back)
    assert [kind for kind, _ in await scripts(house, house.zhang)] == ["lead.assigned", "lead.script"]


async def test_a_reminder_that_the_company_wants_later_stays_a_reminder(house: House) -> None:
    """Two rungs ask the owner: the script at once, and half a working hour later again."""
    script, *others = DEFAULT_LADDERS[FIRST_CONTACT].rungs
    again = script.model_copy(update={"key": "again", "how": How.WORKING_MINUTES, "amount": 30})
    rungs = [rung.model_dump(mode="json") for rung in (script, again, *others)]
    await house.session.execute(update(LadderRow).where(LadderRow.kind == FIRST_CONTACT).values(rungs=rungs))
    await house.received()
    await house.fire(NOW)
    assert await house.told(house.zhang) == ["lead.assigned"]
    await house.fire(NOW + timedelta(minutes=30))
    assert await house.told(house.zhang) == ["lead.assigned", "lead.script"]


async def test_hours_that_are_lengthened_afterwards_lose_no_script(house: House) -> None:
    """The evening becomes working time: the rung is now due at once, but the entry of that moment carried nothing."""
    await house.received(EVENING)
    await house.session.execute(update(WorkingWindow).values(closes=datetime.max.time()))
    await bind(house.session, Lens.SYSTEM, "system:deadlines")
    assert await deadlines.recompute(house.session, EVENING, FIRST_CONTACT) == 1
    await as_owner(house.session)
    await house.fire(EVENING)
    assert await house.told(house.zhang) == ["lead.assigned", "lead.script"]
