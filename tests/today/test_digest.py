"""VIEW-1: the morning digest, once a person and working day, of what Today holds."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.config import get_settings
from backend.deadlines import rulebook
from backend.deadlines.models import CalendarDay, DailyRun
from backend.identity.models import Person
from backend.notifications.models import Mail, Notification
from backend.today import digest_words, jobs
from backend.today.rules import CODES, MILESTONE_LATE, OWNER_IS_AWAY, TodayKind
from tests.conftest import NOW
from tests.factories import make_customer, make_lead, make_leave, make_opportunity, make_person, make_region
from tests.notifications.support import all_deliveries, make_channel

MORNING = NOW - timedelta(minutes=90)
DAY = timedelta(days=1)


class Morning:
    """A rep with a mail address and DingTalk, a colleague with nothing to do, and a clock at 08:30."""

    def __init__(self, session: AsyncSession) -> None:
        self.session, self.now = session, MORNING
        self.rep: Person
        self.idle: Person

    def clock(self) -> datetime:
        return self.now

    async def run(self) -> int:
        return await jobs.send_digests({})

    async def told(self, person: Person) -> list[dict[str, Any]]:
        entry = Notification
        wanted = select(entry.params).where(entry.person_id == person.id, entry.kind == "today.digest").order_by(entry.created_at)
        return list(await self.session.scalars(wanted))


@pytest.fixture
async def morning(session: AsyncSession, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Morning]:
    given = {
        "SMTP_HOST": "127.0.0.1",
        "SMTP_SECURITY": "none",
        "SMTP_FROM": "a@hengyu.example",
        "PUBLIC_URL": "https://sales.hengyu.example",
    }
    for name, value in given.items():
        monkeypatch.setenv(f"CHENGDAN_{name}", value)
    get_settings.cache_clear()
    made = Morning(session)
    monkeypatch.setattr(jobs, "product_now", made.clock)
    region = await make_region(session)
    made.rep = await make_person(session, name="张磊", region=region, email="zhang@hengyu.example", dingtalk_mobile="13800000000")
    made.idle = await make_person(session, name="李婷", region=region, email="li@hengyu.example")
    customer = await make_customer(session, owner=made.rep, name="苏州恒达机械有限公司")
    await make_opportunity(session, customer, last_activity_at=MORNING - 9 * DAY)
    await make_opportunity(session, customer, next_step="寄样件", next_step_at=MORNING)
    await make_lead(session, owner=made.rep, company="<b>启航</b>")
    yield made
    monkeypatch.undo()
    get_settings.cache_clear()


async def test_it_says_what_comes_first_and_why_by_the_ways_that_a_person_has(morning: Morning) -> None:
    robot = await make_channel(morning.session, name="群")
    bare = await make_person(morning.session, name="无渠道")
    await make_lead(morning.session, owner=bare)
    assert await morning.run() == 2
    assert await morning.told(morning.rep) == [{"count": 3, "first": "<b>启航</b>"}]
    ways = {(one.person_id, one.channel_id == robot.id) for one in await all_deliveries(morning.session) if one.kind == "today.digest"}
    assert ways == {(morning.rep.id, True), (morning.rep.id, False)}
    assert len(await morning.told(bare)) == 1
    (mail,) = await morning.session.scalars(select(Mail))
    assert mail.subject == "今日待办 2026-03-10：3 项，先做 <b>启航</b>"
    for said in (
        "今天有 3 项：新线索 1、停滞商机 1、待跟进 1。",
        "苏州恒达机械有限公司 · 停滞商机",
        "已 9 天没有更新",
        "约定的下一步：寄样件",
        "https://sales.hengyu.example/today",
    ):
        assert said in mail.text, said
    assert "&lt;b&gt;启航" in mail.html


async def test_nothing_goes_to_who_has_nothing_or_is_away_and_twice_to_nobody(morning: Morning) -> None:
    away = await make_person(morning.session)
    await make_lead(morning.session, owner=away)
    await make_leave(morning.session, away)
    assert [await morning.run() for _ in range(2)] == [1, 0]
    await morning.session.execute(DailyRun.__table__.delete())
    await make_lead(morning.session, owner=morning.idle)
    assert await morning.run() == 0
    assert [len(await morning.told(person)) for person in (morning.rep, morning.idle, away)] == [1, 0, 0]
    morning.now += DAY
    assert await morning.run() == 2


@pytest.mark.parametrize(("moved", "sent"), [
    (timedelta(minutes=-1), 0),
    (timedelta(hours=3, minutes=29), 1),
    (timedelta(hours=3, minutes=30), 0),  # noon: an outage is over, and so is the morning
    (4 * DAY, 0),  # Saturday
    (5 * DAY, 1),  # Sunday that the company works
])  # fmt: skip
async def test_it_goes_out_on_working_mornings(morning: Morning, moved: timedelta, sent: int) -> None:
    morning.session.add(CalendarDay(date=(MORNING + 5 * DAY).date(), source="company", is_workday=True, name="", is_active=True))
    await morning.session.flush()
    rulebook.forget()
    morning.now = MORNING + moved
    assert await morning.run() == sent
    rulebook.forget()


async def test_it_speaks_the_readers_language(morning: Morning) -> None:
    morning.rep.locale = "en"
    await morning.session.flush()
    assert await morning.run() == 1
    (mail,) = await morning.session.scalars(select(Mail))
    assert mail.subject == "Your day 2026-03-10: 3 to do, <b>启航</b> first"
    for said in ("3 to do today: New leads 1, Stalled deals 1, To follow 1.", "No update for 9 days", "Agreed next step: 寄样件"):
        assert said in mail.text, said


def test_every_reason_of_today_has_words() -> None:
    assert set(digest_words.WHY) == {*CODES.values(), OWNER_IS_AWAY, MILESTONE_LATE}
    assert set(digest_words.KINDS) == set(TodayKind)
