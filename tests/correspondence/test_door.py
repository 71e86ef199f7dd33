"""The SMTP receiver: takes letters for our address only, and acknowledges what is kept."""

import asyncio
import smtplib
from collections.abc import AsyncIterator
from typing import Any

import aiosmtplib
import pytest
from sqlalchemy import func, select

from backend.core.config import get_settings
from backend.correspondence import jobs
from backend.correspondence.models import EmailMessage
from backend.correspondence.receiving import take
from backend.correspondence.routing import Envelope
from backend.embedded import ports
from backend.integrations.smtp.door import examine_door
from tests.conftest import NOW, Committed
from tests.correspondence.conftest import Post
from tests.correspondence.samples import CUSTOMER, DROPBOX, FOXMAIL, letter
from tests.simulators.mail import Mailbox


@pytest.fixture
async def door(mail_settings: Mailbox, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    """The port of a receiver that runs in this process."""
    monkeypatch.setenv("CHENGDAN_DROPBOX_MAX_MEGABYTES", "1")
    get_settings.cache_clear()
    port = ports.any_free()
    server = await jobs.door().open("127.0.0.1", port)
    async with server:
        yield port


async def bring(port: int, raw: bytes, *to: str, mail_from: str = CUSTOMER) -> Any:
    return await aiosmtplib.send(raw, sender=mail_from, recipients=list(to), hostname="127.0.0.1", port=port, start_tls=False, timeout=20)


async def count(post: Post) -> int:
    return await post.session.scalar(select(func.count()).select_from(EmailMessage)) or 0


async def test_what_is_acknowledged_is_kept(post: Post, door: int) -> None:
    refused, said = await bring(door, FOXMAIL, DROPBOX)
    row = (await post.session.scalars(select(EmailMessage))).one()
    assert refused == {}
    assert said == f"2.0.0 Kept as {row.id}"
    assert (row.subject_id, row.raw_size) == (post.deal.id, len(FOXMAIL))
    await bring(door, FOXMAIL, "LOG+abcdefabcdefabcd@IN.hengyu.example")
    assert await count(post) == 1


async def test_it_passes_nothing_on(post: Post, door: int) -> None:
    with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as refused:
        await bring(door, letter(), "somebody@elsewhere.example")
    assert refused.value.recipients[0].code == 550
    answered, _ = await bring(door, letter(), DROPBOX, "somebody@elsewhere.example")
    assert [answer.code for answer in answered.values()] == [550]
    assert await count(post) == 1
    assert post.box.received == []


async def test_a_letter_that_is_too_large_is_refused(post: Post, door: int) -> None:
    with pytest.raises((aiosmtplib.SMTPDataError, aiosmtplib.SMTPSenderRefused)) as refused:
        await bring(door, letter("长" * 500_000), DROPBOX)
    assert refused.value.code == 552
    assert await count(post) == 0


async def test_while_the_database_is_away_the_sender_keeps_the_letter(door: int, away: None) -> None:
    with pytest.raises(aiosmtplib.SMTPDataError) as refused:
        await bring(door, letter(), DROPBOX)
    assert refused.value.code == 451


async def test_a_stranger_who_talks_nonsense_is_answered(post: Post, door: int) -> None:
    def talk() -> list[int]:
        with smtplib.SMTP("127.0.0.1", door, timeout=20) as client:
            codes = [client.docmd("DATA")[0], client.docmd("MAIL", "FROM:<a@b.example>")[0], client.ehlo()[0]]
            codes += [client.docmd("VRFY", "root")[0], client.docmd("MAIL", "FROM:<>")[0], client.docmd("RCPT", f"TO:<{DROPBOX}>")[0]]
            codes.append(client.data(b"\x00\xff" * 100)[0])
            return codes

    codes = await asyncio.to_thread(talk)
    assert codes[0] >= 500
    assert codes[-3:] == [250, 250, 250]
    row = (await post.session.scalars(select(EmailMessage))).one()
    assert (row.state, row.reason) == ("automatic", "machine"), "a letter without a sender's path is a machine's"


async def test_two_that_come_at_once_are_one(committed: Committed, mail_settings: Mailbox) -> None:
    ids = await asyncio.gather(*(take(letter(message_id="<same@x.example>"), Envelope([DROPBOX], CUSTOMER), NOW) for _ in range(6)))
    assert len(set(ids)) == 1
    async with committed.owner() as session:
        assert await session.scalar(select(func.count()).select_from(EmailMessage)) == 1


async def test_the_doctor_knows_our_door_from_a_strangers(post: Post, door: int, monkeypatch: pytest.MonkeyPatch) -> None:
    async def look(port: int) -> tuple[bool, str]:
        monkeypatch.setenv("CHENGDAN_DROPBOX_LISTEN", f"127.0.0.1:{port}")
        get_settings.cache_clear()
        return await examine_door(get_settings())

    assert await look(door) == (True, f"letters for {DROPBOX} at 127.0.0.1:{door}: taken in by a worker")
    is_well, said = await look(post.box.port)
    assert (is_well, "another program" in said) == (False, True)
    is_well, said = await look(ports.any_free())
    assert (is_well, "the worker will listen there" in said) == (True, True)
