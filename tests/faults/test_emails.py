"""E-mail while workers die: what was acknowledged is kept, nothing is kept twice, and a letter goes out as one."""

import asyncio
import signal
import smtplib
from typing import Any

import aiosmtplib
import httpx
import pytest

from backend.embedded import ports
from tests.correspondence.samples import DROPBOX, letter
from tests.factories import make_customer, make_opportunity, make_person
from tests.faults.harness import WITHIN, Held, Site
from tests.simulators.company import owner_session, sign_in
from tests.simulators.installation import eventually
from tests.simulators.mail import Mailbox, serving_mail

KEPT = "select count(*) from email_message where message_id = $1"
FILED = "select state from email_message where message_id = $1"
ENTRIES = "select count(*) from timeline_entry where kind = $1 and body -> 'email' ->> 'id' = $2"
LEASE_ENDS = "update email_delivery set leased_until = now() where is_open returning email_id"
POINTS = {"emails.kept": 0, "emails.entered": 1}
"""Where a worker is held that takes a letter in, and how many letters are kept by then."""


async def bring(port: int, message_id: str) -> str:
    """Brings a letter until it is taken; what the server said."""
    raw = letter(message_id=f"<{message_id}>", from_="strange@elsewhere.example")
    client: dict[str, Any] = {"hostname": "127.0.0.1", "port": port, "start_tls": False, "timeout": 10}

    async def attempt() -> str | None:
        try:
            return (await aiosmtplib.send(raw, sender="strange@elsewhere.example", recipients=[DROPBOX], **client))[1]
        except (aiosmtplib.SMTPException, OSError):
            return None

    return str(await eventually(attempt, WITHIN, "a letter taken in"))


@pytest.mark.parametrize("point", list(POINTS))
async def test_a_letter_that_is_being_taken_in_is_kept_once(site: Site, point: str) -> None:
    port, message_id = ports.any_free(), f"{point}@elsewhere.example"
    settings = {"CHENGDAN_DROPBOX_ADDRESS": DROPBOX, "CHENGDAN_DROPBOX_LISTEN": f"127.0.0.1:{port}"}
    marker = site.installation.home / f"at-{point}"
    site.installation.worker("dies", pause=f"{point}:{marker}", **settings)
    bringing = asyncio.create_task(bring(port, message_id))
    await Held(marker).reached()
    assert await site.installation.value(KEPT, message_id) == POINTS[point]
    site.installation.end("dies", signal.SIGKILL)
    site.installation.worker("lives", **settings)
    said = await bringing
    assert "Kept as" in said
    assert await site.installation.value(KEPT, message_id) == 1
    assert "Kept as" in await bring(port, message_id), "and once more, as a server does that missed the answer"
    assert await site.installation.value(KEPT, message_id) == 1
    assert await site.installation.value(FILED, message_id) == "sorting"
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        await asyncio.to_thread(_relay, port)


def _relay(port: int) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
        client.sendmail("a@b.example", ["c@d.example"], b"x")


async def test_a_letter_whose_sender_was_killed_goes_again_as_the_same(site: Site) -> None:
    async with owner_session(site.installation) as session:
        rep = await make_person(session, login="letters")
        deal = await make_opportunity(session, await make_customer(session, owner=rep))
    with serving_mail(Mailbox()) as box:
        settings = {
            "CHENGDAN_SMTP_HOST": "127.0.0.1", "CHENGDAN_SMTP_PORT": str(box.port), "CHENGDAN_SMTP_SECURITY": "none",
            "CHENGDAN_SMTP_FROM": "sales@hengyu.example",
        }  # fmt: skip
        site.installation.api("mail", **settings)
        made = await _write(site, rep.id, str(deal.id))
        site.installation.end("mail")
        del site.installation.addresses["mail"]
        marker = site.installation.home / "at-emails.sent"
        site.installation.worker("dies", pause=f"emails.sent:{marker}", **settings)
        await Held(marker).reached()
        assert len(box.received) == 1
        assert await site.installation.value(FILED, made["message_id"]) == "pending"
        site.installation.end("dies", signal.SIGKILL)
        await site.installation.value(LEASE_ENDS)
        site.installation.worker("lives", **settings)

        async def is_sent() -> bool:
            noted = await site.installation.value(ENTRIES, "email.sent", made["id"])
            return bool(noted) and await site.installation.value(FILED, made["message_id"]) == "sent"

        await eventually(is_sent, WITHIN, "the letter sent and noted")
        first, second = (message.as_bytes() for _, message in box.received)
        assert first == second, "the same bytes, so that who gets it twice can see that it is one"
        assert box.message_ids == [f"<{made['message_id']}>"] * 2
    assert await site.installation.value(ENTRIES, "email.sent", made["id"]) == 1


async def _write(site: Site, rep: Any, deal: str) -> dict[str, Any]:
    (token,) = await sign_in(site.installation, [rep])
    body = {"subject_type": "opportunity", "subject_id": deal, "to": [{"address": "a@b.example"}], "subject": "报价", "text": "见附件"}
    async with httpx.AsyncClient(base_url=site.installation.addresses["mail"], headers={"Authorization": f"Bearer {token}"}) as client:
        answer = await client.post("/api/v1/emails", json=body, timeout=30)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made
