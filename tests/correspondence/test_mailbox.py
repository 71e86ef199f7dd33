"""Reading a mailbox by IMAP: nothing twice, nothing left out, whatever the server does."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import func, select

from backend.core.clock import real_now
from backend.core.config import get_settings
from backend.correspondence import jobs
from backend.correspondence.models import EmailMessage, Mailbox
from backend.integrations.imap.client import opened
from backend.integrations.imap.settings import examine_mailbox, mailbox
from tests.correspondence.conftest import Post
from tests.correspondence.samples import FOXMAIL, letter
from tests.simulators.imap import ImapBox, serving_imap


@pytest.fixture
def box(mail_settings: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[ImapBox]:
    with serving_imap(ImapBox()) as served:
        settings = {"HOST": "127.0.0.1", "PORT": str(served.port), "SECURITY": "none", "USER": served.user[0], "PASSWORD": served.user[1]}
        for name, value in settings.items():
            monkeypatch.setenv(f"CHENGDAN_IMAP_{name}", value)
        get_settings.cache_clear()
        yield served


def today(box: ImapBox, number: int) -> int:
    return box.add(letter(message_id=f"<{number}@x.example>"), real_now().date())


async def count(post: Post) -> int:
    return await post.session.scalar(select(func.count()).select_from(EmailMessage)) or 0


async def test_letters_are_taken_once_and_stay_unread(post: Post, box: ImapBox) -> None:
    box.wants_id = True
    for number in range(3):
        today(box, number)
    assert await jobs.read_mailbox({}) == 3
    assert await jobs.read_mailbox({}) == 0
    today(box, 3)
    assert await jobs.read_mailbox({}) == 1
    assert await count(post) == 4
    known = (await post.session.scalars(select(Mailbox))).one()
    assert (known.name, known.uid_validity, known.last_uid) == ("log@in.hengyu.example@127.0.0.1/INBOX", 7, 4)
    fetched = [one for one in box.commands if one.startswith("UID FETCH") and "BODY" in one]
    assert len(fetched) == 4
    assert all("BODY.PEEK[]" in one for one in fetched)
    assert not any(one.split(" ")[0] in ("STORE", "SELECT", "EXPUNGE") for one in box.commands)


async def test_a_new_folder_is_read_from_last_week_on(post: Post, box: ImapBox) -> None:
    box.add(letter(message_id="<old@x.example>"), date(2025, 1, 1))
    assert await jobs.read_mailbox({}) == 0
    today(box, 1)
    assert await jobs.read_mailbox({}) == 1, "and what lies further back is left alone for good"


async def test_new_numbers_bring_nothing_twice(post: Post, box: ImapBox) -> None:
    for number in range(3):
        today(box, number)
    assert await jobs.read_mailbox({}) == 3
    box.renumber(8)
    today(box, 3)
    await jobs.read_mailbox({})
    assert await count(post) == 4
    known = (await post.session.scalars(select(Mailbox).execution_options(populate_existing=True))).one()
    assert (known.uid_validity, known.last_uid) == (8, 104)


async def test_a_look_goes_on_where_the_connection_broke(post: Post, box: ImapBox) -> None:
    for number in range(4):
        today(box, number)
    box.hangs_up_at = 3
    assert await jobs.read_mailbox({}) == 0
    assert await count(post) == 2
    assert await jobs.read_mailbox({}) == 2
    assert await count(post) == 4


async def test_many_letters_come_in_portions(post: Post, box: ImapBox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "MOST_A_LOOK", 2)
    for number in range(5):
        today(box, number)
    assert [await jobs.read_mailbox({}) for _ in range(4)] == [2, 2, 1, 0]


async def test_of_what_is_too_large_only_the_headers_are_read(post: Post, box: ImapBox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "MEGABYTE", 10)
    box.add(FOXMAIL, real_now().date())
    assert await jobs.read_mailbox({}) == 1
    found = (await post.session.scalars(select(EmailMessage))).one()
    assert (found.is_cut, found.text, found.subject_id, found.raw_size) == (
        True,
        "",
        post.deal.id,
        len(FOXMAIL.partition(b"\r\n\r\n")[0]) + 4,
    )


async def test_what_is_wrong_is_said_without_the_password(post: Post, box: ImapBox, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (await examine_mailbox(get_settings()))[0]
    monkeypatch.setenv("CHENGDAN_IMAP_PASSWORD", "wrong-code")
    get_settings.cache_clear()
    is_well, said = await examine_mailbox(get_settings())
    assert not is_well
    assert "password error" in said
    assert "wrong-code" not in said
    assert await jobs.read_mailbox({}) == 0
    monkeypatch.setenv("CHENGDAN_IMAP_PASSWORD", box.user[1])
    monkeypatch.setenv("CHENGDAN_IMAP_PORT", "1")
    get_settings.cache_clear()
    assert "check CHENGDAN_IMAP_HOST" in (await examine_mailbox(get_settings()))[1]


def test_an_empty_folder_is_no_error(box: ImapBox) -> None:
    server = mailbox(get_settings())
    assert server is not None
    with opened(server) as folder:
        assert (folder.validity, folder.newest, folder.after(0), folder.fetch(5), folder.sizes([5])) == (7, 0, [], None, {})
