"""Mail against a real server: what arrives, what is refused, and what every failure means."""

import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import trustme

from backend.core.config import Settings
from backend.embedded import ports
from backend.integrations.answers import Outcome
from backend.integrations.mailserver import Security
from backend.integrations.smtp import wire
from backend.integrations.smtp.client import MailClient, Server
from backend.integrations.smtp.settings import examine_mail, mail_server
from backend.integrations.smtp.wire import Attachment, Letter
from tests.conftest import NOW
from tests.simulators.mail import Mailbox, html_of, running_mail, serving_mail, text_of

LETTER = Letter(
    sender="成单 <sales@hengyu.example>",
    to=["王海燕 <wang@hengyu.example>"],
    subject="商机异常报告：3 个商机长期未推进",
    text="第一行\n第二行",
    html="<p>第一行</p>",
    message_id="<one@hengyu.example>",
    at=NOW,
)


def server_of(box: Mailbox, **fields: Any) -> Server:
    return Server("127.0.0.1", box.port, Security.NONE, timeout_seconds=5, **fields)


async def test_a_letter_arrives_whole_with_its_parts_and_files() -> None:
    letter = replace(
        LETTER,
        cc=["b@hengyu.example"],
        bcc=["c@hengyu.example"],
        in_reply_to="<zero@hengyu.example>",
        references=["<a@hengyu.example>", "<zero@hengyu.example>"],
        headers={"X-Deal": "SJ00000001\r\nBcc: evil@example.com"},
        attachments=[Attachment("商机异常报告.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK\x03\x04")],
    )
    async with running_mail() as box:
        sent = await MailClient(server_of(box)).send(letter)
    assert (sent.answer.outcome, sent.refused) == (Outcome.OK, {})
    ((people, message),) = box.received
    assert people == ["wang@hengyu.example", "b@hengyu.example", "c@hengyu.example"]
    assert (message["From"], message["To"], message["Subject"]) == (
        "成单 <sales@hengyu.example>",
        "王海燕 <wang@hengyu.example>",
        LETTER.subject,
    )
    assert (message["Message-ID"], message["In-Reply-To"], message["References"]) == (
        "<one@hengyu.example>", "<zero@hengyu.example>", "<a@hengyu.example> <zero@hengyu.example>",
    )  # fmt: skip
    assert (message["Auto-Submitted"], message["Bcc"]) == ("auto-generated", None)
    assert message["X-Deal"] == "SJ00000001 Bcc: evil@example.com"
    assert (text_of(message).replace("\r\n", "\n"), html_of(message).strip()) == ("第一行\n第二行\n", "<p>第一行</p>")
    (file,) = message.iter_attachments()
    assert (file.get_filename(), file.get_content()) == ("商机异常报告.xlsx", b"PK\x03\x04")


async def test_somebody_who_is_refused_is_a_failure_also_when_others_are_not() -> None:
    async with running_mail() as box:
        box.rcpt = {"gone@hengyu.example": "550 No such user", "full@hengyu.example": "452 Mailbox full"}
        mail = MailClient(server_of(box))
        some = await mail.send(replace(LETTER, to=["wang@hengyu.example", "gone@hengyu.example"]))
        alone = await mail.send(replace(LETTER, to=["gone@hengyu.example"]))
        later = await mail.send(replace(LETTER, to=["full@hengyu.example"]))
    assert [people for people, _ in box.received] == [["wang@hengyu.example"]]
    assert (some.answer.outcome, some.refused) == (Outcome.PERMANENT, {"gone@hengyu.example": (550, "No such user")})
    assert some.answer.message == "gone@hengyu.example: No such user (taken for wang@hengyu.example)"
    assert [(one.answer.outcome, one.answer.code, one.answer.is_about_message) for one in (alone, later)] == [
        (Outcome.PERMANENT, 550, True),
        (Outcome.RETRY, 452, True),
    ]


@pytest.mark.parametrize(("said", "outcome"), [("451 Try again later", Outcome.RETRY), ("552 Too large", Outcome.PERMANENT)])
async def test_a_letter_that_is_not_taken(said: str, outcome: Outcome) -> None:
    async with running_mail() as box:
        box.data.append(said)
        answer = (await MailClient(server_of(box)).send(LETTER)).answer
    assert (answer.outcome, answer.code, answer.is_about_message, answer.is_configuration) == (outcome, int(said[:3]), True, False)
    assert box.received == []


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[trustme.CA, Path]]:
    made = trustme.CA()
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    made.cert_pem.write_to_path(str(path))
    yield made, path


def context_of(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
async def test_the_way_is_encrypted_and_the_server_known(authority: tuple[trustme.CA, Path], security: Security) -> None:
    context = context_of(authority[0])
    options = {"starttls": context} if security is Security.STARTTLS else {"tls": context}
    with serving_mail(Mailbox(), **options) as box:
        server = Server("127.0.0.1", box.port, security, ca_file=authority[1], timeout_seconds=5)
        assert (await MailClient(server).send(LETTER)).answer.outcome is Outcome.OK
        stranger = (await MailClient(replace(server, ca_file=None)).send(LETTER)).answer
        in_the_clear = (await MailClient(replace(server, security=Security.NONE, timeout_seconds=0.5)).send(LETTER)).answer
    assert len(box.received) == 1
    assert (stranger.outcome, stranger.is_configuration) == (Outcome.PERMANENT, True)
    assert in_the_clear.outcome is not Outcome.OK


async def test_a_login_that_is_refused_needs_repair_and_tells_no_password(authority: tuple[trustme.CA, Path]) -> None:
    with serving_mail(Mailbox(user=("sales", "right-horse")), starttls=context_of(authority[0])) as box:
        server = Server("127.0.0.1", box.port, Security.STARTTLS, "sales", "right-horse", authority[1], 5)
        assert (await MailClient(server).send(LETTER)).answer.outcome is Outcome.OK
        assert box.sessions == [(True, "sales")]
        wrong = (await MailClient(replace(server, password="wrong-horse")).send(LETTER)).answer
    assert (wrong.outcome, wrong.code, wrong.is_configuration) == (Outcome.PERMANENT, 535, True)
    assert "horse" not in f"{wrong.message}{server}"


async def test_a_server_that_is_away_or_slow_is_tried_again() -> None:
    away = Server("127.0.0.1", ports.any_free(), Security.NONE, timeout_seconds=1)
    assert (await MailClient(away).send(LETTER)).answer.outcome is Outcome.RETRY
    async with running_mail() as box:
        box.delay = 2
        slow = await MailClient(replace(server_of(box), timeout_seconds=0.3)).send(LETTER)
        box.delay = 0
        assert (slow.answer.outcome, len(box.received)) == (Outcome.RETRY, 1)
        assert (await MailClient(server_of(box)).send(LETTER)).answer.outcome is Outcome.OK
    assert box.message_ids == ["<one@hengyu.example>"] * 2


async def test_what_cannot_be_written_is_never_sent() -> None:
    async with running_mail() as box:
        answer = (await MailClient(server_of(box)).send(replace(LETTER, to=["not an address"]))).answer
    assert (answer.outcome, answer.is_about_message, box.received) == (Outcome.PERMANENT, True, [])


def test_a_temporary_refusal_among_others_is_worth_another_try() -> None:
    answer = wire.of_refused({"a@x.example": (550, "no"), "b@x.example": (451, "later")}, ["a@x.example", "b@x.example"])
    assert (answer.outcome, answer.code) == (Outcome.RETRY, 451)


def settings(**fields: Any) -> Settings:
    return Settings(_env_file=None, **fields)


@pytest.mark.parametrize("fields", [
    {"smtp_host": "mail.example.com"},
    {"smtp_host": "mail.example.com", "smtp_from": "a@example.com", "smtp_security": "none"},
    {"smtp_host": "mail.example.com", "smtp_from": "a@example.com", "smtp_security": "ssl"},
])  # fmt: skip
def test_settings_that_cannot_work_are_refused(fields: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="smtp|SMTP"):
        settings(**fields)


async def test_the_doctor_signs_in_and_says_what_is_wrong() -> None:
    assert mail_server(settings()) is None
    assert (await examine_mail(settings()))[0] is True
    assert mail_server(settings(smtp_host="m.example", smtp_from="a@m.example", smtp_security="tls")) == Server(
        "m.example", 465, Security.TLS
    )
    async with running_mail() as box:
        given = {
            "smtp_host": "127.0.0.1",
            "smtp_port": box.port,
            "smtp_from": "a@m.example",
            "smtp_security": "none",
            "smtp_timeout_seconds": 2,
        }
        assert await examine_mail(settings(**given)) == (True, f"mail server at 127.0.0.1:{box.port} lets us in")
    is_well, said = await examine_mail(settings(**given))
    assert (is_well, "no answer" in said) == (False, True)
    assert box.received == []
