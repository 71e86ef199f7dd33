"""The company's mail as a channel: the same states, tries and receipts as a robot's, against a real mail server."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import files
from backend.core.config import get_settings
from backend.core.db import Lens, transaction
from backend.identity.models import Person
from backend.integrations.smtp.client import MailClient
from backend.integrations.smtp.settings import mail_server
from backend.notifications import jobs, mails, rules, sending
from backend.notifications.mails import Cell, Heading, Link, Paragraph, Table
from backend.notifications.models import Channel, ChannelHealth, ChannelMessage, Notification
from backend.notifications.service import Mailing
from backend.notifications.ways import Ways
from tests.conftest import NOW, SignIn
from tests.factories import make_person
from tests.notifications.support import all_deliveries, make_channel, tell
from tests.simulators.mail import Mailbox, html_of, running_mail, text_of

ADDRESS = "wang@hengyu.example"
SAID = mails.render("题目", [Heading("报告"), Paragraph("一句 <b>话</b>")], is_english=False)


class Post:
    """A manager with an address, an administrator without one, a clock, and the mail server of the company."""

    def __init__(self, session: AsyncSession, box: Mailbox) -> None:
        self.session, self.box, self.now = session, box, NOW
        self.manager: Person
        self.administrator: Person

    def clock(self) -> datetime:
        return self.now

    async def tell(self, *people: Person, **fields: Any) -> None:
        await tell(self.session, people or [self.manager], **{"mail": Mailing(SAID)} | fields)

    async def serve(self) -> int:
        server = mail_server(get_settings())
        assert server is not None
        channel_id = await self.session.scalar(select(Channel.id).where(Channel.kind == "email"))
        return await jobs.serve_channel(Ways(None, MailClient(server)), channel_id)  # type: ignore[arg-type]

    async def states(self) -> list[tuple[str, int, str | None]]:
        return [(one.state, one.attempts, one.last_error) for one in await all_deliveries(self.session)]

    async def told(self, person: Person) -> list[str]:
        return list(
            await self.session.scalars(select(Notification.kind).where(Notification.person_id == person.id).order_by(Notification.id))
        )


@pytest.fixture
async def post(session: AsyncSession, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Post]:
    async with running_mail() as box:
        for name, value in {
            "HOST": "127.0.0.1",
            "PORT": str(box.port),
            "SECURITY": "none",
            "FROM": "成单 <sales@hengyu.example>",
            "TIMEOUT_SECONDS": "5",
        }.items():
            monkeypatch.setenv(f"CHENGDAN_SMTP_{name}", value)
        get_settings.cache_clear()
        made = Post(session, box)
        monkeypatch.setattr(jobs, "real_now", made.clock)
        monkeypatch.setattr(jobs, "product_now", made.clock)
        made.manager = await make_person(session, "regional_manager", name="王海燕", email=ADDRESS)
        made.administrator = await make_person(session, "administrator", name="周敏")
        yield made
    monkeypatch.undo()
    get_settings.cache_clear()


async def test_a_letter_goes_to_those_with_an_address_and_only_where_there_is_one(post: Post) -> None:
    robot = await make_channel(post.session, name="群")
    await post.tell(post.manager, post.administrator)
    await post.tell(mail=None)
    await post.tell(through_channels=False)
    ways = [(one.channel_id == robot.id, one.person_id == post.manager.id) for one in await all_deliveries(post.session)]
    assert sorted(ways) == sorted([(True, True), (True, False), (True, True), (False, True), (False, True)])
    assert await post.serve() == 2
    (first, second) = post.box.to(ADDRESS)
    assert (first["Subject"], first["From"], first["To"]) == ("题目", "成单 <sales@hengyu.example>", ADDRESS)
    assert "一句 <b>话</b>" in text_of(first)
    assert "一句 &lt;b&gt;话&lt;/b&gt;" in html_of(first)
    mailed = [one for one in await all_deliveries(post.session) if one.channel_id != robot.id]
    assert [(one.state, one.attempts, one.sent_at) for one in mailed] == [("sent", 1, NOW)] * 2
    assert post.box.message_ids == [f"<{one.id}@hengyu.example>" for one in mailed]
    assert second["Message-ID"] != first["Message-ID"]
    log = (await post.session.scalars(select(ChannelMessage.body))).first()
    assert log == {"to": [ADDRESS], "subject": "题目", "message_id": first["Message-ID"]}


async def test_files_travel_with_it(post: Post) -> None:
    file_id, _, _ = await files.store(
        post.session, BytesIO(b"PK-data"), actor=str(post.manager.id), name="报告.xlsx", media_type="application/zip", now=NOW
    )
    await post.tell(mail=Mailing(SAID, [{"file_id": str(file_id), "name": "报告.xlsx", "media_type": "application/zip"}]))
    assert await post.serve() == 1
    (file,) = post.box.to(ADDRESS)[0].iter_attachments()
    assert (file.get_filename(), file.get_content()) == ("报告.xlsx", b"PK-data")


async def test_one_reader_who_is_refused_holds_up_no_other_and_the_administrator_learns_of_it(post: Post) -> None:
    gone = await make_person(post.session, email="gone@hengyu.example")
    full = await make_person(post.session, email="full@hengyu.example")
    post.box.rcpt = {"gone@hengyu.example": "550 No such user", "full@hengyu.example": "452 Mailbox full"}
    await post.tell(gone, full, post.manager)
    assert await post.serve() == 3
    assert sorted(await post.states(), key=str) == sorted(
        [
            ("dead", 1, "550 gone@hengyu.example: No such user"),
            ("pending", 1, "452 full@hengyu.example: Mailbox full"),
            ("sent", 1, None),
        ],
        key=str,
    )
    assert await post.told(post.administrator) == ["delivery.dead"]
    post.box.rcpt.clear()
    post.now += timedelta(seconds=10)
    assert await post.serve() == 1
    assert len(post.box.to("full@hengyu.example")) == 1


async def test_a_server_that_is_away_for_a_day_loses_nothing(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    await post.tell()
    real = get_settings().smtp_port
    monkeypatch.setenv("CHENGDAN_SMTP_PORT", "1")
    get_settings.cache_clear()
    for _ in range(rules.MAIL_ATTEMPTS - 1):
        await post.serve()
        post.now += timedelta(hours=2)
    ((state, attempts, error),) = await post.states()
    assert (state, attempts, error) == ("pending", rules.MAIL_ATTEMPTS - 1, "no answer: SMTPConnectError")
    monkeypatch.setenv("CHENGDAN_SMTP_PORT", str(real))
    get_settings.cache_clear()
    assert await post.serve() == 1
    assert len(post.box.received) == 1
    assert (await post.session.scalars(select(ChannelHealth.problem))).all() == [None]


async def test_a_sender_that_dies_after_sending_leaves_one_letter_by_its_id(post: Post) -> None:
    """Nobody can know whether it arrived: it goes out once more under the same Message-ID, by which a mail program shows one."""
    await post.tell()
    channel_id = await post.session.scalar(select(Channel.id).where(Channel.kind == "email"))
    assert channel_id is not None
    async with transaction(Lens.SYSTEM, "system:test") as session:
        lost = await sending.claim(session, channel_id, post.now)
    assert lost is not None
    server = mail_server(get_settings())
    assert server is not None
    await MailClient(server).send(lost.parcel)  # type: ignore[arg-type]
    post.now += rules.LEASE * 2
    async with transaction(Lens.SYSTEM, "system:test") as session:
        assert await sending.release_abandoned(session, post.now) == 0
    post.now += rules.MAIL_LEASE
    async with transaction(Lens.SYSTEM, "system:test") as session:
        assert await sending.channels_with_work(session, post.now) == [channel_id]
    assert await post.serve() == 1
    assert (len(post.box.received), len(set(post.box.message_ids))) == (2, 1)
    assert await post.states() == [("sent", 2, None)]


async def test_an_address_that_is_gone_by_then_is_given_up(post: Post) -> None:
    await post.tell()
    await post.session.execute(update(Person).where(Person.id == post.manager.id).values(email=None))
    assert await post.serve() == 0
    assert await post.states() == [("dead", 0, "the person has no e-mail address")]
    assert post.box.received == []


async def test_an_administrator_tests_the_mail_and_can_pause_it_and_no_more(post: Post, client: Any, sign_in: SignIn) -> None:
    admin = await sign_in(post.administrator)
    (mail,) = (one for one in (await client.get("/api/v1/channels", headers=admin)).json()["items"] if one["kind"] == "email")
    path = f"/api/v1/channels/{mail['id']}"
    assert (mail["name"], mail["state"], mail["has_credentials"], mail["region_id"], mail["person"]) == ("邮件", "ready", True, None, None)
    without = await client.post(f"{path}/test", headers=admin)
    assert (without.status_code, without.json()["code"]) == (409, "no_address")
    await post.session.execute(update(Person).where(Person.id == post.administrator.id).values(email="zhou@hengyu.example"))
    assert (await client.post(f"{path}/test", headers=admin)).status_code == 202
    assert await post.serve() == 1
    assert "正在测试这个通道" in text_of(post.box.to("zhou@hengyu.example")[0])
    key = await client.put(f"{path}/credentials", json={"access_token": "abcdefgh1234"}, headers=admin)
    one = await client.patch(path, json={"person_id": str(post.manager.id)}, headers=admin | {"If-Match": '"v1"'})
    assert [(answer.status_code, answer.json()["code"]) for answer in (key, one)] == [(409, "mail_serves_all")] * 2
    off = await client.patch(path, json={"is_active": False}, headers=admin | {"If-Match": '"v1"'})
    assert (off.status_code, off.json()["state"]) == (200, "off")
    before = len(await all_deliveries(post.session))
    await post.tell()
    assert len(await all_deliveries(post.session)) == before


def test_a_letter_reads_well_as_text_and_runs_nothing_as_html() -> None:
    table = Table(
        ("客户", "金额"), [[Cell("<script>x</script>厂", "https://a.example/1?x=1&y=2", below="支架"), Cell("CNY 1.00", is_alarm=True)]]
    )
    said = mails.render("题<目>", [Heading("报告"), table, Link("打开", "https://a.example/board"), Link("无", "")], is_english=True)
    assert said.text == (
        "报告\n\n客户: <script>x</script>厂 · 支架\n  https://a.example/1?x=1&y=2\n金额: CNY 1.00\n\n打开: https://a.example/board\n\n"
        "Chengdan sent this message by itself; please do not reply to it.\n"
    )
    assert "<script" not in said.html
    assert 'href="https://a.example/1?x=1&amp;y=2"' in said.html
    assert "<title>题&lt;目&gt;</title>" in said.html
    assert ">无<" not in said.html
