"""The demo company: filled once, and every row one that the product itself would have written."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from backend.core.config import get_settings
from backend.core.outbox import Outbox
from backend.deadlines import dailies, rulebook
from backend.deadlines import service as deadlines
from backend.deadlines.models import Deadline
from backend.deadlines.rules import FIRST_CONTACT, UNOWNED, DailyKind, State, due_at
from backend.demo import company, seed, site
from backend.demo.world import person_id
from backend.identity.models import Credential, Person, PersonRole, Region, RegionArea
from backend.identity.rules import ROLE_DEFAULTS
from backend.leads import queries, rules
from backend.leads.models import Lead, LeadAssignment, ScriptTemplate
from backend.leads.rules import LeadState
from backend.notifications.models import Channel, Delivery, Notification
from backend.opportunities import stalls
from backend.timeline.models import TimelineEntry
from backend.webhooks.models import FormSecret
from tests.conftest import NOW


async def count(session: AsyncSession, *where: Any, of: Any) -> int:
    return await session.scalar(select(func.count()).select_from(of).where(*where)) or 0


@pytest.fixture
async def demo(session: AsyncSession) -> AsyncSession:
    assert await seed.fill(session, NOW)
    return session


async def test_a_second_run_does_nothing(demo: AsyncSession) -> None:
    tables = (Region, RegionArea, Person, Credential, Lead, LeadAssignment, TimelineEntry, Deadline, Notification)
    before = [await count(demo, of=table) for table in tables]
    audited = await demo.scalar(text("select count(*) from audit_entry"))
    assert not await seed.fill(demo, NOW + timedelta(days=2))
    assert [await count(demo, of=table) for table in tables] == before
    assert await demo.scalar(text("select count(*) from audit_entry")) == audited


async def test_it_takes_few_statements_however_many_rows(session: AsyncSession, connection: AsyncConnection) -> None:
    seen: list[str] = []
    event.listen(connection.sync_connection, "before_cursor_execute", lambda *given: seen.append(given[2]))
    await seed.fill(session, NOW)
    assert len(seen) < 80


async def test_four_regions_sixteen_people_in_all_roles_and_three_hundred_leads(demo: AsyncSession) -> None:
    nation = (await demo.scalars(select(Region).where(Region.parent_id.is_(None)))).one()
    assert nation.name == "全国"
    assert set(await demo.scalars(select(Region.name).where(Region.parent_id == nation.id))) == {"华东", "华南", "华北", "西南"}
    assert await count(demo, of=Person) == 16
    assert set(await demo.scalars(select(PersonRole.role_code))) == {role.code for role in ROLE_DEFAULTS}
    assert await count(demo, of=Lead) == 300
    histories = select(func.count(func.distinct(TimelineEntry.subject_id))).where(TimelineEntry.subject_type == rules.SUBJECT)
    assert await demo.scalar(histories) == 300
    assert await count(demo, LeadAssignment.person_id.is_not(None), of=LeadAssignment) == 300
    numbers = list(await demo.scalars(select(Lead.number).order_by(Lead.received_at, Lead.number)))
    assert numbers == list(range(numbers[0], numbers[0] + 300))


async def test_the_database_says_that_the_seed_did_it_and_hides_the_passwords(demo: AsyncSession) -> None:
    actors = await demo.execute(text("select distinct actor from audit_entry where table_name in ('lead', 'person', 'region', 'form')"))
    assert [row.actor for row in actors] == ["system:seed"]
    hashes = await demo.execute(text("select distinct after ->> 'password_hash' as shown from audit_entry where table_name = 'credential'"))
    assert all(row.shown.startswith("hidden") for row in hashes)


@pytest.mark.parametrize(
    ("login", "kinds"),
    [
        ("zhanglei", {"overdue": 2, "due_soon": 2, "new_lead": 3, "stalled": 2, "delivery": 1, "to_follow": 4}),
        ("wanghaiyan", {"escalation": 3, "overdue": 1, "new_lead": 1, "approval": 2, "to_follow": 1}),
        ("liuweimin", {"escalation": 2, "approval": 1}),
    ],
)
async def test_today_shows_each_section(demo: AsyncSession, client: Any, sign_in: Any, login: str, kinds: dict[str, int]) -> None:
    headers = await sign_in(await demo.get_one(Person, person_id(login)))
    today = (await client.get("/api/v1/today", headers=headers)).json()
    assert {kind: many for kind, many in today["counts"].items() if many} == kinds
    assert all(item["script_id"] for item in today["items"] if item["kind"] == "new_lead")


async def test_every_deadline_is_what_the_rules_say(demo: AsyncSession) -> None:
    book = await rulebook.read(demo)
    leads = {lead.id: lead for lead in await demo.scalars(select(Lead))}
    rows = (await demo.scalars(select(Deadline).where(Deadline.kind == FIRST_CONTACT))).all()
    assert len({row.subject_id for row in rows}) == 297
    for row in rows:
        rung = book.ladders[FIRST_CONTACT].rung(row.rung)
        assert rung is not None
        assert row.due_at == due_at(rung, row.base_at, book.calendar)
        if row.state == State.PENDING:
            lead = leads[row.subject_id]
            bases = rules.ladder_bases(lead.assigned_at, lead.first_assigned_at, lead.first_follow_up_at)  # type: ignore[arg-type]
            assert row.due_at > NOW
            assert (lead.state, row.base_at) == (LeadState.ASSIGNED, bases[rung.base])


async def test_leads_without_an_owner_climb_their_ladder_as_the_product_lets_them(demo: AsyncSession) -> None:
    asked = set(await demo.scalars(queries.DIRECTING, {"region": None, "now": NOW}))
    assert asked == set(await demo.scalars(queries.GIVING_OUT, {"region": None, "now": NOW})) == {person_id("admin")}
    rungs: dict[int, list[tuple[str, bool]]] = {}
    waiting = select(Lead.received_at, Deadline.rung, Deadline.state).join(Deadline, Deadline.subject_id == Lead.id)
    for received_at, rung, state in await demo.execute(waiting.where(Deadline.kind == UNOWNED).order_by(Deadline.due_at)):
        if state != State.STOPPED:
            rungs.setdefault(round((NOW - received_at) / timedelta(hours=1)), []).append((rung, state == State.FIRED))
    first, second, third = ("reminder", True), ("directors", True), ("daily", True)
    assert rungs == {
        5: [first, ("directors", False), ("daily", False)],
        26: [first, second, ("daily", False)],
        75: [first, second, third, third, ("daily", False)],
    }
    told = select(Notification.person_id).where(Notification.kind == "lead.unowned")
    assert list(await demo.scalars(told)) == [person_id("admin")] * 7


async def test_the_product_finds_nothing_to_do_right_after(demo: AsyncSession) -> None:
    assert await deadlines.sweep(demo, NOW) == 0
    assert [await deadlines.recompute(demo, NOW, kind) for kind in (FIRST_CONTACT, UNOWNED)] == [0, 0]
    assert (await demo.scalars(queries.needs_repair(NOW, 10))).all() == []
    assert await count(demo, Outbox.done_at.is_(None), of=Outbox) == 0
    assert await count(demo, of=Delivery) == 0
    assert await count(demo, Channel.is_active, Channel.kind != "email", of=Channel) == 0
    assert [await tell(demo, NOW) for tell in (stalls.tell_stalled, stalls.tell_due_steps)] == [0, 0]
    assert [await dailies.to_do(demo, kind, NOW) for kind in DailyKind] == [None, None]


async def test_escalated_leads_carry_the_evidence(demo: AsyncSession) -> None:
    escalated = (await demo.scalars(select(Lead).where(Lead.escalation_level > 0))).all()
    assert Counter(lead.escalation_level for lead in escalated) == {1: 5, 2: 1}
    for lead in escalated:
        told = Notification.kind == "lead.escalated", Notification.subject_id == lead.id, Notification.person_id == lead.escalated_to_id
        seen = TimelineEntry.kind == "lead.escalated", TimelineEntry.subject_id == lead.id
        assert await count(demo, *told, Notification.read_at.is_(None), of=Notification) == 1
        assert await count(demo, *seen, of=TimelineEntry) == lead.escalation_level


async def test_nothing_lies_in_the_future_and_timelines_run_forward(demo: AsyncSession) -> None:
    for column in (TimelineEntry.at, Notification.created_at, Notification.read_at, LeadAssignment.assigned_at, Lead.last_activity_at):
        assert await demo.scalar(select(func.max(column))) <= NOW
    first = text("""
        select count(*) from (select distinct on (subject_id) kind from timeline_entry order by subject_id, at, id) f
        where kind not in ('lead.received', 'customer.created', 'opportunity.created')
    """)
    assert await demo.scalar(first) == 0


async def test_the_seed_suits_every_hour_of_the_week(session: AsyncSession) -> None:
    for hours in range(0, 168, 24 + 5):
        async with session.begin_nested() as savepoint:
            await seed.fill(session, NOW + timedelta(hours=hours))
            assert await deadlines.sweep(session, NOW + timedelta(hours=hours)) == 0
            await savepoint.rollback()


async def test_everybody_signs_in_with_the_published_password(demo: AsyncSession, client: Any) -> None:
    answer = await client.post("/api/v1/auth/sign-in", json={"login": "zhanglei", "password": company.PASSWORD})
    assert (answer.status_code, answer.json()["me"]["name"]) == (200, "张磊")
    assert await count(demo, of=Credential) == 16
    assert company.PASSWORD in seed.accounts()
    assert all(login in seed.accounts() for login, _ in company.SHOWN_ACCOUNTS)


async def test_numbers_ring_nowhere(demo: AsyncSession) -> None:
    phones = [*await demo.scalars(select(Lead.phone).where(Lead.phone.is_not(None))), *await demo.scalars(select(Person.mobile))]
    assert all(phone.startswith("154") and len(phone) == 11 for phone in phones)


async def test_the_sample_website_can_sign_after_a_restore_elsewhere(demo: AsyncSession, monkeypatch: pytest.MonkeyPatch) -> None:
    for secret, known in (("whsec_" + "A" * 32, 1), ("whsec_" + "A" * 32, 1), ("whsec_" + "B" * 32, 2)):
        monkeypatch.setenv("CHENGDAN_DEMO_FORM_SECRET", secret)
        get_settings.cache_clear()
        await site.share_secret(demo)
        assert await count(demo, of=FormSecret) == known
    monkeypatch.undo()
    get_settings.cache_clear()


async def test_scripts_speak_in_the_companys_name(demo: AsyncSession) -> None:
    bodies = list(await demo.scalars(select(ScriptTemplate.body)))
    assert all(company.SHORT_NAME in body and site.SHIPPED_NAME not in body for body in bodies)
