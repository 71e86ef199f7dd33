"""FLOW-5: what has not advanced goes to the superiors, one report each on a working morning, with all of it."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, update

from backend.core.config import get_settings
from backend.deadlines.models import Daily, DailyReceipt, DailyRun
from backend.identity.models import Deputy, Person
from backend.integrations.smtp.client import MailClient
from backend.integrations.smtp.settings import mail_server
from backend.notifications import jobs as sender
from backend.notifications.models import Channel, Notification
from backend.notifications.ways import Ways
from backend.opportunities import jobs, report_words
from backend.timeline.models import TimelineEntry
from tests.conftest import NOW
from tests.factories import make_customer, make_leave, make_opportunity
from tests.opportunities.conftest import Sales
from tests.simulators.mail import Mailbox, html_of, running_mail, text_of, workbook_of

DAY = timedelta(days=1)
LATE = NOW - 15 * DAY


class Morning:
    """The sales house with a mail server, and a clock."""

    def __init__(self, sales: Sales, box: Mailbox) -> None:
        self.sales, self.house, self.session, self.box, self.now = sales, sales.house, sales.house.session, box, NOW

    def clock(self) -> datetime:
        return self.now

    async def run(self) -> int:
        sent = await jobs.report_exceptions({})
        channel_id = await self.session.scalar(select(Channel.id).where(Channel.kind == "email"))
        server = mail_server(get_settings())
        if server is not None:
            await sender.serve_channel(Ways(None, MailClient(server)), channel_id)  # type: ignore[arg-type]
        return sent

    async def bell(self, person: Person) -> list[tuple[str, Any]]:
        rows = await self.session.scalars(select(Notification).where(Notification.person_id == person.id).order_by(Notification.id))
        return [(row.kind, row.params) for row in rows]

    async def said(self, deal_id: Any, kind: str, at: datetime, **body: str) -> None:
        self.session.add(
            TimelineEntry(
                subject_type="opportunity", subject_id=deal_id, kind=kind, at=at, recorded_at=at, actor_id=self.house.zhang.id, body=body
            )
        )
        await self.session.flush()


@pytest.fixture
async def morning(sales: Sales, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Morning]:
    async with running_mail() as box:
        given = {"HOST": "127.0.0.1", "PORT": str(box.port), "SECURITY": "none", "FROM": "成单 <sales@hengyu.example>"}
        for name, value in given.items():
            monkeypatch.setenv(f"CHENGDAN_SMTP_{name}", value)
        monkeypatch.setenv("CHENGDAN_PUBLIC_URL", "https://sales.hengyu.example")
        get_settings.cache_clear()
        made = Morning(sales, box)
        for module in (jobs, sender):
            monkeypatch.setattr(module, "product_now", made.clock)
        for person, login in ((made.house.manager, "wang"), (made.house.director, "liu")):
            person.email = f"{login}@hengyu.example"
        await made.session.flush()
        yield made
    monkeypatch.undo()
    get_settings.cache_clear()


async def test_the_superior_gets_one_letter_with_all_of_it_and_a_workbook(morning: Morning) -> None:
    session, house = morning.session, morning.house
    amount = {"expected_amount": Decimal("120000.00"), "last_activity_at": NOW - 3 * DAY}
    longest = await make_opportunity(session, morning.sales.customer, "proposal", name="=支架", advanced_at=NOW - 20 * DAY, **amount)
    await make_opportunity(session, morning.sales.customer, name="短", advanced_at=LATE)
    await make_opportunity(session, morning.sales.customer, name="没到期", advanced_at=LATE + timedelta(seconds=1))
    await make_opportunity(
        session, morning.sales.customer, name="输了", advanced_at=LATE - DAY, state="lost", loss_reason="price", closed_at=NOW
    )
    other = await make_customer(session, owner=house.li, name="南京精工")
    await make_opportunity(session, other, name="别人的", advanced_at=LATE - DAY)
    await morning.said(longest.id, "call", NOW - 4 * DAY, note="等客户\n定图纸")
    await morning.said(longest.id, "opportunity.changed", NOW - 3 * DAY)
    assert await morning.run() == 1
    ((people, message),) = morning.box.received
    assert (people, message["Subject"]) == (["wang@hengyu.example"], "商机异常报告 2026-03-10：3 个商机长期未推进")
    text, html = text_of(message), html_of(message)
    for said in ("苏州恒达机械有限公司 · =支架", "张磊", "方案制定", "CNY 120,000.00", "20 天", "3 天未更新", "等客户 定图纸", "没有记录"):
        assert said in text, said
    assert f"https://sales.hengyu.example/opportunities/{longest.id}" in html
    assert "https://sales.hengyu.example/board?late=yes&amp;scope=region" in html
    assert "没到期" not in text
    assert "输了" not in text
    name, rows = workbook_of(message)
    assert name == "商机异常报告-20260310.xlsx"
    assert rows[0][:6] == ("编号", "商机", "客户", "负责人", "阶段", "金额")
    assert [(row[1], row[3], row[7]) for row in rows[1:]] == [("'=支架", "张磊", 20), ("别人的", "李婷", 16), ("短", "张磊", 15)]
    assert (rows[1][5], rows[1][10], rows[1][11]) == (120000, "等客户\n定图纸", "张磊")
    assert await morning.bell(house.manager) == [("opportunity.report", {"count": 3, "fresh": 3, "first": "苏州恒达机械有限公司"})]
    assert await morning.bell(house.director) == await morning.bell(house.admin) == await morning.bell(house.zhang) == []
    assert [await morning.run() for _ in range(2)] == [0, 0]
    assert len(morning.box.received) == 1


async def test_a_run_that_ends_in_the_middle_goes_on_without_doubling(morning: Morning) -> None:
    await make_opportunity(morning.session, morning.sales.customer, advanced_at=LATE)
    assert await morning.run() == 1
    await morning.session.execute(DailyRun.__table__.delete())
    assert (await morning.run(), len(morning.box.received)) == (0, 1)
    assert len((await morning.session.scalars(select(DailyReceipt))).all()) == 1


@pytest.mark.parametrize(("moved", "sent"), [
    (timedelta(hours=-2, minutes=-1), 0),  # 07:59
    (timedelta(hours=-2), 1),
    (timedelta(hours=7, minutes=29), 1),
    (timedelta(hours=7, minutes=30), 0),  # 17:30
    (4 * DAY, 0),  # Saturday
])  # fmt: skip
async def test_it_goes_out_on_working_days_within_its_hours(morning: Morning, moved: timedelta, sent: int) -> None:
    await make_opportunity(morning.session, morning.sales.customer, advanced_at=LATE - DAY)
    morning.now = NOW + moved
    assert await morning.run() == sent
    await morning.session.execute(update(Daily).values(is_active=False))
    morning.now += 7 * DAY
    assert await morning.run() == 0


async def test_the_next_day_tells_again_and_says_what_is_new(morning: Morning) -> None:
    await make_opportunity(morning.session, morning.sales.customer, name="旧", advanced_at=LATE)
    assert await morning.run() == 1
    await make_opportunity(morning.session, morning.sales.customer, name="新", advanced_at=LATE + DAY)
    morning.now = NOW + DAY
    assert await morning.run() == 1
    _, rows = workbook_of(morning.box.received[1][1])
    assert [(row[1], row[9]) for row in rows[1:]] == [("旧", None), ("新", "新增")]
    assert "其中 1 个是上次报告之后新增的" in text_of(morning.box.received[1][1])


async def test_while_the_superior_is_away_the_deputy_gets_it_and_else_the_next_one_up(morning: Morning) -> None:
    session, house = morning.session, morning.house
    await make_opportunity(session, morning.sales.customer, advanced_at=LATE)
    await make_leave(session, house.manager, starts_at=NOW - DAY, ends_at=NOW + 9 * DAY)
    assert await morning.run() == 1
    assert [people for people, _ in morning.box.received] == [["liu@hengyu.example"]]
    house.huang.email = "huang@hengyu.example"
    session.add(Deputy(person_id=house.manager.id, role_code="regional_manager", deputy_id=house.huang.id))
    await session.flush()
    morning.now = NOW + DAY
    assert await morning.run() == 1
    assert [people for people, _ in morning.box.received[1:]] == [["huang@hengyu.example"]]


async def test_without_an_address_it_is_in_the_application_and_the_administrator_knows(
    morning: Morning, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = morning.house
    house.manager.email = None
    await make_opportunity(morning.session, morning.sales.customer, advanced_at=LATE)
    assert await morning.run() == 1
    assert morning.box.received == []
    assert [kind for kind, _ in await morning.bell(house.manager)] == ["opportunity.report"]
    assert await morning.bell(house.admin) == [("report.no_address", {"count": 1, "names": [house.manager.name]})]
    await morning.session.execute(DailyRun.__table__.delete())
    await morning.session.execute(DailyReceipt.__table__.delete())
    monkeypatch.setenv("CHENGDAN_SMTP_HOST", "")
    get_settings.cache_clear()
    assert await morning.run() == 1
    assert [kind for kind, _ in await morning.bell(house.admin)] == ["report.no_address", "report.no_mail_server"]


async def test_where_nobody_stands_above_the_administrators_are_told_in_their_language(morning: Morning) -> None:
    session, house = morning.session, morning.house
    house.admin.email, house.admin.locale = "zhou@hengyu.example", "en"
    house.director.supervisor_id = None
    customer = await make_customer(session, owner=house.director)
    await make_opportunity(session, customer, region_id=None, advanced_at=LATE)
    assert await morning.run() == 1
    ((people, message),) = morning.box.received
    assert (people, message["Subject"]) == (["zhou@hengyu.example"], "Deal exceptions 2026-03-10: 1 not advanced for too long")
    assert "First contact" in text_of(message)
    assert workbook_of(message)[0] == "Deal exceptions-20260310.xlsx"


def test_a_long_report_names_some_in_the_letter_and_all_in_the_file() -> None:
    line = report_words.Line(
        id=NOW, number=1, name="支架", customer="恒达", owner="张磊", stage_zh="方案制定", stage_en="Proposal", amount=None, currency="CNY",
        days_unadvanced=20, days_quiet=3, last_word="很" * 300, last_word_at=NOW, last_word_by="张磊", is_new=True,
    )  # type: ignore[arg-type]  # fmt: skip
    lines = [line] * (report_words.MOST_IN_LETTER + 1)
    said = report_words.letter(lines, NOW.date(), "", is_english=False)
    assert "邮件里只列前 50 个，全部 51 个在附件里。" in said.text
    assert (said.text.count("方案制定"), "href" in said.html, "很" * 161 in said.text) == (50, False, False)
    assert len(report_words.table(lines, "", "Asia/Shanghai", is_english=False)[2]) == 52
